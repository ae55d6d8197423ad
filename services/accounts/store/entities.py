"""Reading what there is: one entity, or a page of them by name."""

from collections.abc import Mapping, Sequence
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

_SHORT = 2
_CONDITIONS = {
    "name": "lower(state->>'name') like '%' || {value} || '%'",
    "short_part": "short_parts(lower(state->>'name')) @> array[{value}]",
    "external_id": "id = (select entity from external_ids where kind = '{kind}' and external_id = {value})",
    "attitude": "state->>'attitude' = {value}",
    "group_id": "state->>'group_id' = {value}",
    "project_id": "state->>'project_id' = {value}",
    "account_id": "state->>'account_id' = {value}",
    "enabled": "state->>'enabled' = {value}",
    "role": "state->>'role' = {value}",
}
"""What a list may be narrowed by; values come as text, `name` escaped for LIKE."""


async def find(executor: Executor, kind: str, entity: UUID) -> Entity | None:
    """The entity, unless it is of another kind or was deleted."""
    row = await executor.fetchrow(f"{_select(kind)} and id = $1 and state->>'deleted' is null", entity)
    return Entity(**row) if row else None


async def page(
    pool: asyncpg.Pool, kind: str, filters: Mapping[str, str], after: PageEnd | None, limit: int
) -> list[Entity]:
    """Answer up to `limit` entities behind a page's end, by name in small letters, then id."""
    statement, arguments = page_statement(kind, filters, after, limit)
    return [Entity(**row) for row in await pool.fetch(statement, *arguments)]


def page_statement(
    kind: str, filters: Mapping[str, str], after: PageEnd | None, limit: int
) -> tuple[str, Sequence[object]]:
    """The statement of a page, and its arguments."""
    arguments = [*filters.values(), *(after or ()), limit]
    conditions = [_CONDITIONS[name].format(kind=kind, value=f"${place}") for place, name in enumerate(filters, 1)]
    if after is None:
        conditions.append("lower(state->>'name') is not null")  # what was deleted has none
    else:
        place = len(filters) + 1
        conditions.append(f"(lower(state->>'name'), id) > (${place}, ${place + 1})")
    narrowed = " and ".join(conditions)
    return f"{_select(kind)} and {narrowed} order by sort, id limit ${len(arguments)}", arguments


async def hold(executor: Executor, kind: str, entity: UUID) -> bool:
    """Keep the entity from being changed or deleted until the transaction ends; False when it is not there."""
    held: bool | None = await executor.fetchval(f"{_HOLD} for share", entity, kind)
    return held is True


async def exists(executor: Executor, kind: str) -> bool:
    found: bool = await executor.fetchval("select exists (select from entities where kind = $1)", kind)
    return found


async def has_other_owner(executor: Executor, administrator: UUID) -> bool:
    found: bool = await executor.fetchval(_OTHER_OWNER, administrator)
    return found


def part_of_name(text: str) -> dict[str, str]:
    """Answer the filter for names that contain the text: trigrams find one of three characters or more."""
    if len(text) <= _SHORT:
        return {"short_part": text.lower()}
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return {"name": text.lower()}


def _select(kind: str) -> str:
    """The kind stands in the statement itself, or the planner could not tell that the kind's own indexes serve it."""
    return f"{_SELECT} where kind = '{kind}'"


_SELECT = "select id, version, state, lower(state->>'name') as sort from entities"
_HOLD = "select true from entities where id = $1 and kind = $2 and state->>'deleted' is null"
_OTHER_OWNER = """
select exists (select from entities where kind = 'administrator' and id <> $1
                  and state->>'role' = 'owner' and state->>'enabled' = 'true')
"""
