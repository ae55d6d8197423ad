"""What happened to a ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from libs.events.catalogue import intake as told
from services.query.store.rows import utc


class Place(NamedTuple):
    """Where an entry is in the history of its ticket: by time, and in the order of the log that told it."""

    at: datetime
    source: str
    position: int


FOR_CLIENTS = [
    model.TYPE
    for model in (
        told.TicketOpened,
        told.ClientReplied,
        told.TicketAnswered,
        told.TicketClosed,
        told.TicketReopened,
    )
]
"""What a client may know to have happened; the rest is the provider's own business."""


async def entries(
    pool: asyncpg.Pool, ticket: UUID, after: Place | None, limit: int, types: Iterable[str] | None = None
) -> list[asyncpg.Record]:
    """`at`, `source`, `position` and `entry` (JSON), the earliest first; only of some types if they are named."""
    place = after or Place(_EARLIEST, "", 0)
    return await pool.fetch(_ENTRIES, ticket, *place, limit, list(types) if types else None)


async def names_of(pool: asyncpg.Pool, ids: Iterable[UUID]) -> dict[str, str]:
    """The names behind ids, of those that have one."""
    rows = await pool.fetch(_NAMES, list(ids))
    return {str(row["id"]): row["name"] for row in rows}


_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
_ENTRIES = f"""
select h.at as happened_at, h.source, h.position, (
    select row_to_json(entry)::text from (
        select h.event_id as id, h.type, {utc("h.at")} as at, h.actor, h.on_behalf_of, h.facts) entry) as entry
  from history h
 where h.ticket_id = $1 and (h.at, h.source, h.position) > ($2, $3, $4) and ($6::text[] is null or h.type = any($6))
 order by h.at, h.source, h.position limit $5
"""  # noqa: S608 - our own expressions
_NAMES = "select id, name from names where id = any($1) union all select id, name from accounts where id = any($1)"
