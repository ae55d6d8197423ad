"""What sla takes in: departments, and of tickets who waits since when, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from libs.events import ticket_places
from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountFacts,
    GroupChanged,
    GroupCreated,
    ProjectChanged,
    ProjectCreated,
)
from libs.events.catalogue.intake import (
    ClientReplied,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
)
from libs.events.catalogue.routing import (
    CategoryChanged,
    CategoryCreated,
    CategoryFacts,
    DepartmentChanged,
    DepartmentCreated,
    DepartmentFacts,
)
from libs.events.commands import caused_by
from libs.events.envelope import Event
from libs.events.log import Key
from libs.events.projection import Connection, Decider
from services.sla.deadlines import Deadlines
from services.sla.judging import Judge, Occasion
from services.sla.store import register, tickets
from services.sla.store.register import AccountTold, Begun, Ended, Placed, Told
from services.sla.store.tickets import ANSWER, RESOLUTION

_TICKETS = (
    TicketOpened,
    ClientReplied,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketRouted,
    TicketTransferred,
    TicketEdited,
    TicketReopened,
)
_ACCOUNTS = (AccountCreated, AccountChanged)
_OTHERS = (
    AccountDeleted,
    GroupCreated,
    GroupChanged,
    ProjectCreated,
    ProjectChanged,
    DepartmentCreated,
    DepartmentChanged,
    CategoryCreated,
    CategoryChanged,
)
_MATTERS = frozenset(event.TYPE for event in (*_TICKETS, *_ACCOUNTS, *_OTHERS))
_TO_JUDGE = frozenset(event.TYPE for event in _TICKETS if event is not TicketOpened)
"""Of a ticket that was only opened nothing can be said: it has no department yet."""
_ACCOUNT_TYPES = frozenset(event.TYPE for event in _ACCOUNTS)


class Register:
    """The projection: departments, waits, placements, and what targets ask. Nothing in it depends on two sources at once.

    The accounts are followed for the keys that tokens are checked with, too.
    """

    sources = ("accounts", "intake", "routing")
    version = 5
    tables = Path(__file__).parent / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        batch = _Batch()
        for event in events:
            if event.type in _MATTERS:
                data = CATALOGUE.read(event)
                batch.note(event, data)
                await _keep(connection, UUID(event.entity), data)
        await batch.write(connection)
        await ticket_places.fold(connection, events)


@dataclass
class _Batch:
    """Rows of which there are many."""

    begun: list[Begun] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    belonging: dict[UUID, UUID] = field(default_factory=dict)
    accounts: list[AccountTold] = field(default_factory=list)
    forgotten: list[UUID] = field(default_factory=list)
    """Accounts that were deleted, of which nothing comes after that."""

    def note(self, event: Event, data: EventData) -> None:
        self._note_waits(event, data)
        self._note_traits(event, data)
        match data:
            case TicketRouted(department_id=department) | TicketTransferred(department_id=department):
                self.placed.append(Placed(UUID(event.entity), event.time, event.version, department))
            case AccountFacts():
                self.accounts.append(_told(UUID(event.entity), event.time, event.version, data))
            case AccountDeleted():
                self.forgotten.append(UUID(event.entity))

    def _note_waits(self, event: Event, data: EventData) -> None:
        entity, at, version = UUID(event.entity), event.time, event.version
        if isinstance(data, TicketOpened | TicketReopened):
            self.begun.append(Begun(entity, RESOLUTION, at, version))
        match data:
            case TicketOpened(waiting_since=since) | ClientReplied(waiting_since=since) if since:
                self.begun.append(Begun(entity, ANSWER, since, version))
            case TicketAnswered():
                self.ended.append(Ended(entity, ANSWER, at, version))
            case TicketClosed() | TicketDeleted():
                self.ended += [Ended(entity, clock, at, version) for clock in (ANSWER, RESOLUTION)]

    def _note_traits(self, event: Event, data: EventData) -> None:
        entity, at, version = UUID(event.entity), event.time, event.version
        if isinstance(data, TicketOpened):
            self.belonging[entity] = data.account_id
        match data:
            case TicketOpened(urgency=urgency, project_id=project) | TicketEdited(urgency=urgency, project_id=project):
                self.told.append(Told(entity, at, version, urgency.value, project, tells_project=True))
            case TicketRouted(urgency=urgency) if urgency:
                self.told.append(Told(entity, at, version, urgency.value, None, tells_project=False))

    async def write(self, connection: Connection) -> None:
        await register.keep_waits(connection, self.begun, self.ended)
        await register.keep_placements(connection, self.placed)
        await register.keep_traits(connection, self.told)
        await register.keep_ticket_accounts(connection, self.belonging)
        await register.keep_accounts(connection, self.accounts)
        await register.forget_accounts(connection, self.forgotten)


def _told(account: UUID, at: datetime, version: int, facts: AccountFacts) -> AccountTold:
    types = orjson.dumps(sorted({service.product_type for service in facts.services})).decode()
    return AccountTold(account, at, version, facts.attitude.value, facts.group_id, facts.project_id, types)


async def _keep(connection: Connection, entity: UUID, data: EventData) -> None:
    """What there are few of."""
    match data:
        case DepartmentFacts(name=name):
            await register.keep_department(connection, entity, name)
        case CategoryFacts():
            await register.keep_category(connection, entity, data)
        case GroupCreated() | GroupChanged():
            await register.keep_named(connection, entity, "group")
        case ProjectCreated() | ProjectChanged():
            await register.keep_named(connection, entity, "project")


class Decisions(Decider):
    """The decider: each ticket of which something has become known is judged."""

    def __init__(self, judge: Judge, deadlines: Deadlines) -> None:
        self._judge = judge
        self._deadlines = deadlines

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        last = {UUID(event.entity): event for event in events if event.type in _TO_JUDGE}
        occasions = {
            ticket: Occasion(caused_by(event, "sla"), Key(f"decision:{event.id}:judged"))
            for ticket, event in last.items()
        }
        occasions |= await self._of_accounts(connection, events)
        return await self._judge.judge(connection, occasions) if occasions else None

    async def _of_accounts(self, connection: Connection, events: Sequence[Event]) -> dict[UUID, Occasion]:
        """The tickets that waited when their account was changed, or after it; if any target asks what accounts tell."""
        told = {UUID(event.entity): event for event in reversed(events) if event.type in _ACCOUNT_TYPES}
        if not told or not (await self._judge.plans.targets(connection)).asks_accounts:
            return {}
        touched = await tickets.of_accounts(connection, {account: event.time for account, event in told.items()})
        return {
            ticket: Occasion(caused_by(told[account], "sla"), Key(f"decision:{told[account].id}:judged:{ticket}"))
            for ticket, account in touched
        }

    async def progress(
        self,
        connection: Connection,  # noqa: ARG002 - what falls due is said in transactions of its own
        source: str,
        instant: datetime,
    ) -> int | None:
        if source != "routing":
            self._deadlines.complete(source, instant)
        return None
