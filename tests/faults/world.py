"""The world of a run: two PostgreSQL servers, NATS, the replicas of the pair, and a keeper who starts what has died."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import asyncpg

from libs.service.settings import database_name
from tests.faults.door import door
from tests.faults.pair import mirror, scribe
from tests.faults.plan import Plan
from tests.faults.replica import Replica
from tests.infrastructure.embedded import OwnNats, OwnPostgres

SYSTEM_KEY = "the key of the simulator"
SERVICES = {"scribe": scribe.NAME, "mirror": mirror.NAME}
_POSTGRES = {"shared_buffers": "24MB", "fsync": "off", "max_connections": "60"}
_KEEPER_SECONDS = 0.02
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Loss:
    """A restore: commands of `role` acknowledged in this time may be gone."""

    role: str
    since: float
    until: float


@dataclass
class World:
    folder: Path
    nats: OwnNats
    postgres: dict[str, OwnPostgres]
    """By role."""
    replicas: dict[str, Replica] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    at_point: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """By replica: what happens while it stands at its point."""
    servers: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One fault at a time on the servers."""

    @property
    def antidote(self) -> Path:
        return self.folder / "antidote"

    def of_role(self, role: str) -> list[Replica]:
        return [replica for replica in self.replicas.values() if replica.role == role]

    def dsn(self, role: str) -> str:
        return self.postgres[role].dsn(database_name(SERVICES[role]))

    @asynccontextmanager
    async def database(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.dsn(role))
        try:
            yield connection
        finally:
            await connection.close()

    async def keep(self) -> None:
        """Start what has died, and lead on what stands at a point; for ever."""
        while True:
            await asyncio.sleep(_KEEPER_SECONDS)
            for replica in self.replicas.values():
                if not replica.alive:
                    if not replica.resting:
                        replica.start()
                elif replica.stands_at_point:
                    await self.at_point.pop(replica.name, _nothing)()
                    replica.go_on()

    async def all_ready(self) -> None:
        deadline = monotonic() + _START_SECONDS
        for replica in self.replicas.values():
            while not await replica.ready():
                if monotonic() > deadline:
                    raise TimeoutError(f"{replica.name} does not get ready; see {replica.output}")
                await asyncio.sleep(0.05)


async def _nothing() -> None: ...


@asynccontextmanager
async def running_world(plan: Plan, folder: Path, broken: str | None = None) -> AsyncIterator[World]:
    """A world in which all are up; all are gone afterwards but for the folder."""
    async with AsyncExitStack() as stack:
        world = World(
            folder,
            OwnNats(folder / "nats"),
            {role: OwnPostgres(folder / role, settings=_POSTGRES) for role in SERVICES},
        )
        for server in (world.nats, *world.postgres.values()):
            stack.push_async_callback(server.kill)
        await asyncio.gather(*(server.start() for server in (world.nats, *world.postgres.values())))
        port = await stack.enter_async_context(door(lambda: [one.port for one in world.of_role("scribe")]))
        _add_replicas(world, plan, f"http://127.0.0.1:{port}", broken)
        stack.push_async_callback(_end_replicas, world)
        stack.push_async_callback(_cancel, asyncio.create_task(world.keep()))
        await world.all_ready()
        yield world


def _add_replicas(world: World, plan: Plan, feed_url: str, broken: str | None) -> None:
    shared = {
        "HELPDESK_NATS_URL": world.nats.url,
        "HELPDESK_SYSTEM_KEY": SYSTEM_KEY,
        "HELPDESK_INTAKE_URL": feed_url,
        "HELPDESK_STREAM_DUPLICATE_WINDOW_SECONDS": str(plan.duplicate_window),
        "HELPDESK_POOL_MAX": "8",
        "HELPDESK_LOG_FORMAT": "console",
        "HELPDESK_DRAIN_SECONDS": "3",
        "PAIR_ANTIDOTE": str(world.antidote),
        "PAIR_BROKEN": broken or "",
    }
    for role in SERVICES:
        environment = {**shared, "HELPDESK_POSTGRES_DSN": world.postgres[role].dsn()}
        for letter in "abc"[: plan.replicas]:
            name = f"{role}-{letter}"
            world.replicas[name] = Replica(name, world.folder, environment)


async def _end_replicas(world: World) -> None:
    await asyncio.gather(*(replica.end() for replica in world.replicas.values()))


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def copy_cluster(source: Path, target: Path) -> None:
    """Copy a data directory with its owners, in place of what is there."""
    await asyncio.to_thread(shutil.rmtree, target, ignore_errors=True)
    copying = await asyncio.create_subprocess_exec("cp", "-a", str(source), str(target))
    if await copying.wait():
        raise RuntimeError(f"cp of {source} failed")
