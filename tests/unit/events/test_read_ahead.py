"""A log is read a page ahead of what is in hand, and no further than asked."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from libs.events.envelope import Cause, Event
from libs.events.feed import Page
from libs.events.read_ahead import batches
from libs.events.source import Cursor

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PAGE = 3
FOR_EVER = 2**62


def event(position: int) -> Event:
    cause = Cause("system:x", "c")
    return Event(str(position), "note.written.v1", "x", "e", 1, NOON, "epoch", position, position - 1, cause, {})


class Feed:
    """A log of so many events, page by page; a page that is `held` is not answered."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.asked: list[int] = []
        self.held: int | None = None
        self.given_up = False

    async def page(self, cursor: Cursor) -> Page:
        self.asked.append(cursor.position)
        if cursor.position == self.held:
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up = True
        last = min(cursor.position + PAGE, self.length)
        return Page("epoch", [event(n) for n in range(cursor.position + 1, last + 1)], last == self.length)


async def taken(feed: Feed, end: int, after: int = 0) -> list[list[int]]:
    pages = batches("x", feed.page, Cursor(position=after), end)
    return [[one.position for one in batch.events] async for batch in pages]


async def test_all_is_read_once_and_in_order() -> None:
    assert await taken(Feed(7), FOR_EVER) == [[1, 2, 3], [4, 5, 6], [7]]
    assert await taken(Feed(0), FOR_EVER) == [[]]


@pytest.mark.parametrize("end", [4, 6])
async def test_nothing_is_read_beyond_the_end(end: int) -> None:
    feed = Feed(100)
    assert await taken(feed, end) == [[1, 2, 3], [4, 5, 6][: end - 3]]
    assert feed.asked == [0, 3]


async def test_who_is_at_the_end_asks_for_nothing() -> None:
    feed = Feed(5)
    assert await taken(feed, end=5, after=5) == []
    assert feed.asked == []


async def test_each_batch_begins_where_the_last_one_ended() -> None:
    found = [batch async for batch in batches("x", Feed(7).page, Cursor(), FOR_EVER)]
    assert [batch.before for batch in found] == [Cursor(), *(batch.after for batch in found[:-1])]
    assert found[-1].after == Cursor("epoch", 7, "7")


async def test_the_next_page_is_asked_for_while_one_is_in_hand() -> None:
    feed = Feed(7)
    async with aclosing(batches("x", feed.page, Cursor(), FOR_EVER)) as pages:
        await anext(pages)
        await asyncio.sleep(0)
        assert feed.asked == [0, 3]


async def test_a_page_that_is_under_way_is_given_up_with_the_rest() -> None:
    feed = Feed(7)
    feed.held = 3
    async with aclosing(batches("x", feed.page, Cursor(), FOR_EVER)) as pages:
        await anext(pages)
        await asyncio.sleep(0)
    assert feed.given_up


async def test_a_page_that_fails_fails_when_it_is_its_turn() -> None:
    async def page(cursor: Cursor) -> Page:
        if cursor.position:
            raise ConnectionError("away")
        return Page("epoch", [event(1)], is_last=False)

    pages = batches("x", page, Cursor(), FOR_EVER)
    assert [one.position for one in (await anext(pages)).events] == [1]
    with pytest.raises(ConnectionError):
        await anext(pages)
