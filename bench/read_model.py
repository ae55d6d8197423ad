"""Query's read model of made-up stories, millions of tickets if need be."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import uuid4

import asyncpg

from bench.copies import multiply
from bench.stage import People
from bench.teller import CHAPTER, chapters
from bench.ticket_stories import SERVICES, START, Stories
from deploy.local.postgres import EmbeddedPostgres
from libs.events import envelope, projection
from libs.events.applier import Applier
from libs.events.catalogue import EventData
from libs.events.envelope import Cause, Event
from libs.events.projection import LIVE, Decider
from libs.events.source import Batch, Cursor
from libs.service.app import tune_gc
from libs.service.database import create_pool, migrate
from services.query.consumers import ReadModel

SHOWN = 20
"""Chapters after which the fold tells its rate."""
_READERS_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
  from pg_index where not indisunique and indrelid in ('tickets'::regclass, 'messages'::regclass)
"""


async def fold(postgres: EmbeddedPostgres, stories: Stories, people: People, copies: int) -> None:
    """Make query's read model as its consumer would have it, and as many of each ticket."""
    await postgres.create_database("helpdesk_query")
    migrating = await asyncpg.connect(postgres.dsn("helpdesk_query"))
    await migrate(migrating, projection.MIGRATIONS)
    await migrating.close()
    creating = create_pool(postgres.dsn("helpdesk_query"), application_name="bench")
    async with await creating as pool, pool.acquire() as connection:
        await connection.execute("set statement_timeout = 0")
        async with connection.transaction():
            await projection.create(connection, LIVE, ReadModel(), 1)
        async with _indexes_put_off(connection):
            await _fold_chapters(Applier("query", pool, LIVE, ReadModel(), Decider()), stories, people)
            await multiply(connection, copies)
        await connection.execute("vacuum analyze")


@asynccontextmanager
async def _indexes_put_off(connection: projection.Connection) -> AsyncIterator[None]:
    """Make those that only readers need when all is there, which takes less."""
    indexes = await connection.fetch(_READERS_INDEXES)
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    yield
    began = perf_counter()
    for index in indexes:
        await connection.execute(index["definition"])
    print(f"{len(indexes)} indexes made in {perf_counter() - began:,.0f} s", flush=True)


async def _fold_chapters(applier: Applier, stories: Stories, people: People) -> None:
    tune_gc()  # as a server does
    cursors = dict.fromkeys(SERVICES, Cursor())
    number, began, events = 0, perf_counter(), 0
    async for chapter in chapters(stories):
        number += 1
        for service, pages in chapter.items():
            for page in pages:
                cursors[service] = await _take_in(applier, service, cursors[service], map(envelope.parse, page))
                events += len(page)
        if number % SHOWN == 0:
            rate = events / (perf_counter() - began)
            print(f"{number * CHAPTER:,} of {stories.tickets:,} tickets folded, {rate:,.0f} events/s", flush=True)
            began, events = perf_counter(), 0
    await _take_in(applier, "accounts", cursors["accounts"], _told(people, cursors["accounts"]))


async def _take_in(applier: Applier, service: str, before: Cursor, told: Iterable[Event]) -> Cursor:
    events = list(told)
    after = before.at(events[-1])
    await applier.apply(Batch(service, before, after, events))
    return after


def _told(people: People, last: Cursor) -> list[Event]:
    """What accounts tells of the people, after its last event."""
    return [_event(last, place, str(entity), data) for place, (entity, data) in enumerate(people.facts(), 1)]


def _event(last: Cursor, place: int, entity: str, data: EventData) -> Event:
    return Event(
        id=str(uuid4()),
        type=data.TYPE,
        service="accounts",
        entity=entity,
        version=1,
        time=START,
        epoch=last.epoch,
        position=last.position + place,
        predecessor=last.position + place - 1,
        cause=Cause("service:setup", correlation="bench"),
        data=data.model_dump(mode="json"),
    )
