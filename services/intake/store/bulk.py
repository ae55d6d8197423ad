"""What came of requests on many tickets: done is in the log, refused is here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events.log import Executor, Key

Problem = dict[str, Any]
"""As it was answered."""


async def begin(executor: Executor, key: Key) -> bool:
    """Keep the key of the whole request; False if it stood for another request before."""
    fingerprint: str = await executor.fetchval(_BEGIN, key.value, key.fingerprint)
    return fingerprint == key.fingerprint


async def refuse(pool: asyncpg.Pool, key: Key, ticket: UUID, problem: Problem) -> None:
    """Unless the same request, sent twice, has come to another end: the first one counts."""
    await pool.execute(_REFUSE, key.value, key.fingerprint, ticket, orjson.dumps(problem).decode())


async def refusals(pool: asyncpg.Pool, keys: Sequence[Key]) -> dict[str, Problem]:
    """What was refused, by key."""
    rows = await pool.fetch("select key, problem from bulk_refusals where key = any($1)", [key.value for key in keys])
    return {row["key"]: orjson.loads(row["problem"]) for row in rows}


# Whoever comes second waits for the first, and is then told what that one has kept.
_BEGIN = """
insert into idempotency as known (key, fingerprint, position) values ($1, $2, 0)
on conflict (key) do update set fingerprint = known.fingerprint
returning fingerprint
"""
_REFUSE = """
with refused as (
     insert into idempotency (key, fingerprint, entity, position) values ($1, $2, $3, 0) on conflict do nothing
     returning key)
insert into bulk_refusals (key, problem) select key, $4::text::json from refused
"""
