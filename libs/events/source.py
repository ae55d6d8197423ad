"""Following another service's log: from its stream while that flows, from its feed wherever the stream has a gap.

Each event names its predecessor, so a missing one is seen when the next arrives, and the last one when a progress marker
names a position that has not been reached. What comes out is the log's order, nothing left out and nothing twice.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import monotonic

import httpx
import structlog
from nats.aio.msg import Msg

from libs.events import envelope
from libs.events.envelope import Event
from libs.events.feed import Feed
from libs.events.progress import Complete
from libs.events.stream import TRANSPORT_ERRORS
from libs.events.subscription import Subscription, SubscriptionLost, is_status, sequence, subscribed
from libs.events.transport import Transport
from libs.service import metrics

logger = structlog.get_logger()

BATCH = 500
GRACE_SECONDS = 0.3
"""How long a marker may be ahead of the stream before the feed is asked; the two travel by different ways."""
SILENCE_SECONDS = 5.0
"""After so long without a word the feed is asked, and the subscription made anew."""
RETRY_SECONDS = 0.5
STARTING_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a log has been read: an event of it, and as a hint the sequence of this event in the stream."""

    epoch: str = ""
    position: int = 0
    event_id: str | None = None
    sequence: int = 0

    def at(self, event: Event, stream_sequence: int = 0) -> "Cursor":
        return Cursor(event.epoch, event.position, event.id, stream_sequence or self.sequence)


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that follow each other without a gap, or a marker that has been reached."""

    service: str
    before: Cursor
    after: Cursor
    events: list[Event] = field(default_factory=list)
    complete: Complete | None = None

    def joined(self, later: "Batch") -> "Batch | None":
        """This and the source's next batch as one; None if they have to be taken in one after the other."""
        if self.complete or later.complete or len(self.events) + len(later.events) > BATCH:
            return None
        return Batch(self.service, self.before, later.after, [*self.events, *later.events])


@dataclass(slots=True)
class _Pending:
    marker: Complete
    since: float


