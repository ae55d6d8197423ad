"""The projection: groups and projects, the versions of accounts, and tickets."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from libs.events import ticket_places
from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountFacts,
    GroupChanged,
    GroupCreated,
    ProjectChanged,
    ProjectCreated,
)
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.routing.domain import tickets
from services.routing.domain.kinds import GROUP, PROJECT
from services.routing.store import cases
from services.routing.store.cases import AccountVersion

ACCOUNT_TYPES = {AccountCreated.TYPE, AccountChanged.TYPE}
NAMED = {
    GroupCreated.TYPE: GROUP,
    GroupChanged.TYPE: GROUP,
    ProjectCreated.TYPE: PROJECT,
    ProjectChanged.TYPE: PROJECT,
}


class Facts:
    sources = ("accounts", "intake")
    version = 4
    tables = Path(__file__).parents[1] / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        await _fold_named(connection, events)
        await _fold_accounts(connection, events)
        await _fold_tickets(connection, events)
        await ticket_places.fold(connection, events)


async def _fold_named(connection: Connection, events: Sequence[Event]) -> None:
    found = {UUID(event.entity): NAMED[event.type] for event in events if event.type in NAMED}
    if found:
        await cases.keep_named(connection, found)


async def _fold_accounts(connection: Connection, events: Sequence[Event]) -> None:
    found = [_account_version(event) for event in events if event.type in ACCOUNT_TYPES]
    if found:
        await cases.keep_accounts(connection, found)


async def _fold_tickets(connection: Connection, events: Sequence[Event]) -> None:
    heeded = [event for event in events if event.type in tickets.HEEDED]
    if not heeded:
        return
    known = await cases.tickets(connection, {UUID(event.entity) for event in heeded})
    for event in heeded:
        entity = UUID(event.entity)
        known[entity] = tickets.evolve(known.get(entity), CATALOGUE.read(event), event.time, event.version)
    await cases.keep_tickets(connection, known)


def _account_version(event: Event) -> AccountVersion:
    facts = CATALOGUE.read(event)
    assert isinstance(facts, AccountFacts)
    return AccountVersion(
        account_id=UUID(event.entity),
        version=event.version,
        since=event.time,
        attitude=facts.attitude,
        services=len(facts.services),
        expenses=facts.expenses,
    )
