"""The relay: tells a log's events to the service's stream, each once, in order, none left out.

The stream itself remembers how far it was told, and the chain of expected message ids keeps a second relay, a lost answer
and a restarted server from doing harm. After any doubt the relay looks at the stream's end and goes on from there.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import structlog

from libs.events.leadership import Leadership
from libs.events.log import Log
from libs.events.progress import Complete, Promise, promise
from libs.events.stream import TRANSPORT_ERRORS, BrokenChain, End, Limits, Stream
from libs.events.tail import Row, Tail, end_before, event_before, settle
from libs.events.transport import Transport
from libs.events.waiting import Interval, wait_any
from libs.service import metrics

logger = structlog.get_logger()


@dataclass(frozen=True)
class RelaySettings:
    limits: Limits = field(default_factory=Limits)
    window: int = 500
    """Publishes under way at once."""
    poll_seconds: float = 0.05
    """How soon appends by other processes are noticed; those of this process wake the relay."""
    pace_seconds: float = 0.005
    """Between telling and reading again: what comes meanwhile is read in one statement and told in one go."""
    hole_poll_seconds: float = 0.002
    marker_seconds: float = 1.0
    slack_seconds: float = 0.25
    """How long a command may take between reading the log's time and its append, without having to do it again."""
    retry_seconds: float = 0.2


@dataclass
class _Place:
    """Where the relay is in the stream."""

    epoch: str
    tail: Tail
    sequence: int
    last_id: str | None = None
    """Id of the last message that this relay stored itself; None means doubt."""


