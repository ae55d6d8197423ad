"""The decider: judges each ticket that an event may make a difference to, and tells what is different."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from libs.events.catalogue.accounts import AccountCreated
from libs.events.catalogue.intake import TicketDeleted
from libs.events.commands import caused_by
from libs.events.envelope import Cause, Event
from libs.events.log import Log
from libs.events.projection import Connection, Decider
from services.routing.consumers.facts import ACCOUNT_TYPES, HOURS_TYPES
from services.routing.domain import tickets
from services.routing.domain.organisation import Organisation
from services.routing.judge import Judge
from services.routing.store import cases, organisation, rejudgements

EVER = datetime.min.replace(tzinfo=UTC)
LATE = 500
"""Tickets that get their department late, in one transaction."""
OWN = "own"
"""Stands for the epoch of routing's own log, which is never judged once more."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a ticket is judged: an event of an epoch of some log.

    A log that was restored is judged once more, and what was lost with it may have to be taken back for a reason that
    was one before; so the same event decides once in each epoch.
    """

    cause: Cause
    epoch: str

    def key(self, ticket_id: UUID) -> str:
        return f"decision:{self.epoch}:{self.cause.causation}:judged:{ticket_id}"


class Judging(Decider):
    def __init__(self, log: Log, judge: Judge | None = None) -> None:
        self._log = log
        self._judge = judge or Judge(log)

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        gone = [UUID(event.entity) for event in events if event.type == TicketDeleted.TYPE]
        if gone:
            await rejudgements.forget(connection, gone)
        by_ticket = {UUID(event.entity): self._reason(event) for event in events if event.type in tickets.JUDGED}
        by_account = await self._touched_by_accounts(connection, events)
        by_hours = await self._touched_by_hours(connection, events)
        return await self._judge.judge(connection, by_hours | by_ticket | by_account)

    async def progress(self, connection: Connection, source: str, instant: datetime) -> int | None:  # noqa: ARG002 - any instant will do
        """Now and then, decide what could not be before: its department is enabled, or its category has another one."""
        if source != "intake":
            return None
        present = await self._judge.organisation(connection)
        late = await cases.undecided(connection, present.decidable_categories(), LATE)
        reasons = {category_id: await _last_change(connection, present, category_id) for category_id in late.values()}
        return await self._judge.judge(
            connection, {ticket: reasons[category_id] for ticket, category_id in late.items()}
        )

    def _reason(self, event: Event) -> Reason:
        return Reason(caused_by(event, self._log.service), event.epoch)

    async def _touched_by_accounts(self, connection: Connection, events: Sequence[Event]) -> dict[UUID, Reason]:
        """The tickets that were waiting when their account was changed; all, of an account not known before."""
        since: dict[UUID, datetime] = {}
        reasons: dict[UUID, Reason] = {}
        for event in events:
            if event.type in ACCOUNT_TYPES:
                account_id = UUID(event.entity)
                since.setdefault(account_id, EVER if event.type == AccountCreated.TYPE else event.time)
                reasons[account_id] = self._reason(event)
        touched = await cases.tickets_of(connection, since) if since else []
        return {ticket_id: reasons[account_id] for ticket_id, account_id in touched}

    async def _touched_by_hours(self, connection: Connection, events: Sequence[Event]) -> dict[UUID, Reason]:
        """The tickets that came after hours were changed, and before that was known: few, if any."""
        changed = [event for event in events if event.type in HOURS_TYPES]
        if not changed:
            return {}
        touched = await cases.opened_since(connection, min(event.time for event in changed))
        return dict.fromkeys(touched, self._reason(changed[-1]))


async def _last_change(connection: Connection, present: Organisation, category_id: UUID) -> Reason:
    """Of a category, or of the department it points to."""
    department_id = present.categories[category_id].default_department_id
    return Reason(await organisation.last_change(connection, [category_id, department_id]), OWN)
