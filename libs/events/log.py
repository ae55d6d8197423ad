"""The log: where a service's facts are, and the only way in.

Optimistic all through: `load` reads an entity's state, version and the log's time; the caller decides; `append` compares
the version and writes, in one statement, so that one command costs two round trips and holds no lock while it thinks.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg

from libs.events.catalogue.base import EventData
from libs.events.columns import arguments
from libs.events.envelope import Cause
from libs.events.turns import Turns
from libs.service import metrics
from libs.service.ids import Ids, new_id
from libs.service.together import Together

EPOCH_SECONDS = 2.0
MIGRATIONS = Path(__file__).parent / "migrations" / "log"

Executor = asyncpg.Pool | asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
"""Anything that runs a statement: a pool (the append is its own transaction) or a connection within one."""


class VersionConflict(Exception):
    """Another change to the entity came first; load again and decide again."""


class KeyUsed(Exception):
    """The idempotency key has been used; answer from what it did then."""


class TimePassed(Exception):
    """The log was declared complete past the time of this decision; load again for a newer time."""


_ERRORS: dict[str, type[Exception]] = {"HD001": VersionConflict, "HD002": KeyUsed, "HD003": TimePassed}


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, already scoped to its caller, with a fingerprint of the request it stands for."""

    value: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What an idempotency key did when it was first used."""

    fingerprint: str
    entity: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """An entity as of now: version 0 and state None when it does not exist."""

    now: datetime
    version: int
    state: bytes | None
    used: Used | None
    due_at: datetime | None = None
    """When something was to happen to it by time alone; if that has passed, it has not been recorded yet."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to append. `time` is set only for what fell due at an instant of its own."""

    data: EventData
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """New events of one entity, and its state after them."""

    entity: UUID
    kind: str
    expected: int
    """The version the decision was made on; 0 for an entity that must not exist yet."""
    events: Sequence[NewEvent]
    state: bytes
    due_at: datetime | None = None
    """When something next happens to the entity by time alone."""


