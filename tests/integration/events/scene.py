"""Small worlds for tests of the backbone: a writing service in parts, a reading one, and workers run for a while."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import httpx
import orjson

from libs.events.backbone import Backbone
from libs.events.commands import execute
from libs.events.consumer import Consumer, ConsumerSettings
from libs.events.envelope import Cause, Event, parse
from libs.events.feed import Feed
from libs.events.log import Log
from libs.events.log_reader import LogReader, log_router
from libs.events.projection import Projection
from libs.events.relay import Relay, RelaySettings
from libs.events.stream import Limits, Stream
from libs.events.transport import Transport
from libs.service.app import ServiceApp, create_service_app
from libs.service.settings import ServiceSettings
from libs.service.tokens import KeyRing
from libs.service.workers import Worker
from tests.faults.pair import scribe
from tests.faults.pair.mirror import Counter, Mirror
from tests.faults.pair.scribe import Line

SECONDS = 20.0
KEY = "the key of the tests"
CAUSE = Cause(actor="system:test", correlation="test")

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], is_right: Callable[[T], bool]) -> T:
    """Look until it is right; the last look fails the test by its words."""
    async with asyncio.timeout(SECONDS * 2):
        end = asyncio.get_running_loop().time() + SECONDS
        while not is_right(found := await look()):
            assert asyncio.get_running_loop().time() < end, f"still {found}"
            await asyncio.sleep(0.02)
        return found


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    """The workers, from started to finished."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), SECONDS)


@dataclass
class Origin:
    """A service that writes notes: log, stream and feed."""

    log: Log
    transport: Transport
    limits: Limits
    name: str = scribe.NAME

    @property
    def pool(self) -> asyncpg.Pool:
        return self.log.pool

    def relay(self) -> Relay:
        return Relay(self.log, self.transport, RelaySettings(self.limits, marker_seconds=0.1, slack_seconds=0.05))

    async def write(self, note: UUID, *lines: str, old_version: bool = False) -> int:
        """Append lines, one by one; the position of the last."""
        position = 0
        for line in lines:
            asked = Line(line=line, old_version=old_version)
            outcome = await execute(self.log, note, "note", partial(scribe.write, line=asked), CAUSE)
            position = outcome.position
        return position

    async def stream(self) -> Stream:
        return Stream(await self.transport.client(), self.transport.names, self.name, self.limits)

    async def told(self) -> list[Event]:
        """What the stream holds."""
        stream = await self.stream()
        messages = stream.messages(self.transport.names.events(self.name))
        return [parse(message.data or b"") async for message in messages]

    async def told_lines(self) -> list[str]:
        return [event.data.get("line", event.type) for event in await self.told()]

    async def has_told(self, *lines: str) -> None:
        await until(self.told_lines, lambda told: told == list(lines))

    async def positions(self) -> list[int]:
        rows = await self.pool.fetch("select position from log order by position")
        return [row["position"] for row in rows]

    async def forget_after(self, position: int) -> None:
        """What a restore to an earlier point leaves: later events never were, and their positions come again."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute("delete from log where position > $1", position)
            await connection.execute("delete from idempotency where position > $1", position)
            await connection.execute(
                "delete from entities where id not in (select entity from log);"
                "update entities e set version = (select max(version) from log where entity = e.id)"
            )
            await connection.execute("select setval('log_position', greatest($1::bigint, 1), $1 > 0)", position)

    def app(self) -> ServiceApp:
        """The feed over HTTP, and nothing else."""
        settings = ServiceSettings(system_key=KEY)
        app = create_service_app(
            self.name, self.name, settings, routers=[log_router(self.name)], lifespan=_nothing, key_ring=KeyRing()
        )
        app.state.backbone = Backbone(
            self.name, settings, self.pool, self.transport, log=self.log, reader=LogReader(self.log)
        )
        return app


@asynccontextmanager
async def _nothing(_: ServiceApp) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def feed_of(*origins: Origin) -> AsyncIterator[Feed]:
    """Read these services' logs over HTTP, without sockets."""
    mounts = {f"all://{origin.name}": httpx.ASGITransport(origin.app()) for origin in origins}
    async with httpx.AsyncClient(mounts=mounts, timeout=30) as client:
        yield Feed(client, {origin.name: f"http://{origin.name}" for origin in origins}, KEY)


@dataclass
class Copy:
    """A service that mirrors notes and decides about them."""

    log: Log
    transport: Transport
    feed: Feed

    @property
    def pool(self) -> asyncpg.Pool:
        return self.log.pool

    def consumer(self, projection: Projection | None = None) -> Consumer:
        return Consumer(
            self.log.service,
            self.pool,
            self.transport,
            self.feed,
            projection or Mirror(),
            Counter(self.log),
            log=self.log,
            settings=ConsumerSettings(housekeeping_seconds=0.05),
        )

    async def text(self, note: UUID) -> str | None:
        text: str | None = await self._live("select text from live.notes where id = $1", str(note))
        return text

    async def has_text(self, note: UUID, *lines: str) -> None:
        await until(lambda: self.text(note), lambda text: text == "".join(f"{line}\n" for line in lines))

    async def parked(self) -> int:
        count: int = await self._live("select count(*) from live.parked") or 0
        return count

    async def generation(self) -> int:
        generation: int = await self._live("select id from live.generation") or 0
        return generation

    async def seen(self) -> list[int]:
        rows = await self.pool.fetch("select position from live.seen order by number")
        return [row["position"] for row in rows]

    async def causes(self) -> list[str]:
        """What was decided about, in order."""
        rows = await self.pool.fetch("select envelope from log order by position")
        return [orjson.loads(row["envelope"])["causationid"] for row in rows]

    async def _live(self, query: str, *arguments: object) -> Any:
        """None while there is no projection yet."""
        try:
            return await self.pool.fetchval(query, *arguments)
        except asyncpg.UndefinedTableError:
            return None


def new_note() -> UUID:
    return uuid.uuid4()


def still(time: datetime) -> Callable[[], datetime]:
    return lambda: time
