"""Reading a log's feed page by page, the next page while the last one is being folded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from libs.events.envelope import Event
from libs.events.feed import Page
from libs.events.source import Cursor
from libs.events.waiting import cancelled

ReadPage = Callable[[Cursor], Coroutine[Any, Any, Page]]
"""The page after a cursor."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Events that follow each other, and where they begin and end."""

    before: Cursor
    after: Cursor
    events: list[Event]


async def portions(read: ReadPage, cursor: Cursor, end: int) -> AsyncGenerator[Portion, None]:
    """What is after the cursor, up to position `end` or the log's last event.

    Whoever does not take all of it has to close it (`contextlib.aclosing`): a page may be under way. Raises what `read`
    does.
    """
    reading = asyncio.create_task(read(cursor)) if cursor.position < end else None
    try:
        while reading is not None:
            page = await reading
            portion = _portion(page, cursor, end)
            cursor = portion.after
            is_over = page.is_last or len(portion.events) < len(page.events) or cursor.position >= end
            reading = None if is_over else asyncio.create_task(read(cursor))
            yield portion
    finally:
        if reading is not None:
            await cancelled(reading)


def _portion(page: Page, cursor: Cursor, end: int) -> Portion:
    events = [event for event in page.events if event.position <= end]
    after = replace(cursor, epoch=page.epoch)
    return Portion(cursor, after.at(events[-1]) if events else after, events)
