"""What services keep of each other's events, and what their logs make of it, folded once more."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import asyncpg

from libs.events import identities, projection
from libs.events.envelope import Event
from libs.events.feed import Feed
from libs.events.projection import LIVE, Projection
from libs.service.database import create_pool
from services.intake.consumers.registry import Registry
from services.notify.consumers.register import Register as Notified
from services.query.consumers import ReadModel
from services.routing.consumers.facts import Facts
from services.sla.consumers import Register
from tests.infrastructure.product import SYSTEM_KEY, Product
from tests.integration.query.query_builders import interleaved

PROJECTIONS: dict[str, Projection] = {
    "intake": Registry(),
    "routing": Facts(),
    "sla": Register(),
    "notify": Notified(),
    "query": ReadModel(),
}
WRITERS = ("accounts", "intake", "routing", "sla", "notify")
OF_THE_WAY = {"query": {"changes", "completeness", "clocks"}}
"""Tables that tell how the others came about: what viewers were told, and where lists by remaining time look."""

Kept = dict[str, list[str]]
"""Table -> its rows."""


async def kept(database: asyncpg.Connection | asyncpg.Pool, service: str) -> Kept:
    tables = set(re.findall(r"^create table (\w+)", _statements(PROJECTIONS[service].tables), re.MULTILINE))
    return {table: await _rows(database, table) for table in sorted(tables - OF_THE_WAY.get(service, set()))}


def _statements(tables: Path) -> str:
    return tables.read_text() + identities.TABLES


async def _rows(database: asyncpg.Connection | asyncpg.Pool, table: str) -> list[str]:
    return [row[0] for row in await database.fetch(f"select t::text from live.{table} t order by 1")]  # noqa: S608 - ours


async def told(product: Product) -> dict[str, list[Event]]:
    """All that services have told, as whoever comes new to it reads it."""
    feed = Feed(product.http, dict.fromkeys(WRITERS, product.url), SYSTEM_KEY)
    return {service: await _log(feed, service) for service in WRITERS}


async def _log(feed: Feed, service: str) -> list[Event]:
    events: list[Event] = []
    while True:
        page = await feed.read(service, events[-1].position if events else 0)
        events += page.events
        if page.is_last:
            return events


async def folded(dsn: str, service: str, logs: Mapping[str, Sequence[Event]], chance: Random) -> Kept:
    """What a service keeps to which the sources told this in small pieces, and now this one, now that one first."""
    subject = PROJECTIONS[service]
    heard = {source: logs[source] for source in subject.sources}
    pool = await create_pool(dsn, application_name="test")
    try:
        async with pool.acquire() as connection, connection.transaction():
            await projection.create(connection, LIVE, subject, 1)
        for batch in interleaved(heard, chance):
            async with pool.acquire() as connection, connection.transaction():
                await projection.enter(connection, LIVE)
                await identities.fold(connection, batch)
                await subject.fold(connection, batch)
        return await kept(pool, service)
    finally:
        await pool.close()
