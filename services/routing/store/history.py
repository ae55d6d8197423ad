"""What became of departments, categories and rules, read from their events."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events.changes import changes
from services.routing.domain.kinds import F, Kind


async def of(pool: asyncpg.Pool, kind: Kind[F], entity: UUID, before: int, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` changes before a version, the newest first."""
    return [_entry(kind, row) for row in await pool.fetch(_EVENTS, entity, before, limit)]


def _entry(kind: Kind[F], row: asyncpg.Record) -> dict[str, Any]:
    told = orjson.loads(row["envelope"])
    after = _facts(kind, told["data"])
    before = _facts(kind, orjson.loads(row["before"])) if row["before"] else None
    return {
        "version": row["version"],
        "type": told["type"],
        "at": row["time"],
        "actor": told["actor"],
        "on_behalf_of": told.get("onbehalfof"),
        "changes": changes(before, after) if after else [],
    }


def _facts(kind: Kind[F], data: dict[str, Any]) -> dict[str, Any]:
    """As they are written today, whatever the version that told them; empty for a deletion."""
    return kind.facts.model_validate(data).model_dump(mode="json") if data else {}


# Each event tells the whole of it, so what it changed is what the one before told otherwise.
_EVENTS = """
select l.version, l.time, l.envelope, p.envelope -> 'data' as before
  from log l left join log p on p.entity = l.entity and p.version = l.version - 1
 where l.entity = $1 and l.version < $2
 order by l.version desc limit $3
"""
