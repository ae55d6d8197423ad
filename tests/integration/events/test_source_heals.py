"""Whatever the stream does not hold, a reader gets from the feed; in order, nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
import pytest

from libs.events.envelope import Event
from libs.events.feed import Diverged, Feed, Page
from libs.events.progress import Complete
from libs.events.source import Batch, Cursor, Source
from libs.events.transport import Transport
from libs.events.waiting import cancelled
from tests.integration.events.scene import Origin, feed_of, new_note, running, until

T = TypeVar("T")


@dataclass
class Reader:
    """What came out of a source."""

    events: list[Event] = field(default_factory=list)
    markers: list[Complete] = field(default_factory=list)
    cursor: Cursor = field(default_factory=Cursor)

    @property
    def lines(self) -> list[str]:
        return [event.data["line"] for event in self.events]

    async def has_read(self, *lines: str) -> None:
        async def read() -> list[str]:
            return self.lines

        await until(read, lambda read: read == list(lines))

    def take(self, batch: Batch) -> None:
        assert batch.before == self.cursor
        self.cursor = batch.after
        self.events += batch.events
        self.markers += [batch.complete] if batch.complete else []


@asynccontextmanager
async def reading(
    origin: Origin, feed: Feed, reader: Reader, transport: Transport | None = None
) -> AsyncIterator[None]:
    """Follow the origin for the length of the block."""
    queue: asyncio.Queue[Batch | Exception] = asyncio.Queue()
    source = Source(origin.name, transport or origin.transport, feed, reader.cursor, queue, consumer="test")

    async def take() -> None:
        while not isinstance(item := await queue.get(), Exception):
            reader.take(item)

    tasks = [asyncio.create_task(source.run()), asyncio.create_task(take())]
    try:
        yield
    finally:
        for task in tasks:
            await cancelled(task)


async def test_events_come_from_the_stream_as_they_are_told(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()), feed_of(origin) as feed, reading(origin, feed, reader):
        await origin.write(note, "a", "b")
        await reader.has_read("a", "b")


async def test_a_message_missing_in_the_stream_is_read_from_the_feed(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()):
        await origin.write(note, "a", "b", "c")
        await origin.has_told("a", "b", "c")
        stream = await origin.stream()
        await (await origin.transport.client()).jetstream().delete_msg(stream.name, 2)
        async with feed_of(origin) as feed, reading(origin, feed, reader):
            await reader.has_read("a", "b", "c")


async def test_a_gap_is_filled_later_when_the_feed_is_away(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()):
        await origin.write(note, "a", "b", "c")
        await origin.has_told("a", "b", "c")
        stream = await origin.stream()
        await (await origin.transport.client()).jetstream().delete_msg(stream.name, 2)
        async with feed_of(origin) as feed:
            away = Away(feed)
            async with reading(origin, away, reader):
                await reader.has_read("a")
                away.is_back = True
                await reader.has_read("a", "b", "c")


async def test_a_missing_last_message_is_noticed_by_the_next_marker(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()):
        await origin.write(note, "a", "b")
        await origin.has_told("a", "b")
    stream = await origin.stream()
    await (await origin.transport.client()).jetstream().delete_msg(stream.name, 2)
    async with feed_of(origin) as feed:
        away = Away(feed)
        async with reading(origin, away, reader):
            await reader.has_read("a")  # from the stream; that was the catching up
            away.is_back = True
            async with running(origin.relay()):
                await reader.has_read("a", "b")


async def test_a_marker_comes_after_all_events_it_speaks_of(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()), feed_of(origin) as feed, reading(origin, feed, reader):
        last = await origin.write(note, "a", "b")
        await until(lambda: _value([marker.position for marker in reader.markers]), lambda seen: last in seen)
        assert reader.lines == ["a", "b"]


async def test_without_nats_the_feed_alone_is_read(origin: Origin) -> None:
    reader, nowhere = Reader(), Transport("nats://127.0.0.1:1")
    async with feed_of(origin) as feed, reading(origin, feed, reader, nowhere):
        await origin.write(new_note(), "a")
        await reader.has_read("a")
    await nowhere.close()


async def test_a_new_epoch_is_adopted_when_the_log_still_holds_what_was_read(origin: Origin) -> None:
    note, reader = new_note(), Reader()
    async with running(origin.relay()), feed_of(origin) as feed, reading(origin, feed, reader):
        await origin.write(note, "a", "b")
        await reader.has_read("a", "b")
        epoch = await origin.log.begin_epoch("restored")
        await origin.write(note, "c")
        await reader.has_read("a", "b", "c")
        await until(lambda: _value(reader.cursor.epoch), lambda known: known == epoch)


async def test_a_log_that_lost_what_was_read_has_diverged_and_begins_a_new_epoch(origin: Origin) -> None:
    note, reader, before = new_note(), Reader(), await origin.log.epoch()
    async with feed_of(origin) as feed:
        async with running(origin.relay()), reading(origin, feed, reader):
            await origin.write(note, "a", "lost")
            await reader.has_read("a", "lost")
        await origin.forget_after(1)
        await origin.write(note, "instead", "and more")
        place = reader.cursor
        with pytest.raises(Diverged) as found:
            await feed.read(origin.name, place.position, event_id=place.event_id, epoch=place.epoch)
    assert found.value.epoch == await origin.log.epoch() != before


async def test_events_of_a_former_life_are_not_taken_for_new_ones(origin: Origin) -> None:
    reader = Reader(cursor=Cursor("the life after"))
    async with running(origin.relay()), feed_of(origin) as feed:
        await origin.write(new_note(), "of the former life")
        await origin.has_told("of the former life")
        away = Away(feed)
        async with reading(origin, away, reader):
            await until(lambda: _value(away.asked), lambda asked: asked > 1)
    assert reader.lines == []


class Away(Feed):
    """A feed that cannot be reached until it is back."""

    def __init__(self, feed: Feed) -> None:
        self.is_back = False
        self.asked = 0
        self._feed = feed

    async def read(
        self, service: str, after: int, *, event_id: str | None = None, epoch: str | None = None, limit: int = 1000
    ) -> Page:
        self.asked += 1
        if not self.is_back:
            raise httpx.ConnectError("away")
        return await self._feed.read(service, after, event_id=event_id, epoch=epoch, limit=limit)


async def _value(value: T) -> T:
    return value
