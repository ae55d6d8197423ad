"""Stories made up by a process of its own, a piece at a time, while what folds them goes on with the piece before."""

import asyncio
from collections.abc import AsyncIterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bench.ticket_stories import Stories
from libs.events.envelope import Event

CHAPTER = 5000
"""Tickets in a piece: some tens of megabytes."""
Chapter = dict[str, list[Event]]


async def chapters(stories: Stories) -> AsyncIterator[Chapter]:
    """The stories' logs, piece by piece, each of all services."""
    count = -(-stories.tickets // CHAPTER)
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    teller = context.Process(target=_tell, args=(stories, count, theirs), daemon=True)
    teller.start()
    theirs.close()
    try:
        for _ in range(count):
            yield await asyncio.to_thread(ours.recv)
    finally:
        teller.terminate()
        await asyncio.to_thread(teller.join)


def _tell(stories: Stories, count: int, told: Connection) -> None:
    for chapter in stories.chapters(count):
        told.send(chapter)
