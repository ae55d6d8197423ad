"""Trying rules on tickets that are there, without any effect."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.service.rights import Right, Staff
from services.routing.domain.organisation import Organisation
from services.routing.domain.trying import Comparison, Outcome, outcome
from services.routing.judge import case_of
from services.routing.store import cases
from services.routing.store.cases import KnownTicket

CHUNK = 100
"""Tickets between two looks at whether anybody still listens: some milliseconds even with many rules."""
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Trial:
    """The present organisation, and the one that is tried; both by the rules as they are at `now`."""

    present: Organisation
    tried: Organisation
    now: datetime

    def compare(self, known: KnownTicket) -> tuple[Outcome, Outcome]:
        """What is made of a ticket now, and what would be."""
        return outcome(case_of(known, self.present, self.now)), outcome(case_of(known, self.tried, self.now))

    @property
    def asks_about_words(self) -> bool:
        return self.present.asks_about_words or self.tried.asks_about_words


async def try_on_tickets(
    pool: asyncpg.Pool, trial: Trial, since: datetime, staff: Staff
) -> AsyncGenerator[tuple[int, Comparison], None]:
    """How many tickets there are since then, and the comparison so far, again and again until it has seen them all.

    Only tickets that `staff` may read are named as examples.
    """
    total, comparison = await cases.count_since(pool, since, trial.now), Comparison()
    yield total, comparison
    after = _FIRST
    while found := await cases.tickets_since(pool, since, trial.now, after, CHUNK, with_words=trial.asks_about_words):
        for known in found:
            ticket = known.ticket
            may_read = Right.READ in staff.on_ticket(ticket.department_id, ticket.responsible_id)
            comparison.add(known.ticket_id, *trial.compare(known), is_example=may_read)
        since, after = found[-1].ticket.opened_at, found[-1].ticket_id
        yield total, comparison
