"""How a setting has changed, as the log tells it."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events.catalogue.base import EventData


async def changes(
    pool: asyncpg.Pool, entity: UUID, kind: type[EventData], before: int, limit: int
) -> list[tuple[int, dict[str, Any]]]:
    """Up to `limit` changes before a position, the newest first: each with its position, who made it when, and its data."""
    rows = await pool.fetch(_CHANGES, entity, kind.TYPE, before, limit)
    return [(row["position"], _told(row)) for row in rows]


def _told(row: asyncpg.Record) -> dict[str, Any]:
    event = orjson.loads(row["envelope"])
    who = {"actor": event["actor"], "on_behalf_of": event.get("onbehalfof")}
    return {**event["data"], "at": row["time"], **who}


_CHANGES = """
select position, time, envelope from log
 where entity = $1 and type = $2 and position < $3
 order by version desc limit $4
"""
