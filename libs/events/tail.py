"""Reading the log in order while others write it: no event is passed over, and none is read that may still vanish.

Positions are drawn before they are committed, so a hole may be an event that is still to come. Whoever owns a position has
drawn a transaction id before it; so once every transaction older than a fence drawn *after* a position was seen has ended,
everything up to that position is final and its holes are rollbacks. Rows and the oldest running transaction are read in one
statement, because two would be two snapshots.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID

import asyncpg

from libs.events import envelope

SETTLE_POLL_SECONDS = 0.002
FOREVER = 2**62
"""Behind every position."""


@dataclass(frozen=True, slots=True)
class Row:
    """A final event of the log, with the position before it."""

    position: int
    predecessor: int
    id: UUID
    type: str
    entity: UUID
    time: datetime
    stored: str

    def message(self, epoch: str) -> bytes:
        return envelope.place(self.stored, epoch, self.position, self.predecessor)


@dataclass(slots=True)
class _Fence:
    """Everything up to `position` is final once no transaction before `xid` runs."""

    position: int
    xid: int
    since: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last read's snapshot showed."""

    xmin: int = 0
    """Every transaction older than this had ended."""
    last: int | None = None
    """The largest position visible; None when the read was cut off by its limit."""


class Tail:
    """Follows a log from a position on. One reader at a time."""

    def __init__(self, pool: asyncpg.Pool, after: int) -> None:
        self.position = after
        """The last position handed out."""
        self._pool = pool
        self.seen = Seen()
        self._fence: _Fence | None = None
        self._settled = after

    @property
    def held_up(self) -> float:
        """Seconds that the tail has been waiting at a hole; 0 when it is not."""
        return monotonic() - self._fence.since if self._fence else 0.0

    @property
    def at_hole(self) -> bool:
        return self._fence is not None

    async def read(self, limit: int = 500) -> list[Row]:
        """The next final events, at most `limit`; none when there is nothing new or a hole is not settled yet."""
        records = await self._pool.fetch(_READ, self.position, limit)
        visible = [record for record in records if record["position"] is not None]
        self._look(records[0]["xmin"], visible, limit)
        rows: list[Row] = []
        for record in visible:
            if not self._is_final(record["position"]):
                await self._raise_fence(visible[-1]["position"])
                break
            rows.append(_row(record, self.position))
            self.position = record["position"]
        return rows

    def _look(self, xmin: int, visible: list[asyncpg.Record], limit: int) -> None:
        last = visible[-1]["position"] if visible else self.position
        self.seen = Seen(xmin, last if len(visible) < limit else None)
        if self._fence and xmin >= self._fence.xid:
            self._settled, self._fence = self._fence.position, None

    def _is_final(self, position: int) -> bool:
        return position <= self._settled or position == self.position + 1

    async def _raise_fence(self, position: int) -> None:
        if self._fence is None:
            self._fence = _Fence(position, await draw_fence(self._pool), monotonic())


async def draw_fence(pool: asyncpg.Pool) -> int:
    """A transaction id that is newer than that of every position drawn so far."""
    xid: int = await pool.fetchval("select pg_current_xact_id()::text::bigint")
    return xid


async def oldest_running(pool: asyncpg.Pool) -> int:
    xid: int = await pool.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return xid


async def event_before(pool: asyncpg.Pool, position: int) -> tuple[int, UUID | None]:
    """Position and id of the last event at or before `position`; (0, None) when there is none."""
    row = await pool.fetchrow(
        "select position, id from log where position <= $1 order by position desc limit 1", position
    )
    return (row["position"], row["id"]) if row else (0, None)


async def end_before(pool: asyncpg.Pool, instant: datetime) -> int:
    """Position of about the last event stamped before an instant, by bisection; 0 when there is none.

    Instants grow with positions but for what fell due earlier than it was noticed, and an index on them would cost every
    append.
    """
    newest = await pool.fetchrow("select position, time from log order by position desc limit 1")
    if newest is None:
        return 0
    low, high = 0, newest["position"]
    if newest["time"] < instant:
        low = high
    while low < high:
        middle = (low + high) // 2
        row = await pool.fetchrow(
            "select position, time from log where position > $1 order by position limit 1", middle
        )
        assert row is not None
        if row["time"] >= instant:
            high = middle
        else:
            low = row["position"]
    return int(low)


async def settle(pool: asyncpg.Pool) -> None:
    """Wait until every position that has been seen so far is final."""
    fence = await draw_fence(pool)
    while await oldest_running(pool) < fence:  # noqa: ASYNC110 - PostgreSQL has no signal for it
        await asyncio.sleep(SETTLE_POLL_SECONDS)


def _row(record: asyncpg.Record, predecessor: int) -> Row:
    return Row(
        record["position"],
        predecessor,
        record["id"],
        record["type"],
        record["entity"],
        record["time"],
        record["envelope"],
    )


_READ = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin, e.*
  from (select 1) as one
  left join lateral (
       select position, id, type, entity, time, envelope
         from log where position > $1 order by position limit $2) as e on true
"""
