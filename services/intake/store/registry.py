"""What others have told: accounts, users, projects, departments, categories."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from libs.events.catalogue.accounts import AccountFacts, UserFacts
from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts
from libs.events.log import Executor
from libs.events.projection import Connection
from services.intake.domain.categories import Category, Chooser

# --- keeping it -----------------------------------------------------------------------------------


async def keep_account(connection: Connection, account_id: UUID, account: AccountFacts) -> None:
    await connection.execute(
        "insert into accounts (id, project_id, product_types, enabled) values ($1, $2, $3, $4)"
        " on conflict (id) do update set project_id = $2, product_types = $3, enabled = $4",
        account_id,
        account.project_id,
        sorted({service.product_type for service in account.services}),
        account.enabled,
    )


async def forget_account(connection: Connection, account_id: UUID) -> None:
    """Without it and its users, nothing is submitted for it any more."""
    await connection.execute("delete from users where account_id = $1", account_id)
    await connection.execute("delete from accounts where id = $1", account_id)


async def keep_user(connection: Connection, user_id: UUID, user: UserFacts) -> None:
    await connection.execute(
        "insert into users (id, account_id, enabled, email) values ($1, $2, $3, $4)"
        " on conflict (id) do update set account_id = $2, enabled = $3, email = $4",
        user_id,
        user.account_id,
        user.enabled,
        user.email.strip().lower(),
    )


async def forget_user(connection: Connection, user_id: UUID) -> None:
    await connection.execute("delete from users where id = $1", user_id)


async def keep_project(connection: Connection, project_id: UUID) -> None:
    await connection.execute("insert into projects (id) values ($1) on conflict do nothing", project_id)


async def keep_department(connection: Connection, department_id: UUID, department: DepartmentFacts) -> None:
    await connection.execute(
        "insert into departments (id, enabled) values ($1, $2) on conflict (id) do update set enabled = $2",
        department_id,
        department.enabled,
    )


async def keep_category(connection: Connection, category_id: UUID, category: CategoryFacts) -> None:
    await connection.execute(
        "insert into categories (id, name, place, product_types, enabled, project_id) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (id) do update set name = $2, place = $3, product_types = $4, enabled = $5, project_id = $6",
        category_id,
        category.name,
        category.order,
        category.product_types,
        category.enabled,
        category.project_id,
    )


# --- looking it up --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Editing:
    """What has to be known to judge an edit; None for what is not known."""

    category: Category | None
    account: Chooser
    """Whose ticket it is."""
    knows_project: bool
    subject: str | None
    """The ticket's, as it is now."""


async def editing(
    executor: Executor, ticket: UUID, account: UUID, category: UUID | None, project: UUID | None
) -> Editing:
    row = await executor.fetchrow(_EDITING, ticket, account, category, project)
    assert row is not None
    return Editing(
        category=category_of(row),
        account=chooser_of(row),
        knows_project=row["knows_project"],
        subject=row["subject"],
    )


def category_of(row: asyncpg.Record) -> Category | None:
    """The columns are those of CATEGORY_COLUMNS."""
    products = row["category_products"]
    return (
        Category(frozenset(products), row["category_enabled"], row["category_project"])
        if products is not None
        else None
    )


def chooser_of(row: asyncpg.Record) -> Chooser:
    """The columns are those of CHOOSER_COLUMNS."""
    return Chooser(frozenset(row["account_products"] or ()), row["account_project"])


@dataclass(frozen=True, slots=True)
class Named:
    """A category as it is offered; `order` is its place in the list."""

    id: UUID
    name: str
    order: int


async def categories_open_to(executor: Executor, account: UUID) -> list[Named]:
    """By their order; none for an account that is not known or not enabled."""
    rows = await executor.fetch(_CATEGORIES, account)
    return [
        Named(row["id"], row["name"], row["place"])
        for row in rows
        if (category := category_of(row)) and category.is_open_to(chooser_of(row))
    ]


async def has_enabled_department(executor: Executor, department_id: UUID) -> bool:
    known: bool = await executor.fetchval(
        "select exists (select from departments where id = $1 and enabled)", department_id
    )
    return known


CATEGORY_COLUMNS = """
c.product_types as category_products, c.enabled as category_enabled, c.project_id as category_project
"""
CHOOSER_COLUMNS = "a.product_types as account_products, a.project_id as account_project"
# The subject is nowhere but in the events, so that there is but one place to erase it.
_EDITING = f"""
select {CATEGORY_COLUMNS}, {CHOOSER_COLUMNS},
       exists (select from projects where id = $4) as knows_project,
       (select l.envelope #>> '{{data,subject}}' from log l
         where l.entity = $1 and l.type in ('ticket.opened.v1', 'ticket.edited.v1')
           and l.envelope #>> '{{data,subject}}' is not null
         order by l.version desc limit 1) as subject
  from (select 1) as one
  left join categories c on c.id = $3
  left join accounts a on a.id = $2
"""  # noqa: S608 - columns
_CATEGORIES = f"""
select c.id, c.name, c.place, {CATEGORY_COLUMNS}, {CHOOSER_COLUMNS}
  from accounts a cross join categories c
 where a.id = $1 and a.enabled and c.enabled
 order by c.place, c.id
"""  # noqa: S608 - columns
