"""What a service keeps of the others' events, in a schema of its own that can be thrown away and folded again.

The schema that is read is called `live`; a rebuild fills `next` beside it, and the switch renames both in one transaction.
Statements name their tables without a schema: the connection's search path decides which of the two they mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import asyncpg

from libs.events import identities
from libs.events.envelope import Event
from libs.events.source import Cursor

MIGRATIONS = Path(__file__).parent / "migrations" / "projection"

LIVE = "live"
NEXT = "next"
RETIRED = "retired"

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


class Projection(Protocol):
    """A service's view of its sources.

    `fold` must come to the same rows whatever the order in which the *sources* are read (each source's own order holds).
    """

    @property
    def sources(self) -> Sequence[str]: ...

    @property
    def version(self) -> int:
        """Counts up when the tables or the fold change; an older projection is rebuilt at the next start."""

    @property
    def tables(self) -> Path:
        """SQL that creates the empty tables."""

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        """Take in events of one source, in its order. Called for every event, live and in a rebuild."""


class Decider:
    """What a service does about its sources' events: only live, never in a rebuild. This one does nothing.

    The first two methods answer the position of the last event they appended to the service's own log, or None.
    """

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        """After the fold, in the same transaction. Deciding the same event twice must append nothing twice."""

    async def progress(self, connection: Connection, source: str, instant: datetime) -> int | None:
        """A source's log is known to be complete up to an instant."""

    def committed(self) -> None:
        """What was done last is committed: the time to wake whoever waits for it in this process."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Which build of the projection a schema holds."""

    id: int
    version: int


class Fenced(Exception):
    """Another consumer has gone on from here; this one has to look again."""


async def create(connection: Connection, schema: str, projection: Projection, generation_id: int) -> None:
    """Make an empty projection under the given name, in place of what is there."""
    await connection.execute(f"drop schema if exists {schema} cascade; create schema {schema}")
    await enter(connection, schema)
    await connection.execute(_BOOKKEEPING + identities.TABLES)
    await connection.execute(projection.tables.read_text())
    await connection.execute("insert into generation values ($1, $2)", generation_id, projection.version)
    await connection.executemany("insert into checkpoints (source) values ($1)", [(s,) for s in projection.sources])


async def remove_retired(connection: Connection) -> None:
    """Remove what was live before a switch: erasure does not look there."""
    await connection.execute(f"drop schema if exists {RETIRED} cascade")


async def enter(connection: Connection, schema: str) -> None:
    """Let unqualified names mean this schema, until the transaction ends."""
    await connection.execute(f"set local search_path = {schema}, public")


async def generation(connection: Connection, schema: str) -> Generation | None:
    """The build in a schema; None when there is none."""
    if await connection.fetchval("select to_regclass($1)", f"{schema}.generation") is None:
        return None
    row = await connection.fetchrow(f"select id, version from {schema}.generation")  # noqa: S608 - LIVE or NEXT
    return Generation(row["id"], row["version"]) if row else None


async def cursors(connection: Connection, schema: str, *, lock: bool = False) -> dict[str, Cursor]:
    rows = await connection.fetch(
        f"select source, epoch, position, event_id, sequence from {schema}.checkpoints"  # noqa: S608 - LIVE or NEXT
        + (" for update" if lock else "")
    )
    return {row["source"]: Cursor(row["epoch"], row["position"], row["event_id"], row["sequence"]) for row in rows}


async def advance(connection: Connection, source: str, before: Cursor, after: Cursor) -> None:
    """Move a checkpoint of the entered schema; raises Fenced unless it stands where the caller believes."""
    moved = await connection.fetchval(
        "update checkpoints set epoch = $4, position = $5, event_id = $6, sequence = $7"
        " where source = $1 and epoch = $2 and position = $3 returning true",
        source,
        before.epoch,
        before.position,
        after.epoch,
        after.position,
        after.event_id,
        after.sequence,
    )
    if not moved:
        raise Fenced(f"{source} has been read past {before.position} by another")


_BOOKKEEPING = """
create table generation (id integer primary key, version integer not null);
create table checkpoints (
    source   text primary key,
    epoch    text not null default '',
    position bigint not null default 0,
    event_id text,
    sequence bigint not null default 0
);
-- Events that could not be taken in, and the later ones of the same entity that wait behind them. Without content.
create table parked (
    source    text not null,
    position  bigint not null,
    entity    text not null,
    type      text not null,
    error     text,
    parked_at timestamptz not null default clock_timestamp(),
    retry     boolean not null default false,
    primary key (source, position)
);
create index parked_entity on parked (source, entity, position);
"""
