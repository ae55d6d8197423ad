"""The projection: groups and projects, the versions of accounts, tickets with what was written, and hours."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from libs.events import ticket_places
from libs.events.catalogue import CATALOGUE
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
from libs.events.catalogue.intake import TicketEdited, TicketOpened
from libs.events.catalogue.sla import CalendarCompiled, WorkingHoursChanged
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.routing.domain import tickets
from services.routing.domain.kinds import GROUP, PROJECT
from services.routing.store import accounts, hours
from services.routing.store import tickets as store
from services.routing.store.accounts import AccountVersion

ACCOUNT_TYPES = {AccountCreated.TYPE, AccountChanged.TYPE}
NAMED = {
    GroupCreated.TYPE: GROUP,
    GroupChanged.TYPE: GROUP,
    ProjectCreated.TYPE: PROJECT,
    ProjectChanged.TYPE: PROJECT,
}
HOURS_TYPES = {WorkingHoursChanged.TYPE, CalendarCompiled.TYPE}


class Facts:
    sources = ("accounts", "intake", "sla")
    version = 5
    tables = Path(__file__).parents[1] / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        await _fold_named(connection, events)
        await _fold_accounts(connection, events)
        await _fold_tickets(connection, events)
        await _fold_hours(connection, events)
        await ticket_places.fold(connection, events)


async def _fold_named(connection: Connection, events: Sequence[Event]) -> None:
    found = {UUID(event.entity): NAMED[event.type] for event in events if event.type in NAMED}
    if found:
        await accounts.keep_named(connection, found)


async def _fold_accounts(connection: Connection, events: Sequence[Event]) -> None:
    found = [_account_version(event) for event in events if event.type in ACCOUNT_TYPES]
    if found:
        await accounts.keep_accounts(connection, found)
    gone = [UUID(event.entity) for event in events if event.type == AccountDeleted.TYPE]
    if gone:
        await accounts.forget_accounts(connection, gone)


async def _fold_tickets(connection: Connection, events: Sequence[Event]) -> None:
    heeded = [event for event in events if event.type in tickets.HEEDED]
    if not heeded:
        return
    known = await store.tickets(connection, {UUID(event.entity) for event in heeded})
    for event in heeded:
        entity, data = UUID(event.entity), CATALOGUE.read(event)
        known[entity] = tickets.evolve(known.get(entity), data, event.time, event.version)
        match data:
            case TicketOpened(subject=subject, text=text):
                await store.keep_words(connection, entity, subject, text)
            case TicketEdited(subject=str(subject)):
                await store.keep_subject(connection, entity, subject)
    await store.keep_tickets(connection, known)


async def _fold_hours(connection: Connection, events: Sequence[Event]) -> None:
    for event in events:
        if event.type in HOURS_TYPES:
            match CATALOGUE.read(event):
                case WorkingHoursChanged() as changed:
                    await hours.keep_hours(connection, changed, event.time)
                case CalendarCompiled() as calendar:
                    await hours.keep_calendar(connection, calendar)


def _account_version(event: Event) -> AccountVersion:
    facts = CATALOGUE.read(event)
    assert isinstance(facts, AccountFacts)
    return AccountVersion(
        account_id=UUID(event.entity),
        version=event.version,
        since=event.time,
        attitude=facts.attitude,
        product_types=[service.product_type for service in facts.services],
        expenses=facts.expenses,
        group_id=facts.group_id,
    )
