"""The services around the one under test, played, and when that one has heard what they tell."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
import httpx
from fastapi import APIRouter

from libs.service.settings import ServiceSettings
from tests.infrastructure.players import Player, player_app, served
from tests.infrastructure.ports import free_port

SYSTEM_KEY = "the key that services share"


def settings_of(service: str, played: Iterable[str], postgres_dsn: str, nats_url: str) -> dict[str, Any]:
    """What a service is set to that knows of these others; each has a free port."""
    ports = {name: free_port() for name in (service, *played)}
    return {
        "port": ports[service],
        "postgres_dsn": postgres_dsn,
        "nats_url": nats_url,
        "system_key": SYSTEM_KEY,
        "pool_min": 1,
        **{f"{name}_url": f"http://127.0.0.1:{port}" for name, port in ports.items()},
    }


@dataclass
class Cast:
    """Players by service. All of them start and stop together, or one of them alone; who comes back knows what it told."""

    settings: ServiceSettings
    """Those of the service under test."""
    now: Callable[[], datetime] | None = None
    routes: dict[str, APIRouter] = field(default_factory=dict)
    """What a player answers besides, from its next start on."""
    players: dict[str, Player] = field(default_factory=dict)
    _stages: dict[str, AsyncExitStack] = field(default_factory=dict)

    async def start(self, *services: str) -> None:
        """All of them, or none."""
        try:
            async with asyncio.TaskGroup() as starting:
                for service in services:
                    starting.create_task(self._start(service))
        except BaseException:
            await self.stop()
            raise

    async def stop(self, *services: str) -> None:
        """Stop these, or all that run."""
        await asyncio.gather(*(self._stages.pop(service).aclose() for service in services or tuple(self._stages)))

    async def heard(self, listener: asyncpg.Pool) -> None:
        """Return once the service with this database has read all that the running players have told."""
        for service in self._stages:
            end = await self.players[service].log.pool.fetchval("select coalesce(max(position), 0) from log")
            await until(has_read, listener, service, end)

    async def _start(self, service: str) -> None:
        port = httpx.URL(self.settings.service_url(service)).port
        settings = self.settings.model_copy(update={"port": port})
        app = player_app(service, settings, now=self.now, routes=self.routes.get(service))
        stage = AsyncExitStack()
        await stage.enter_async_context(served(app, settings))
        player: Player = app.state.runtime
        if known := self.players.get(service):
            player.versions.update(known.versions)
        self._stages[service], self.players[service] = stage, player


async def has_read(listener: asyncpg.Pool, source: str, position: int) -> bool:
    if await listener.fetchval("select to_regclass('live.checkpoints')") is None:
        return False
    read = await listener.fetchval("select position from checkpoints where source = $1", source)
    return bool(read is not None and read >= position)


async def until(condition: Callable[..., Awaitable[bool]], *arguments: Any) -> None:
    """Ask again and again, for at most the test's own time-out."""
    while not await condition(*arguments):  # noqa: ASYNC110 - other services' databases have no event to wait for
        await asyncio.sleep(0.01)
