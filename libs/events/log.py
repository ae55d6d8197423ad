"""The log: where a service's facts are, and the only way in.

Optimistic all through: `load` reads an entity's state, version and the log's time; the caller decides; `append` compares
the version and writes, in one statement, so that one command costs two round trips and holds no lock while it thinks.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events import envelope
from libs.events.catalogue.base import EventData
from libs.events.envelope import Cause
from libs.service import metrics
from libs.service.ids import Ids, new_id

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


@dataclass
class _Columns:
    """The arguments of `log_append`, column by column."""

    entities: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def arguments(self) -> list[list[Any]]:
        return [list(column) for column in (*zip(*self.entities, strict=True), *zip(*self.events, strict=True))]


class Log:
    """One service's log.

    `now` replaces PostgreSQL's clock, for tests. `appended` is set after each append, for whoever follows in this process.
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
        self._ids = ids
        self._now = now
        self._known_epoch: str | None = None

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
        return Loaded(row["now"], row["version"] or 0, state, used)

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
        columns = self._columns(changes, cause, now)
        check = None if all(e.time for c in changes for e in c.events) else now
        try:
            position: int = await (executor or self.pool).fetchval(
                _APPEND,
                check,
                key.value if key else None,
                key.fingerprint if key else None,
                changes[0].entity,
                *columns.arguments(),
            )
        except asyncpg.PostgresError as error:
            known = _ERRORS.get(error.sqlstate or "")
            if known is None:
                raise
            metrics.APPEND_CONFLICTS.labels(service=self.service).inc()
            raise known(str(error)) from None
        metrics.LOG_APPENDS.labels(service=self.service).inc(len(columns.events))
        self.appended.set()
        return position

    def _columns(self, changes: Sequence[Change], cause: Cause, now: datetime) -> _Columns:
        columns = _Columns()
        # Sorted, so that two transactions which change the same entities take their rows in the same order.
        for change in sorted(changes, key=lambda change: change.entity):
            version = change.expected + len(change.events)
            columns.entities.append(
                (change.entity, change.kind, change.expected, version, change.state.decode(), change.due_at)
            )
            for version, event in enumerate(change.events, change.expected + 1):
                columns.events.append(self._row(change.entity, version, event, cause, now))
        return columns

    def _row(
        self, entity: UUID, version: int, event: NewEvent, cause: Cause, now: datetime
    ) -> tuple[UUID, UUID, int, str, datetime, str]:
        event_id, time, data = self._ids(), event.time or now, event.data
        written = envelope.encode(
            event_id, data.TYPE, self.service, entity, version, time, cause, data.model_dump(mode="json")
        )
        return event_id, entity, version, data.TYPE, time, written.decode()

    async def epoch(self) -> str:
        """The id of this log's present life; the first is begun here."""
        row = await self.pool.fetchrow("select epoch::text from epochs order by number desc limit 1")
        self._known_epoch = row["epoch"] if row else await self.begin_epoch("created")
        return self._known_epoch

    async def known_epoch(self) -> str:
        """The epoch as it was when last asked for; the relay asks every second."""
        return self._known_epoch or await self.epoch()

    async def knows_epoch(self, epoch: str) -> bool:
        known: bool = await self.pool.fetchval("select exists (select from epochs where epoch = $1::text::uuid)", epoch)
        return known

    async def begin_epoch(self, reason: str) -> str:
        """Begin a new life of the log: everyone who followed the former one compares before going on."""
        epoch = self._ids()
        await self.pool.execute("insert into epochs (epoch, reason) values ($1, $2)", epoch, reason)
        return str(epoch)

    async def states(self, kind: str, after: UUID | None = None, limit: int = 1000) -> list[tuple[UUID, bytes]]:
        """Entities of a kind, by id."""
        rows = await self.pool.fetch(
            "select id, state from entities where kind = $1 and ($2::uuid is null or id > $2) order by id limit $3",
            kind,
            after,
            limit,
        )
        return [(row["id"], row["state"].encode()) for row in rows]


def dump(state: Any) -> bytes:
    return orjson.dumps(state)


_LOAD = """
select coalesce($3::timestamptz, log_now()) as now, e.version, e.state,
       k.fingerprint, k.entity as used_by, k.position as used_at
  from (select 1) as one
  left join entities e on e.id = $1
  left join idempotency k on k.key = $2
"""
_LOAD_LOCKED = """
with held as (select version, state from entities where id = $1 for update)
select coalesce($3::timestamptz, log_now()) as now, e.version, e.state,
       k.fingerprint, k.entity as used_by, k.position as used_at
  from (select 1) as one
  left join held e on true
  left join idempotency k on k.key = $2
"""
_APPEND = """
select log_append($1, $2, $3, $4, $5::uuid[], $6::text[], $7::integer[], $8::integer[], $9::text[], $10::timestamptz[],
                  $11::uuid[], $12::uuid[], $13::integer[], $14::text[], $15::timestamptz[], $16::text[])
"""
