"""Folding a projection anew from the logs, beside the one that is read, and switching over without downtime.

Nothing is decided meanwhile: what the service decided before is in its own log. What the live projection has parked was
not decided, so it stays parked in the next one, and is tried again after the switch. The exception is a source that lost
events it had told (it was restored), or that is new to the projection: its log is judged from the beginning, and the
idempotency key of each decision keeps what was decided before from being decided twice.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from functools import partial

import asyncpg
import httpx
import structlog

from libs.events import projection as schema
from libs.events.applier import Applier
from libs.events.feed import Diverged, Feed, Page
from libs.events.projection import LIVE, NEXT, RETIRED, Decider, Projection
from libs.events.read_ahead import batches
from libs.events.source import Cursor
from libs.service import metrics

logger = structlog.get_logger()

PAGE = 2000
PAUSES = (0.2, 0.5, 1, 2, 5, 5, 5)
"""Seconds between tries when a source's feed does not answer."""

_KEEP_SEQUENCES = (
    f"update {NEXT}.checkpoints n set sequence = l.sequence from {LIVE}.checkpoints l"  # noqa: S608 - constants
    " where n.source = l.source and n.event_id = l.event_id"
)


class SwitchRefused(Exception):
    """The rebuilt projection does not stand where the live one stands."""


async def request_rebuild(pool: asyncpg.Pool, reason: str) -> int:
    """Ask the active consumer for a rebuild; the id that the new generation will have."""
    request: int = await pool.fetchval("insert into rebuilds (reason) values ($1) returning id", reason)
    return request


async def requested(pool: asyncpg.Pool) -> int | None:
    request: int | None = await pool.fetchval("select max(id) from rebuilds where finished_at is null")
    return request


class Rebuild:
    def __init__(
        self,
        service: str,
        pool: asyncpg.Pool,
        subject: Projection,
        decider: Decider,
        feed: Feed,
        *,
        generation: int,
    ) -> None:
        self.generation = generation
        self._service = service
        self._pool = pool
        self._projection = subject
        self._feed = feed
        self._judged: set[str] = set()
        self._folding = Applier(service, pool, NEXT, subject, Decider())
        self._deciding = Applier(service, pool, NEXT, subject, decider)
        self._cursors: dict[str, Cursor] = {}

    async def fill(self, live: Mapping[str, Cursor]) -> None:
        """Make the next projection and fold into it all that the live one holds."""
        async with self._pool.acquire() as connection, connection.transaction():
            await schema.create(connection, NEXT, self._projection, self.generation)
        self._cursors = {source: Cursor() for source in self._projection.sources}
        self._judged = {source for source in self._cursors if await self._is_to_be_judged(source, live)}
        # Those to be judged come last: a judgement may need what the others say.
        for source in sorted(self._projection.sources, key=lambda source: source in self._judged):
            await self._read(source, live)

    async def switch(self, live: Mapping[str, Cursor]) -> None:
        """Catch up with the live projection, which must stand still, and take its place."""
        for source in self._projection.sources:
            await self._read(source, live)
            if source not in self._judged and not _same_event(self._cursors[source], live[source]):
                raise SwitchRefused(f"{source}: {self._cursors[source]} instead of {live[source]}")
        async with self._pool.acquire() as connection, connection.transaction():
            await self._check_fences(connection, live)
            await connection.execute(_KEEP_SEQUENCES)
            await schema.remove_retired(connection)
            await connection.execute(f"alter schema {LIVE} rename to {RETIRED}; alter schema {NEXT} rename to {LIVE}")
            await connection.execute(
                "update rebuilds set finished_at = clock_timestamp() where id <= $1", self.generation
            )
        with suppress(asyncpg.PostgresError):  # the next start of a consumer removes it then
            async with self._pool.acquire() as connection:
                await schema.remove_retired(connection)
        logger.info("projection_switched", service=self._service, generation=self.generation)

    async def _check_fences(self, connection: schema.Connection, live: Mapping[str, Cursor]) -> None:
        """No other consumer has moved the live projection or begun another rebuild."""
        built = await schema.generation(connection, NEXT)
        standing = await schema.cursors(connection, LIVE, lock=True)
        if built is None or built.id != self.generation:
            raise SwitchRefused("another rebuild has begun")
        if any(not _same_place(standing[source], cursor) for source, cursor in live.items()):
            raise SwitchRefused("the live projection has gone on")

    async def _is_to_be_judged(self, source: str, live: Mapping[str, Cursor]) -> bool:
        """Whether the source is new, or its log does not hold any more what the live projection has read."""
        if (place := live.get(source)) is None:
            return True
        try:
            await self._feed.read(source, place.position, event_id=place.event_id, epoch=place.epoch or None, limit=1)
        except Diverged:
            return True
        return False

    async def _read(self, source: str, live: Mapping[str, Cursor]) -> None:
        """Fold up to where the live projection is; a source that is to be judged, to its end."""
        is_judged = source in self._judged
        end = 2**62 if is_judged else live[source].position
        applier = self._deciding if is_judged else self._folding
        async with aclosing(batches(source, partial(self._page, source), self._cursors[source], end)) as told:
            async for batch in told:
                if not is_judged:
                    parked = await self._parked(source, batch.before.position, batch.after.position)
                    applier.hold_back(source, parked)
                await applier.apply(batch)
                self._cursors[source] = batch.after
        metrics.REBUILD_PROGRESS.labels(service=self._service, projection=source).set(
            self._cursors[source].position / max(1, end if not is_judged else self._cursors[source].position)
        )

    async def _page(self, source: str, cursor: Cursor) -> Page:
        """The next events; a source that is away for a while does not cost what has been folded."""
        epoch = cursor.epoch or None
        for pause in PAUSES:
            try:
                return await self._feed.read(source, cursor.position, event_id=cursor.event_id, epoch=epoch, limit=PAGE)
            except httpx.HTTPError as error:
                logger.warning("rebuild_waits", service=self._service, source=source, error=repr(error))
                await asyncio.sleep(pause)
        return await self._feed.read(source, cursor.position, event_id=cursor.event_id, epoch=epoch, limit=PAGE)

    async def _parked(self, source: str, after: int, until: int) -> list[int]:
        rows = await self._pool.fetch(
            f"select position from {LIVE}.parked where source = $1 and position > $2 and position <= $3",  # noqa: S608
            source,
            after,
            until,
        )
        return [row["position"] for row in rows]


def _same_event(one: Cursor, other: Cursor) -> bool:
    """Whether both have read the same log up to the same event; the log may have a new name for one of them."""
    return (one.position, one.event_id) == (other.position, other.event_id)


def _same_place(one: Cursor, other: Cursor) -> bool:
    return (one.epoch, one.position) == (other.epoch, other.position)
