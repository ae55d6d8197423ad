"""The projection: whom intake may believe, and what tickets may be about and go to."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountFacts,
    ProjectChanged,
    ProjectCreated,
    UserChanged,
    UserCreated,
    UserDeleted,
    UserFacts,
)
from libs.events.catalogue.routing import (
    CategoryChanged,
    CategoryCreated,
    CategoryFacts,
    DepartmentChanged,
    DepartmentCreated,
    DepartmentFacts,
)
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.intake.store import registry

MATTERS = {
    model.TYPE
    for model in (
        AccountCreated,
        AccountChanged,
        AccountDeleted,
        UserCreated,
        UserChanged,
        UserDeleted,
        ProjectCreated,
        ProjectChanged,
        DepartmentCreated,
        DepartmentChanged,
        CategoryCreated,
        CategoryChanged,
    )
}


class Registry:
    """Accounts, users, projects, departments and categories, each as it was told last."""

    sources = ("accounts", "routing")
    version = 6
    tables = Path(__file__).parents[1] / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            if event.type in MATTERS:
                await _fold(connection, event)


async def _fold(connection: Connection, event: Event) -> None:
    entity = UUID(event.entity)
    match CATALOGUE.read(event):
        case AccountFacts() as account:
            await registry.keep_account(connection, entity, account)
        case AccountDeleted():
            await registry.forget_account(connection, entity)
        case UserFacts() as user:
            await registry.keep_user(connection, entity, user)
        case UserDeleted():
            await registry.forget_user(connection, entity)
        case ProjectCreated() | ProjectChanged():
            await registry.keep_project(connection, entity)
        case DepartmentFacts() as department:
            await registry.keep_department(connection, entity, department)
        case CategoryFacts() as category:
            await registry.keep_category(connection, entity, category)
