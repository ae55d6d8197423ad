"""What happened to a ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.query.store.rows import utc, version_at


class Place(NamedTuple):
    """Where an entry is in the history of its ticket: by time, and in the order of the log that told it."""

    at: datetime
    source: str
    position: int


class Name(NamedTuple):
    """What somebody or something is (user, administrator, department, …), and is called."""

    kind: str
    name: str


async def entries(
    pool: asyncpg.Pool,
    ticket: UUID,
    after: Place | None,
    limit: int,
    types: Iterable[str] | None = None,
    then: datetime | None = None,
) -> list[asyncpg.Record]:
    """The earliest first, each with its place (`at`, `source`, `position`).

    Only of some types if they are named, and up to an instant if there is one.
    """
    place = after or Place(_EARLIEST, "", 0)
    return await pool.fetch(_ENTRIES, ticket, *place, limit, list(types) if types else None, then)


async def names_of(pool: asyncpg.Pool, ids: Iterable[UUID], then: datetime | None = None) -> dict[str, Name]:
    """The names behind ids, of those that have one; as it was at an instant, if there is one."""
    rows = await (pool.fetch(_NAMES_THEN, list(ids), then) if then else pool.fetch(_NAMES, list(ids)))
    return {str(row["id"]): Name(row["kind"], row["name"]) for row in rows}


_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
_ENTRIES = f"""
select h.at as happened_at, h.source, h.position, h.event_id::text as id, h.type, {utc("h.at")} as at,
       h.actor, h.on_behalf_of, h.facts::text as facts, h.changes::text as changes
  from history h
 where h.ticket_id = $1 and (h.at, h.source, h.position) > ($2, $3, $4) and ($6::text[] is null or h.type = any($6))
   and ($7::timestamptz is null or h.at <= $7)
 order by h.at, h.source, h.position limit $5
"""  # noqa: S608 - our own expressions
_NAMES = """
select id, kind, name from names where id = any($1)
union all select id, 'account', name from accounts where id = any($1)
"""
_NAMES_THEN = f"""
select i.id, n.kind, v.name
  from unnest($1::uuid[]) i(id) join names n on n.id = i.id, lateral ({version_at("name_versions", "i.id", "$2")}) v
union all
select i.id, 'account', v.name
  from unnest($1::uuid[]) i(id), lateral ({version_at("account_versions", "i.id", "$2")}) v
"""  # noqa: S608 - our own expressions
