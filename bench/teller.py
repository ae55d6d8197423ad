"""Stories written down by a process of its own, a piece at a time, while what folds them is busy with the piece before."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

import orjson

from bench.ticket_stories import Stories
from libs.events import envelope
from libs.events.envelope import Event
from libs.events.rebuild import PAGE

CHAPTER = 5000
"""Tickets in a piece: some tens of megabytes."""
Pages = list[list[bytes]]
"""What a service's feed would tell: pages of events as JSON."""


async def chapters(stories: Stories) -> AsyncIterator[dict[str, Pages]]:
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
        told.send({service: written(log) for service, log in chapter.items()})


def written(events: Sequence[Event]) -> Pages:
    texts = [_written(event) for event in events]
    return [texts[start : start + PAGE] for start in range(0, len(texts), PAGE)]


def _written(event: Event) -> bytes:
    stored = {
        "id": event.id,
        "source": f"/helpdesk/{event.service}",
        "type": event.type,
        "subject": event.entity,
        "time": envelope.instant(event.time),
        "entityversion": event.version,
        "actor": event.cause.actor,
        "correlationid": event.cause.correlation,
        "data": event.data,
    }
    return envelope.place(orjson.dumps(stored).decode(), event.epoch, event.position, event.predecessor)
