"""The decider: judges each ticket that an event may make a difference to, and tells what is different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from libs.events.catalogue.accounts import AccountCreated
from libs.events.commands import caused_by
from libs.events.envelope import Cause, Event
from libs.events.log import Change, Key, Log, NewEvent
from libs.events.projection import Connection
from services.routing.consumers.facts import ACCOUNT_TYPES
from services.routing.domain import judgement, tickets
from services.routing.domain.judgement import Case
from services.routing.domain.kinds import TICKET
from services.routing.domain.organisation import Organisation
from services.routing.store import cases, organisation
from services.routing.store.cases import OpenCase
from services.routing.store.organisation import OrganisationCache

EVER = datetime.min.replace(tzinfo=UTC)
CHUNK = 50
"""Tickets judged at one instant: so few that the log is not declared complete past it meanwhile."""
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


class Judging:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._cache = OrganisationCache()

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        by_ticket = {UUID(event.entity): self._reason(event) for event in events if event.type in tickets.HEEDED}
        by_account = await self._touched_by_accounts(connection, events)
        return await self._judge(connection, by_ticket | by_account)

    async def progress(self, connection: Connection, source: str, instant: datetime) -> int | None:  # noqa: ARG002 - any instant will do
        """Now and then, decide what could not be before: its department is enabled, or its category has another one."""
        if source != "intake":
            return None
        present = await self._cache.current(connection)
        late = await cases.undecided(connection, present.decidable_categories(), LATE)
        reasons = {category_id: await _last_change(connection, present, category_id) for category_id in late.values()}
        return await self._judge(connection, {ticket: reasons[category_id] for ticket, category_id in late.items()})

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

    async def _judge(self, connection: Connection, reasons: Mapping[UUID, Reason]) -> int | None:
        if not reasons:
            return None
        present, position, ids = await self._cache.current(connection), None, sorted(reasons)
        for start in range(0, len(ids), CHUNK):
            keys = {ticket_id: reasons[ticket_id].key(ticket_id) for ticket_id in ids[start : start + CHUNK]}
            for case in await cases.open_cases(connection, keys, self._log.injected_now()):
                reason = reasons[case.ticket_id]
                position = await self._settle(connection, case, present, reason) or position
        return position

    async def _settle(
        self, connection: Connection, case: OpenCase, present: Organisation, reason: Reason
    ) -> int | None:
        """Append what is to be decided on one ticket; None when there is nothing."""
        if case.is_used:
            return None
        events = judgement.judge(case.judged, _judged_by(case, present))
        if not events:
            return None
        state = case.judged
        for event in events:
            state = judgement.evolve(state, event, case.now)
        written = state.model_dump_json(exclude_none=True).encode()
        change = Change(case.ticket_id, TICKET, case.version, [NewEvent(event) for event in events], written)
        key = Key(reason.key(case.ticket_id))
        return await self._log.append([change], reason.cause, case.now, key=key, executor=connection)


def _judged_by(case: OpenCase, present: Organisation) -> Case:
    return Case(
        ticket=case.ticket,
        account=case.account,
        rules=present.rules_at(case.ticket.opened_at),
        department_id=present.department_for(case.ticket.category_id),
    )


async def _last_change(connection: Connection, present: Organisation, category_id: UUID) -> Reason:
    """Of a category, or of the department it points to."""
    department_id = present.categories[category_id].default_department_id
    return Reason(await organisation.last_change(connection, [category_id, department_id]), OWN)