class Log:
    """One service's log.

    `now` replaces PostgreSQL's clock, for tests. `appended` is set after each append, for whoever follows in this process;
    `turns` are taken by its commands when several change an entity.
    """

    def __init__(
        self,
        service: str,
        pool: asyncpg.Pool,
        *,
        ids: Ids = new_id,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.service = service
        self.pool = pool
        self.appended = asyncio.Event()
        self.turns = Turns()
        self._ids = ids
        self._now = now
        self._known_epoch: str | None = None
        self._epoch_read = 0.0
        self._appends = metrics.LOG_APPENDS.labels(service=service)
        self._begin_together = Together(self._append_all)

    async def now(self, executor: Executor | None = None) -> datetime:
        time: datetime = await (executor or self.pool).fetchval(
            "select coalesce($1::timestamptz, log_now())", self.injected_now()
        )
        return time

    def injected_now(self) -> datetime | None:
        return self._now() if self._now else None

    async def load(
        self, entity: UUID, key: Key | None = None, executor: Executor | None = None, *, lock: bool = False
    ) -> Loaded:
        """The entity, the log's time, and what `key` did before; with `lock`, no one else changes it meanwhile."""
        row = await (executor or self.pool).fetchrow(
            _LOAD_LOCKED if lock else _LOAD, entity, key.value if key else None, self.injected_now()
        )
        assert row is not None
        used = Used(row["fingerprint"], row["used_by"], row["used_at"]) if row["used_at"] is not None else None
        state = row["state"].encode() if row["state"] is not None else None
        return Loaded(row["now"], row["version"] or 0, state, used, row["due_at"])

    async def append(
        self,
        changes: Sequence[Change],
        cause: Cause,
        now: datetime,
        *,
        key: Key | None = None,
        executor: Executor | None = None,
    ) -> int:
        """Write the changes, all or nothing; the position of the last event.

        Raises VersionConflict, KeyUsed or TimePassed; nothing is written then. Outside a transaction of the caller's
        it is durable when this returns.
        """
        columns = arguments(changes, cause, now, key, service=self.service, ids=self._ids)
        try:
            position = await self._append(columns, executor, are_new=all(change.expected == 0 for change in changes))
        except asyncpg.PostgresError as error:
            known = _ERRORS.get(error.sqlstate or "")
            if known is None:
                raise
            metrics.APPEND_CONFLICTS.labels(service=self.service).inc()
            raise known(str(error)) from None
        self._appends.inc(sum(len(change.events) for change in changes))
        self.appended.set()
        return position

    async def _append(self, columns: Sequence[Any], executor: Executor | None, *, are_new: bool) -> int:
        """Entities that begin at the same time share a commit.

        Others do not: a consumer's transaction might wait for their rows in another order.
        """
        if executor is None and are_new:
            return await self._begin_together(columns)
        position: int = await (executor or self.pool).fetchval(_APPEND, *columns)
        return position

    async def _append_all(self, appends: Sequence[Sequence[Any]]) -> list[int]:
        """All or nothing: asyncpg sends them in one go, and PostgreSQL takes that for one transaction."""
        return [row[0] for row in await self.pool.fetchmany(_APPEND, appends)]

    async def epoch(self, executor: Executor | None = None) -> str:
        """The id of this log's present life; the first is begun here."""
        row = await (executor or self.pool).fetchrow("select epoch::text from epochs order by number desc limit 1")
        self._known_epoch = row["epoch"] if row else await self.begin_epoch("created")
        self._epoch_read = monotonic()
        return self._known_epoch

    async def known_epoch(self, executor: Executor | None = None) -> str:
        """The epoch as it was some seconds ago at most.

        Whoever is in a transaction gives it: all of the pool's connections may be held by those who wait for another.
        """
        if self._known_epoch is None or monotonic() - self._epoch_read > EPOCH_SECONDS:
            return await self.epoch(executor)
        return self._known_epoch

    async def knows_epoch(self, epoch: str) -> bool:
        known: bool = await self.pool.fetchval("select exists (select from epochs where epoch = $1::text::uuid)", epoch)
        return known

    async def begin_epoch(self, reason: str, *, instead_of: str | None = None) -> str:
        """Begin a new life of the log, unless another has just done so: whoever follows it compares before going on."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute("lock table epochs in share row exclusive mode")
            epoch: str = await connection.fetchval(_BEGIN_EPOCH, self._ids(), reason, instead_of)
        return epoch

    async def put_off(self, entity: UUID, version: int, due_at: datetime | None) -> None:
        """Let what comes by time come later, or not at all; nothing when somebody else has changed the entity meanwhile."""
        await self.pool.execute(
            "update entities set due_at = $3 where id = $1 and version = $2", entity, version, due_at
        )

    async def remember(self, key: Key, entity: UUID, executor: Executor | None = None) -> int:
        """Keep the key of a command that had nothing to do, for a retry must not do it later; the entity's last position."""
        position: int = await (executor or self.pool).fetchval(_REMEMBER, key.value, key.fingerprint, entity)
        return position


_BEGIN_EPOCH = """
with present as (select epoch from epochs order by number desc limit 1),
     begun as (
     insert into epochs (epoch, reason)
     select $1, $2 where (select epoch from present) is not distinct from $3::text::uuid
     returning epoch)
select coalesce((select epoch from begun), (select epoch from present))::text
"""
_REMEMBER = """
with last as (select position from log where entity = $3 order by version desc limit 1),
     kept as (
     insert into idempotency (key, fingerprint, entity, position)
     select $1, $2, $3, position from last on conflict do nothing)
select coalesce((select position from last), 0)
"""
_LOAD = """
select coalesce($3::timestamptz, log_now()) as now, e.version, e.state, e.due_at,
       k.fingerprint, k.entity as used_by, k.position as used_at
  from (select 1) as one
  left join entities e on e.id = $1
  left join idempotency k on k.key = $2
"""
_LOAD_LOCKED = """
with held as (select version, state, due_at from entities where id = $1 for update)
select coalesce($3::timestamptz, log_now()) as now, e.version, e.state, e.due_at,
       k.fingerprint, k.entity as used_by, k.position as used_at
  from (select 1) as one
  left join held e on true
  left join idempotency k on k.key = $2
"""
_APPEND = """
select log_append($1, $2, $3, $4, $5::uuid[], $6::text[], $7::integer[], $8::integer[], $9::text[], $10::timestamptz[],
                  $11::uuid[], $12::uuid[], $13::integer[], $14::text[], $15::timestamptz[], $16::text[])
"""
