"""One command on many tickets, each in a transaction of its own: one that is refused holds up no other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.http import ConsistencyToken
from libs.service.idempotency import KeyReused
from libs.service.problems import Problem
from services.intake.commands.tickets import Tickets
from services.intake.store import bulk

Act = Callable[[UUID, Key], Awaitable[Outcome]]

_FIRST_FAULT_OF_OURS = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one ticket: nothing but its id when it was done."""

    ticket_id: UUID
    problem: bulk.Problem | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """In the order of the request; `token` is of the last that was done, if one was."""

    items: Sequence[Result]
    token: ConsistencyToken | None


@dataclass(frozen=True)
class Bulk:
    tickets: Tickets

    async def carry_out(self, ticket_ids: Sequence[UUID], key: Key, act: Act) -> Results:
        """Do to each what `act` does. A retry does what is still to be done, and answers the same.

        What could not be done for a fault of ours is none of the results that are kept: the retry tries it again.
        Raises KeyReused when the key stood for another request.
        """
        pool = self.tickets.log.pool
        if not await bulk.begin(pool, key):
            raise KeyReused
        keys = {ticket: Key(f"{key.value}:{ticket}", key.fingerprint) for ticket in ticket_ids}
        done, failed = list[Outcome](), dict[UUID, bulk.Problem]()
        for ticket, own_key in keys.items():
            try:
                done.append(await act(ticket, own_key))
            except Problem as problem:
                if problem.status < _FIRST_FAULT_OF_OURS:
                    await bulk.refuse(pool, own_key, ticket, problem.body())
                else:
                    failed[ticket] = problem.body()
        refused = await bulk.refusals(pool, list(keys.values()))
        items = [Result(ticket, failed.get(ticket) or refused.get(own.value)) for ticket, own in keys.items()]
        last = max(done, key=lambda outcome: outcome.position, default=None)
        return Results(items, last.token if last else None)
