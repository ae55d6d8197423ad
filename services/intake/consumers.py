"""What intake takes in: whom it may believe, which categories there are, and routing's decisions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountFacts,
    UserChanged,
    UserCreated,
    UserFacts,
)
from libs.events.catalogue.routing import CategoryChanged, CategoryCreated, CategoryFacts, DepartmentDecided
from libs.events.commands import caused_by
from libs.events.envelope import Event
from libs.events.log import Key, Log
from libs.events.projection import Connection
from services.intake import domain, store

MATTERS = {
    model.TYPE
    for model in (
        AccountCreated,
        AccountChanged,
        UserCreated,
        UserChanged,
        CategoryCreated,
        CategoryChanged,
    )
}


class Registry:
    """The projection: accounts, users and categories, each as it was told last."""

    sources = ("accounts", "routing")
    version = 3
    tables = Path(__file__).parent / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            await self._fold(connection, event)

    async def _fold(self, connection: Connection, event: Event) -> None:
        if event.type not in MATTERS:
            return
        entity = UUID(event.entity)
        match CATALOGUE.read(event):
            case AccountFacts() as account:
                await store.keep_account(connection, entity, account)
            case UserFacts() as user:
                await store.keep_user(connection, entity, user)
            case CategoryFacts() as category:
                await store.keep_category(connection, entity, category)


class Adoption:
    """The decider: routing's decisions become facts of the ticket, unless a person was faster."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        position = None
        for event in events:
            if event.type == DepartmentDecided.TYPE:
                position = await self._adopt(connection, event) or position
        return position

    async def progress(self, connection: Connection, source: str, instant: datetime) -> int | None: ...

    async def _adopt(self, connection: Connection, event: Event) -> int | None:
        decided = CATALOGUE.read(event)
        assert isinstance(decided, DepartmentDecided)
        ticket_id, key = UUID(event.entity), Key(f"decision:{event.id}:adopted")
        loaded = await self._log.load(ticket_id, key, connection, lock=True)
        ticket = store.ticket_of(loaded)
        if loaded.used or ticket is None or ticket.status is domain.Status.DELETED:
            return None
        draft = domain.Draft(ticket, loaded.version, loaded.now)
        change = domain.adopt(
            draft, decided.department_id, decided.responsible_id, decided.judged_version, UUID(event.id)
        )
        if not change.events:
            return None
        appended = store.change(ticket_id, loaded.version, change)
        return await self._log.append(
            [appended], caused_by(event, self._log.service), loaded.now, key=key, executor=connection
        )
