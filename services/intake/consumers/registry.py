"""The projection: whom intake may believe, and which categories there are."""

from collections.abc import Sequence
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
from libs.events.catalogue.routing import CategoryChanged, CategoryCreated, CategoryFacts
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.intake.store import registry

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
    """Accounts, users and categories, each as it was told last."""

    sources = ("accounts", "routing")
    version = 3
    tables = Path(__file__).parents[1] / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            await self._fold(connection, event)

    async def _fold(self, connection: Connection, event: Event) -> None:
        if event.type not in MATTERS:
            return
        entity = UUID(event.entity)
        match CATALOGUE.read(event):
            case AccountFacts() as account:
                await registry.keep_account(connection, entity, account)
            case UserFacts() as user:
                await registry.keep_user(connection, entity, user)
            case CategoryFacts() as category:
                await registry.keep_category(connection, entity, category)
