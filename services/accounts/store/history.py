"""What happened to an account: its own events, those of its users, and those of administrators acting as them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events.log import Executor
from services.accounts.domain.history import TOLD_WHOLE


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it was told. `before` is what was told of the same entity before; None at its beginning."""

    position: int
    id: UUID
    time: datetime
    kind: str
    entity: UUID
    envelope: dict[str, Any]
    before: dict[str, Any] | None


async def events(pool: asyncpg.Pool, account: UUID, before: int, limit: int) -> list[Happened]:
    """Up to `limit` events before a position, the newest first."""
    rows = await pool.fetch(_EVENTS, account, str(account), before, limit, list(TOLD_WHOLE))
    return [
        Happened(
            row["position"],
            row["id"],
            row["time"],
            row["kind"],
            row["entity"],
            orjson.loads(row["envelope"]),
            orjson.loads(row["before"]) if row["before"] else None,
        )
        for row in rows
    ]


async def names_of(executor: Executor, ids: Iterable[UUID]) -> dict[str, str]:
    """The names behind ids, of those that have one."""
    rows = await executor.fetch(_NAMES, list(ids))
    return {str(row["id"]): row["name"] for row in rows}


# Each entity's newest events come from the end of its own index; what is merged is a page of each at most.
_EVENTS = """
with belonging as (
    select id, kind from entities where id = $1
    union all
    select id, kind from entities where kind in ('user', 'act_as') and state->>'account_id' = $2),
newest as (
    select l.*, b.kind
      from belonging b
     cross join lateral (
           select position, id, time, entity, version, type, envelope from log
            where entity = b.id and position < $3 order by version desc limit $4) l
     order by l.position desc limit $4)
select n.position, n.id, n.time, n.kind, n.entity, n.envelope, p.envelope->>'data' as before
  from newest n
  left join lateral (
       select envelope from log
        where n.type = any($5) and entity = n.entity and version < n.version and type = any($5)
        order by version desc limit 1) p on true
 order by n.position desc
"""
_NAMES = "select id, state->>'name' as name from entities where id = any($1) and state->>'name' is not null"
