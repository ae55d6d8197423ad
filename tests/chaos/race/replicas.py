"""One ticket, three administrators, and an intake process for each, whose clocks disagree by minutes."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson

from deploy.local.child import Child, Program
from deploy.local.http_ready import answers
from deploy.local.ports import LOOPBACK
from deploy.local.readiness import until_ready
from libs.events.catalogue.accounts import AdministratorCreated
from libs.service.auth import Caller, issue
from tests.chaos.race.contestant import Contestant, Deed
from tests.chaos.race.referee import Entry
from tests.infrastructure.cast import until
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import ROOT
from tests.infrastructure.ports import free_port
from tests.integration.intake.conftest import Stage, World

LEASE_SECONDS = 0.2
_READY_SECONDS = 60.0
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Skew:
    """How a contestant's process is run: so many seconds ahead of time, and with which module."""

    seconds: int
    module: str = "services.intake"


@dataclass(frozen=True)
class Race:
    world: World
    ticket: UUID
    contestants: Sequence[Contestant]
    """The third's process has the right time."""
    deeds: list[Deed]

    async def log(self) -> list[Entry]:
        rows = await self.world.database.fetch(
            "select type, time, envelope->'data' as data from log where entity = $1 order by version", self.ticket
        )
        return [Entry(row["type"], row["time"], orjson.loads(row["data"])) for row in rows]


async def clock_of(contestant: Contestant) -> datetime:
    """What the contestant's process takes for the present time, to the second."""
    response = await contestant.own.get("/api/intake/healthz")
    return parsedate_to_datetime(response.headers["Date"])


@asynccontextmanager
async def race_on(stage: Stage, skews: Sequence[Skew]) -> AsyncIterator[Race]:
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(stage.intake(block_seconds=LEASE_SECONDS))
        folder = stack.enter_context(server_folder())
        replicas = [await stack.enter_async_context(_process(skew, stage.common, folder)) for skew in skews]
        wrong = [await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30)) for url in replicas]
        yield await _met(world, [*wrong, world.http])


@asynccontextmanager
async def _process(skew: Skew, common: dict[str, Any], folder: Path) -> AsyncIterator[str]:
    """Another replica of intake, until the end of the block; its URL."""
    port = free_port()
    own = {**common, "block_seconds": LEASE_SECONDS, "port": port}
    settings = {f"HELPDESK_{name.upper()}": str(value) for name, value in own.items()}
    command = [sys.executable, "-m", "tests.chaos.race.skewed", str(skew.seconds), skew.module]
    name = f"intake {skew.seconds:+} s"
    child = Child(
        Program(
            name,
            command,
            output=folder / f"{name}.log",
            environment={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        )
    )
    url = f"http://{LOOPBACK}:{port}"
    try:
        await child.start()
        await until_ready(child, lambda: answers(f"{url}/api/intake/readyz"), _READY_SECONDS)
        yield url
    finally:
        await child.kill()


async def _met(world: World, clients: Sequence[httpx.AsyncClient]) -> Race:
    """All processes know everybody, and the ticket is there."""
    third = uuid4()
    await world.accounts.tell(third, AdministratorCreated(name="C", email="c@x.example"))
    await world.consumed()
    ticket, deeds = await world.submit(), list[Deed]()
    contestants = [
        Contestant(who, _token(world, who), ticket, own, other, LEASE_SECONDS, deeds)
        for who, own, other in zip((world.ann, world.bob, third), clients, [*clients[1:], clients[0]], strict=True)
    ]
    for contestant, rival in zip(contestants, [*contestants[1:], contestants[0]], strict=True):
        contestant.rival = rival
    for contestant in contestants:
        for http in clients:
            await until(contestant.is_known_to, http)
    return Race(world, ticket, contestants, deeds)


def _token(world: World, who: UUID) -> str:
    """A token that is good now, whatever a process takes for now."""
    caller = Caller(kind="administrator", id=str(who))
    began = datetime.now(UTC) - _DAY
    return issue(caller, private_key=world.key, kid="k", now=began, ttl_seconds=2 * _DAY.total_seconds(), jti="one")
