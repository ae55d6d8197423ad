"""Reading what there is: one entity, or a page of them by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class Entity:
    id: UUID
    version: int
    state: str
    """JSON"""
    sort: str
    """What lists are ordered by, before the id."""


PageEnd = tuple[str, UUID]
"""`sort` and id of a page's last entity."""

_CONDITIONS = {
    "name": "lower(state->>'name') like '%' || {} || '%'",
    "group_id": "state->>'group_id' = {}",
    "project_id": "state->>'project_id' = {}",
    "account_id": "state->>'account_id' = {}",
    "enabled": "state->>'enabled' = {}",
}
"""What a list may be narrowed by; values come as text, `name` escaped for LIKE."""

_SELECT = "select id, version, state, lower(state->>'name') as sort from entities where kind = $1"


async def find(executor: Executor, kind: str, entity: UUID) -> Entity | None:
    row = await executor.fetchrow(f"{_SELECT} and id = $2", kind, entity)
    return Entity(**row) if row else None


async def page(
    pool: asyncpg.Pool, kind: str, filters: Mapping[str, str], after: PageEnd | None, limit: int
) -> list[Entity]:
    """Answer up to `limit` entities behind a page's end, by name in small letters, then id."""
    arguments = [kind, *filters.values(), *(after or ()), limit]
    conditions = [_CONDITIONS[name].format(f"${place}") for place, name in enumerate(filters, 2)]
    if after is not None:
        place = len(filters) + 2
        conditions.append(f"(lower(state->>'name'), id) > (${place}, ${place + 1})")
    narrowed = "".join(f" and {condition}" for condition in conditions)
    rows = await pool.fetch(f"{_SELECT}{narrowed} order by sort, id limit ${len(arguments)}", *arguments)
    return [Entity(**row) for row in rows]


async def exists(executor: Executor, kind: str) -> bool:
    found: bool = await executor.fetchval("select exists (select from entities where kind = $1)", kind)
    return found


def part_of_name(text: str) -> str:
    """Answer the text as the filter `name` takes it."""
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text.lower()
