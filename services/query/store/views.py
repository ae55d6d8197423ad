"""All SQL about named views."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
import orjson

from libs.events.log import Executor, Key
from libs.service.http import to_json
from services.query.domain.orders import Filters
from services.query.domain.views import Sharing, View


async def used_key(executor: Executor, key: Key) -> tuple[str, UUID] | None:
    """The fingerprint of what a key was used for, and the view that it made."""
    row = await executor.fetchrow("select fingerprint, entity from idempotency where key = $1", key.value)
    return (row["fingerprint"], row["entity"]) if row else None


async def lock(executor: Executor) -> None:
    """From here to the end of the transaction nobody else changes a view; and everybody is told that one has changed."""
    await executor.execute("update view_changes set seen = (seen + 1) & 1073741823")


async def revision(executor: Executor) -> int:
    """Another one after each change of any view."""
    found: int = await executor.fetchval("select seen from view_changes")
    return found


async def count_of(executor: Executor, owner: UUID) -> int:
    found: int = await executor.fetchval("select count(*) from views where owner_id = $1", owner)
    return found


async def add(executor: Executor, view: View, key: Key) -> None:
    await executor.execute(
        "insert into idempotency (key, fingerprint, entity) values ($1, $2, $3)", key.value, key.fingerprint, view.id
    )
    await executor.execute(_ADD, *_values(view))


async def replace(executor: Executor, view: View) -> None:
    await executor.execute(_REPLACE, *_values(view))


async def delete(executor: Executor, view: UUID) -> None:
    await executor.execute("delete from views where id = $1", view)


async def find(executor: Executor, view: UUID) -> View | None:
    row = await executor.fetchrow(f"{_SELECT} where id = $1", view)
    return _view(row) if row else None


async def all_of(executor: Executor, owner: UUID | None) -> list[View]:
    """An administrator's own views, and all that are shared by anybody."""
    rows = await executor.fetch(f"{_SELECT} where owner_id = $1 or {_SHARED}", owner)
    return [_view(row) for row in rows]


async def wished(executor: Executor, views: Collection[UUID], owners: Collection[UUID], *, shared: bool) -> list[View]:
    """These views, those of these owners, and maybe all that are shared."""
    where = f"id = any($1) or owner_id = any($2) or ($3 and ({_SHARED}))"
    rows = await executor.fetch(f"{_SELECT} where {where}", [*views], [*owners], shared)
    return [_view(row) for row in rows]


async def order_of(executor: Executor, administrator: UUID) -> list[UUID]:
    return await executor.fetchval("select view_ids from view_orders where administrator = $1", administrator) or []


async def keep_order(executor: Executor, administrator: UUID, views: Sequence[UUID]) -> None:
    await executor.execute(_KEEP_ORDER, administrator, views)


def _values(view: View) -> tuple[object, ...]:
    filters = to_json(view.filters.model_dump(mode="json", exclude_unset=True)).decode()
    shared = (view.sharing.everybody, list(view.sharing.department_ids))
    what = (view.name, filters, view.sort, view.order, list(view.columns), *shared)
    return view.id, view.version, view.owner, *what, view.created_at, view.changed_at


def _view(row: asyncpg.Record) -> View:
    return View(
        id=row["id"],
        version=row["version"],
        owner=row["owner_id"],
        name=row["name"],
        filters=Filters.model_validate(orjson.loads(row["filters"])),
        sort=row["sort"],
        order=row["order"],
        columns=tuple(row["columns"]),
        sharing=Sharing(row["is_for_all"], tuple(row["department_ids"])),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )


_COLUMNS = """id, version, owner_id, name, filters, sort, "order", columns, is_for_all, department_ids, created_at,
       changed_at"""
_SELECT = f"select {_COLUMNS} from views"  # noqa: S608 - columns
_SHARED = "is_for_all or department_ids <> '{}'"
_ADD = f"insert into views ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"  # noqa: S608
_REPLACE = f"""
update views set ({_COLUMNS}) = row($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) where id = $1
"""  # noqa: S608 - columns
_KEEP_ORDER = """
insert into view_orders (administrator, view_ids) values ($1, $2)
on conflict (administrator) do update set view_ids = excluded.view_ids
"""
