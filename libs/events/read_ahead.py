"""Reading a log's feed page by page, the next page while the last one is being folded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import replace
from typing import Any

from libs.events.feed import Page
from libs.events.source import Batch, Cursor
from libs.events.waiting import cancelled

ReadPage = Callable[[Cursor], Coroutine[Any, Any, Page]]
"""The page after a cursor."""


async def batches(service: str, read: ReadPage, cursor: Cursor, end: int) -> AsyncGenerator[Batch, None]:
    """What a service's log holds after the cursor, up to position `end` or the log's last event.

    Whoever does not take all of it has to close it (`contextlib.aclosing`): a page may be under way. Raises what `read`
    does.
    """
    reading = asyncio.create_task(read(cursor)) if cursor.position < end else None
    try:
        while reading is not None:
            page = await reading
            batch = _batch(service, page, cursor, end)
            cursor = batch.after
            is_over = page.is_last or len(batch.events) < len(page.events) or cursor.position >= end
            reading = None if is_over else asyncio.create_task(read(cursor))
            yield batch
    finally:
        if reading is not None:
            await cancelled(reading)


def _batch(service: str, page: Page, cursor: Cursor, end: int) -> Batch:
    events = [event for event in page.events if event.position <= end]
    after = replace(cursor, epoch=page.epoch)
    return Batch(service, cursor, after.at(events[-1]) if events else after, events)