class Source:
    """Puts one service's log into `queue`, batch by batch, from `cursor` on."""

    def __init__(
        self,
        service: str,
        transport: Transport,
        feed: Feed,
        cursor: Cursor,
        queue: "asyncio.Queue[Batch | Exception]",
        *,
        consumer: str,
    ) -> None:
        self.service = service
        self.cursor = cursor
        self._transport = transport
        self._feed = feed
        self._queue = queue
        self._incoming: asyncio.Queue[Msg] = asyncio.Queue()
        self._pending: _Pending | None = None
        self._heard = 0.0
        self._began = monotonic()
        self._is_verified = False
        """Whether the log is known to hold, since the last interruption, the event that the cursor names."""
        self._labels = {"service": consumer, "source": service}

    async def run(self) -> None:
        """Follow until cancelled. Raises feed.Diverged when what was read before is not in the log any more."""
        while True:
            try:
                async with self._listening() as subscription:
                    await self._catch_up()
                    while not subscription.is_silent():
                        await self._listen()
                        await subscription.refill()
            except (*TRANSPORT_ERRORS, httpx.HTTPError) as error:
                self._say("source_interrupted", error)
                await self._without_stream()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[Subscription]:
        async with asyncio.timeout(SILENCE_SECONDS):
            client = await self._transport.client()
        names = self._transport.names
        self._incoming = asyncio.Queue()
        last = (await client.jetstream().stream_info(names.stream(self.service))).state.last_seq
        hint = self.cursor.sequence if self.cursor.sequence <= last else 0
        self._is_verified = self.cursor.position == 0
        markers = await client.subscribe(names.complete(self.service), cb=self._incoming.put)
        try:
            stream = names.stream(self.service)
            # From the cursor's own event on: seeing it again shows that the log is still the same one.
            async with subscribed(client, stream, max(0, hint - 1), self._incoming) as subscription:
                self._heard = asyncio.get_running_loop().time()
                yield subscription
        finally:
            if client.is_connected:
                await markers.unsubscribe()

    async def _without_stream(self) -> None:
        """NATS is away or has lost the stream: go on from the feed, slower."""
        await asyncio.sleep(RETRY_SECONDS)
        try:
            await self._fill()
        except httpx.HTTPError as error:
            self._say("feed_unreachable", error)

    async def _catch_up(self) -> None:
        """Compare with the log itself after every interruption; while its service is away, the stream has to show it."""
        try:
            await self._fill()
        except httpx.HTTPError as error:
            self._say("feed_unreachable", error)

    def _say(self, what: str, error: Exception) -> None:
        """In the first moments others may just be starting, too: nothing to warn of yet."""
        is_early = monotonic() - self._began < STARTING_SECONDS
        (logger.info if is_early else logger.warning)(what, source=self.service, error=repr(error))

    # --- what arrives -------------------------------------------------------------------------

    async def _listen(self) -> None:
        messages = await self._receive()
        events: list[tuple[Event, int]] = []
        for message in messages:
            if is_status(message):
                raise SubscriptionLost(str(message.headers))
            if not message.reply:
                self._hear(message)
            elif event := envelope.read(message.data):
                events.append((event, sequence(message)))
            else:
                logger.warning("foreign_message", source=self.service, subject=message.subject)
        await self._accept(events)
        await self._settle_marker()

    async def _receive(self) -> list[Msg]:
        """Wait for a message, and take all that have come meanwhile."""
        try:
            # Not wait_for, which swallows a cancellation that meets a message.
            async with asyncio.timeout(GRACE_SECONDS):
                messages = [await self._incoming.get()]
        except TimeoutError:
            return []
        while len(messages) < BATCH and not self._incoming.empty():
            messages.append(self._incoming.get_nowait())
        return messages

    def _hear(self, message: Msg) -> None:
        marker = Complete.model_validate_json(message.data)
        self._heard = asyncio.get_running_loop().time()
        self._pending = _Pending(marker, self._pending.since if self._pending else self._heard)

    async def _accept(self, events: list[tuple[Event, int]]) -> None:
        """Hand on what follows the cursor; skip what was there before; fill what is missing."""
        before, fresh = self.cursor, []
        for event, stream_sequence in events:
            if self._is_cursor_s(event):
                self._is_verified = True
            elif self._is_verified and self._follows(event):
                fresh.append(event)
                self.cursor = self.cursor.at(event, stream_sequence)
            elif self._is_known(event):
                metrics.CONSUMER_DUPLICATES_SKIPPED.labels(**self._labels).inc()
            else:
                await self._hand_on(before, fresh)
                metrics.CONSUMER_GAPS_HEALED.labels(**self._labels).inc()
                await self._fill()
                before, fresh = self.cursor, []
        await self._hand_on(before, fresh)

    def _is_cursor_s(self, event: Event) -> bool:
        return (event.epoch, event.position, event.id) == (
            self.cursor.epoch,
            self.cursor.position,
            self.cursor.event_id,
        )

    def _follows(self, event: Event) -> bool:
        is_same_life = self.cursor.epoch in {"", event.epoch}
        return is_same_life and event.predecessor == self.cursor.position

    def _is_known(self, event: Event) -> bool:
        return event.epoch == self.cursor.epoch and event.position < self.cursor.position

    async def _hand_on(self, before: Cursor, events: list[Event], complete: Complete | None = None) -> None:
        if events or complete:
            await self._queue.put(Batch(self.service, before, self.cursor, events, complete))

    # --- markers and gaps ---------------------------------------------------------------------

    async def _settle_marker(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._pending is None:
            if now - self._heard > SILENCE_SECONDS:
                self._heard = now
                await self._fill()
        elif self._is_reached(self._pending.marker):
            marker, self._pending = self._pending.marker, None
            await self._hand_on(self.cursor, [], marker)
        elif now - self._pending.since >= GRACE_SECONDS and self._incoming.empty():
            self._pending.since = now
            await self._fill()

    def _is_reached(self, marker: Complete) -> bool:
        is_same_life = self._is_verified and marker.epoch == self.cursor.epoch
        return is_same_life and marker.position <= self.cursor.position

    async def _fill(self) -> None:
        """Read the feed to its end. Adopts a new epoch when the log still holds what was read before."""
        while True:
            page = await self._feed.read(
                self.service,
                self.cursor.position,
                event_id=self.cursor.event_id,
                epoch=self.cursor.epoch or None,
                limit=BATCH,
            )
            self._is_verified = True
            if page.epoch != self.cursor.epoch:
                await self._adopt(page.epoch)
            before = self.cursor
            for event in page.events:
                self.cursor = self.cursor.at(event)
            await self._hand_on(before, page.events)
            if page.is_last:
                return

    async def _adopt(self, epoch: str) -> None:
        """The log began a new life, and all that was read is in it: only the name changes."""
        before, self.cursor = self.cursor, replace(self.cursor, epoch=epoch, sequence=0)
        metrics.CONSUMER_EPOCH_CHANGES.labels(**self._labels).inc()
        await self._queue.put(Batch(self.service, before, self.cursor))
