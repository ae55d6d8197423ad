"""What others have told: accounts, users, categories."""

from uuid import UUID

from libs.events.catalogue.accounts import AccountFacts, UserFacts
from libs.events.catalogue.routing import CategoryFacts
from libs.events.projection import Connection


async def keep_account(connection: Connection, account_id: UUID, account: AccountFacts) -> None:
    await connection.execute(
        "insert into accounts (id, project_id, product_types, enabled) values ($1, $2, $3, $4)"
        " on conflict (id) do update set project_id = $2, product_types = $3, enabled = $4",
        account_id,
        account.project_id,
        sorted({service.product_type for service in account.services}),
        account.enabled,
    )


async def keep_user(connection: Connection, user_id: UUID, user: UserFacts) -> None:
    await connection.execute(
        "insert into users (id, account_id, enabled) values ($1, $2, $3)"
        " on conflict (id) do update set account_id = $2, enabled = $3",
        user_id,
        user.account_id,
        user.enabled,
    )


async def keep_category(connection: Connection, category_id: UUID, category: CategoryFacts) -> None:
    await connection.execute(
        "insert into categories (id, product_types, enabled) values ($1, $2, $3)"
        " on conflict (id) do update set product_types = $2, enabled = $3",
        category_id,
        category.product_types,
        category.enabled,
    )
