"""The consumer: one active per service, following its sources and taking in what they tell.

A second one stands by; should both run, the checkpoint's compare-and-set lets only one of them through.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
import httpx
import structlog

from libs.events import identities, parking
from libs.events import projection as schema
from libs.events.applied import Applied
from libs.events.applier import Applier, is_passing
from libs.events.error_names import named
from libs.events.feed import Diverged, Feed
from libs.events.leadership import Leadership
from libs.events.log import Log
from libs.events.progress import Consumed, Point
from libs.events.projection import LIVE, Decider, Projection
from libs.events.rebuild import Rebuild, SwitchRefused, request_rebuild, requested
from libs.events.source import Batch, Source
from libs.events.stream import TRANSPORT_ERRORS
from libs.events.transport import Transport
from libs.events.waiting import cancelled, wait_any
from libs.service import metrics

logger = structlog.get_logger()


@dataclass(frozen=True)
class ConsumerSettings:
    housekeeping_seconds: float = 1.0
    retry_seconds: float = 0.2
    queue: int = 16
    """Batches read ahead; those of one source that have come meanwhile are taken in as one."""
    pace_seconds: float = 0.005
    """Between taking in and looking again: what comes meanwhile costs one transaction, and the core is left to requests."""
    newer_version_seconds: float = 5.0
    """How often an older replica looks whether the projection has come back to its version."""


class Consumer:
    name = "consumer"

    def __init__(
        self,
        service: str,
        pool: asyncpg.Pool,
        transport: Transport,
        feed: Feed,
        projection: Projection,
        decider: Decider,
        *,
        log: Log | None = None,
        settings: ConsumerSettings | None = None,
    ) -> None:
        self.applied = Applied()
        self._service = service
        self._pool = pool
        self._transport = transport
        self._feed = feed
        self._projection = projection
        self._decider = decider
        self._log = log
        self._settings = settings or ConsumerSettings()
        self._applying = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        leadership = Leadership(self._pool, f"consumer:{self._service}")
        while not stop.is_set():
            async with leadership.held(stop) as leading:
                if leading:
                    await self._lead(stop)

    async def _lead(self, stop: asyncio.Event) -> None:
        """Consume until stopped, or until something asks to look again from the start."""
        try:
            await self._consume(stop)
        except Exception as error:
            if not is_passing(error) and not isinstance(error, httpx.HTTPError):
                raise
            logger.warning("consumer_looks_again", service=self._service, error=repr(error))
            await wait_any(self._settings.retry_seconds, stop)

    async def _consume(self, stop: asyncio.Event) -> None:
        applier = await self._open()
        if self.applied.version > self._projection.version:
            logger.warning("projection_is_newer", service=self._service, version=self.applied.version)
            await wait_any(self._settings.newer_version_seconds, stop)
            return
        if self.applied.version < self._projection.version:
            await self._rebuild_at_rest(f"version {self._projection.version}", stop)
            return
        try:
            async with self._following() as queue:
                await self._work(applier, queue, stop)
        except Diverged as found:
            logger.warning("source_diverged", service=self._service, source=found.service, epoch=found.epoch)
            metrics.CONSUMER_EPOCH_CHANGES.labels(service=self._service, source=found.service).inc()
            await self._rebuild_at_rest("a source has diverged", stop)

    async def _open(self) -> Applier:
        """The live projection, made if there is none yet. What a rebuild that died may have left is removed."""
        async with self._pool.acquire() as connection, connection.transaction():
            await schema.remove_retired(connection)
            generation = await schema.generation(connection, LIVE)
            if generation is None:
                first = await connection.fetchval(
                    "insert into rebuilds (reason, finished_at) values ('first', clock_timestamp()) returning id"
                )
                await schema.create(connection, LIVE, self._projection, first)
            self.applied.begin(await schema.cursors(connection, LIVE))
            generation = await schema.generation(connection, LIVE)
        assert generation is not None
        self.applied.generation, self.applied.version = generation.id, generation.version
        applier = Applier(self._service, self._pool, LIVE, self._projection, self._decider)
        await applier.load()
        applier.appended = await self._last_own_position()
        self.applied.wake()
        return applier

    async def _last_own_position(self) -> int:
        if self._log is None:
            return 0
        position: int = await self._pool.fetchval("select coalesce(max(position), 0) from log")
        return position

    @asynccontextmanager
    async def _following(self) -> AsyncIterator["asyncio.Queue[Batch | Exception]"]:
        """All sources, putting their batches into one queue; what ends a source is put there too."""
        queue: asyncio.Queue[Batch | Exception] = asyncio.Queue(self._settings.queue)
        async with AsyncExitStack() as stack:
            for name, cursor in self.applied.cursors.items():
                source = Source(name, self._transport, self._feed, cursor, queue, consumer=self._service)
                stack.push_async_callback(cancelled, asyncio.create_task(_tell(source, queue)))
            yield queue

    async def _work(self, applier: Applier, queue: "asyncio.Queue[Batch | Exception]", stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        housekeeping = asyncio.create_task(self._keep_house(applier))
        try:
            while not stop.is_set():
                arrival = asyncio.create_task(queue.get())
                await asyncio.wait({arrival, stopping, housekeeping}, return_when=asyncio.FIRST_COMPLETED)
                if housekeeping.done():
                    await cancelled(arrival)
                    return housekeeping.result()
                if not arrival.done():
                    await cancelled(arrival)
                    return None
                await self._take(applier, [arrival.result(), *_rest(queue)])
                await asyncio.sleep(self._settings.pace_seconds)
        finally:
            await cancelled(stopping)
            await cancelled(housekeeping)
        return None

    async def _take(self, applier: Applier, arrived: Sequence[Batch | Exception]) -> None:
        batches = list(joined(item for item in arrived if isinstance(item, Batch)))
        for batch in batches:
            await self._apply(applier, batch)
        if any(batch.events for batch in batches):
            await self._tell_consumed(applier)
        for item in arrived:
            if isinstance(item, Exception):
                raise item

    async def _apply(self, applier: Applier, batch: Batch) -> None:
        async with self._applying:
            await applier.apply(batch)
            self.applied.note(batch.service, batch.after, of_people=identities.are_told_of(batch.events))
        if self._log is not None:
            self._log.appended.set()  # once more: what was decided is committed only now

    async def _tell_consumed(self, applier: Applier) -> None:
        client = self._transport.connected()
        if client is None or self._log is None:
            return
        sources = {
            name: Point(epoch=cursor.epoch, position=cursor.position) for name, cursor in self.applied.cursors.items()
        }
        marker = Consumed(
            service=self._service, epoch=await self._log.known_epoch(), position=applier.appended, sources=sources
        )
        with suppress(*TRANSPORT_ERRORS):  # only a hint, and the next one says more
            await client.publish(self._transport.names.consumed(self._service), marker.model_dump_json().encode())

    # --- now and then -------------------------------------------------------------------------

    async def _keep_house(self, applier: Applier) -> None:
        """Retries and rebuilds that were asked for. Returns after a rebuild: all is then to be opened anew."""
        while True:
            await asyncio.sleep(self._settings.housekeeping_seconds)
            await self._tell_consumed(applier)
            await self._retry_parked(applier)
            request = await requested(self._pool)
            if request is not None and await self._rebuild(request):
                return

    async def _retry_parked(self, applier: Applier) -> None:
        while True:
            async with self._pool.acquire() as connection, connection.transaction():
                await schema.enter(connection, LIVE)
                found = await parking.next_retry(connection)
            if found is None:
                return
            try:
                await self._retry(applier, *found)
            except httpx.HTTPError as error:
                logger.warning("retry_put_off", service=self._service, error=repr(error))
                return

    async def _retry(self, applier: Applier, source: str, position: int) -> None:
        page = await self._feed.read(source, position - 1, limit=1)
        event = next((event for event in page.events if event.position == position), None)
        if event is None:
            raise Diverged(source, page.epoch)
        try:
            async with self._applying:
                await applier.retry(source, event)
        except Exception as error:
            if is_passing(error):
                raise
            logger.error("retry_failed", source=source, position=position, error=named(error))  # noqa: TRY400
            async with self._pool.acquire() as connection, connection.transaction():
                await schema.enter(connection, LIVE)
                await parking.give_up(connection, source, event.entity, named(error))

    async def _rebuild(self, request: int) -> bool:
        rebuild = Rebuild(
            self._service,
            self._pool,
            self._projection,
            self._decider,
            self._feed,
            generation=request,
        )
        try:
            await rebuild.fill(self.applied.cursors)
            async with self._applying:
                await rebuild.switch(self.applied.cursors)
        except (SwitchRefused, Diverged, httpx.HTTPError) as error:
            logger.warning("rebuild_put_off", service=self._service, error=repr(error))
            return False
        return True

    async def _rebuild_at_rest(self, reason: str, stop: asyncio.Event) -> None:
        """While the live projection is read but not gone on with: it does not hold the truth, or not in today's shape."""
        request = await requested(self._pool) or await request_rebuild(self._pool, reason)
        while not stop.is_set() and not await self._rebuild(request):
            await wait_any(self._settings.retry_seconds, stop)


def _rest(queue: "asyncio.Queue[Batch | Exception]") -> Iterator[Batch | Exception]:
    """What has come besides."""
    while not queue.empty():
        yield queue.get_nowait()


def joined(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Each source's in their order, with those in one that can be; nothing depends on how sources follow each other."""
    last: dict[str, Batch] = {}
    for batch in batches:
        before = last.get(batch.service)
        both = before.joined(batch) if before else None
        if before and not both:
            yield before
        last[batch.service] = both or batch
    yield from last.values()


async def _tell(source: Source, queue: "asyncio.Queue[Batch | Exception]") -> None:
    try:
        await source.run()
    except Exception as error:  # noqa: BLE001 - whatever ends a source is for the consumer to judge
        await queue.put(error)