class Relay:
    name = "relay"

    def __init__(self, log: Log, transport: Transport, settings: RelaySettings | None = None) -> None:
        self.published = 0
        """Position up to which the stream has been told."""
        self._log = log
        self._transport = transport
        self._settings = settings or RelaySettings()
        self._promise: Promise | None = None
        self._between_markers = Interval(self._settings.marker_seconds)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until stopped, and then what is left."""
        leadership = Leadership(self._log.pool, f"relay:{self._log.service}")
        while not stop.is_set():
            async with leadership.held(stop) as leading:
                if leading:
                    await self._lead(stop)

    async def _lead(self, stop: asyncio.Event) -> None:
        try:
            stream = await self._stream()
            place = await self._resume(stream)
            while not stop.is_set():
                await self._step(stream, place, stop)
            await self._drain(stream, place)
        except (*TRANSPORT_ERRORS, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            logger.warning("relay_in_doubt", service=self._log.service, error=repr(error))
            metrics.RELAY_RESYNCS.labels(service=self._log.service).inc()
            await wait_any(self._settings.retry_seconds, stop)

    async def _stream(self) -> Stream:
        client = await self._transport.client()
        stream = Stream(client, self._transport.names, self._log.service, self._settings.limits)
        await stream.ensure()
        return stream

    # --- where to go on -----------------------------------------------------------------------

    async def _resume(self, stream: Stream) -> _Place:
        epoch, end = await self._log.epoch(), await stream.end()
        if end.is_foreign or (end.event is not None and not await self._is_ours(end, epoch)):
            epoch = await self._restart(stream, end, epoch)
            end = await stream.end()
        after = end.event.position if end.event else await self._before_retention()
        self.published, self._promise = after, None
        logger.info("relay_resumed", service=self._log.service, position=after, sequence=end.sequence)
        return _Place(epoch, Tail(self._log.pool, after), end.sequence)

    async def _is_ours(self, end: End, epoch: str) -> bool:
        """Whether the stream's last message is in this life of the log."""
        if end.event is None or end.event.epoch != epoch:
            return False
        position, event_id = await event_before(self._log.pool, end.event.position)
        return position == end.event.position and str(event_id) == end.event.id

    async def _restart(self, stream: Stream, end: End, epoch: str) -> str:
        """Make the stream again; begin a new epoch if the stream knows more of this one than the log does."""
        if end.event and await self._was_restored(end.event.epoch, epoch):
            logger.error("log_was_restored", service=self._log.service, stream_position=end.event.position)
            epoch = await self._log.begin_epoch("the stream was ahead of the log", instead_of=epoch)
            metrics.LOG_EPOCHS.labels(service=self._log.service).inc()
        await stream.make_again()
        metrics.RELAY_STREAM_RECREATED.labels(service=self._log.service).inc()
        return epoch

    async def _was_restored(self, stream_epoch: str, epoch: str) -> bool:
        return stream_epoch == epoch or not await self._log.knows_epoch(stream_epoch)

    async def _before_retention(self) -> int:
        """The position behind which a new or emptied stream is filled; older events are read from the feed.

        What is before it must be final: an event committed there later would be passed over, and its successor would not
        tell.
        """
        pool = self._log.pool
        since = await self._log.now() - timedelta(seconds=self._settings.limits.max_age_seconds)
        position = await end_before(pool, since)
        await settle(pool)
        return position

    # --- publishing ---------------------------------------------------------------------------

    async def _step(self, stream: Stream, place: _Place, stop: asyncio.Event) -> None:
        self._log.appended.clear()
        rows = await place.tail.read(self._settings.window)
        metrics.TAIL_STALLED_SECONDS.labels(service=self._log.service).set(place.tail.held_up)
        if rows:
            await self._publish(stream, place, rows)
        marked = await self._mark(stream, place)
        if not marked and len(rows) < self._settings.window:
            await self._wait(place, stop, has_told=bool(rows))

    async def _publish(self, stream: Stream, place: _Place, rows: list[Row]) -> None:
        rest = rows
        while rest and place.last_id is None:
            ack = await stream.publish_first(rest[0], place.epoch, place.sequence)
            if not ack.duplicate:
                place.sequence, place.last_id = ack.seq, str(rest[0].id)
            rest = rest[1:]
        if rest and place.last_id is not None:
            place.sequence = await stream.publish_chain(rest, place.epoch, place.last_id)
            place.last_id = str(rest[-1].id)
        self.published = rows[-1].position
        metrics.RELAY_PUBLISHED.labels(service=self._log.service).inc(len(rows))
        metrics.LOG_POSITION.labels(service=self._log.service).set(self.published)

    async def _wait(self, place: _Place, stop: asyncio.Event, *, has_told: bool) -> None:
        if place.tail.at_hole:
            await asyncio.sleep(self._settings.hole_poll_seconds)
        else:
            await asyncio.sleep(self._settings.pace_seconds if has_told else 0)
            await wait_any(self._settings.poll_seconds, self._log.appended, stop)

    async def _drain(self, stream: Stream, place: _Place) -> None:
        """To the end, also past holes: what was acknowledged may be behind one."""
        while (rows := await place.tail.read(self._settings.window)) or place.tail.at_hole:
            if rows:
                await self._publish(stream, place, rows)
            else:
                await asyncio.sleep(self._settings.hole_poll_seconds)

    # --- markers ------------------------------------------------------------------------------

    async def _mark(self, stream: Stream, place: _Place) -> bool:
        """One step of the making of a marker; whether there was anything to do."""
        if self._promise is None:
            return await self._promise_if_time()
        was_lowered = self._promise.lowered
        await self._promise.look(place.tail.seen, self._log.pool)
        if not self._promise.is_kept(place.tail.position):
            return self._promise.lowered and not was_lowered
        kept, self._promise = self._promise, None
        await self._announce(place, kept)
        await self._check(stream, place)
        return True

    async def _promise_if_time(self) -> bool:
        if not self._between_markers.is_over():
            return False
        self._promise = await promise(self._log.pool, self._log.injected_now(), self._settings.slack_seconds)
        return True

    async def _announce(self, place: _Place, kept: Promise) -> None:
        service, position = self._log.service, kept.position or 0
        marker = Complete(service=service, epoch=place.epoch, position=position, instant=kept.instant)
        client = await self._transport.client()
        await client.publish(self._transport.names.complete(service), marker.model_dump_json().encode())

    async def _check(self, stream: Stream, place: _Place) -> None:
        """A stream that was lost while nothing was published is noticed here."""
        if (await stream.info()).state.last_seq != place.sequence:
            raise BrokenChain("the stream has changed by other hands")
        if await self._log.epoch() != place.epoch:
            raise BrokenChain("the log began a new epoch")
