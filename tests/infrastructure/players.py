"""Other services, played: a real log with its relay and its feed, into which a test writes events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.types import ASGIApp

from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.catalogue.base import EventData
from libs.events.envelope import Cause
from libs.events.log import Change, Log, NewEvent, TimePassed
from libs.events.log_reader import log_router
from libs.service.app import ServiceApp, create_service_app
from libs.service.serve import Server, server_for
from libs.service.settings import ServiceSettings
from libs.service.tokens import KeyRing

CAUSE = Cause(actor="service:test", correlation="test")


@dataclass
class Player:
    """Tells what another service would tell."""

    backbone: Backbone
    versions: dict[UUID, int] = field(default_factory=dict)

    @property
    def log(self) -> Log:
        return self.backbone.own_log

    async def tell(self, entity: UUID, *data: EventData, at: datetime | None = None, cause: Cause = CAUSE) -> int:
        """Append events of one entity; the position of the last."""
        version = self.versions.get(entity, 0)
        kind = data[0].TYPE.split(".")[0]
        change = Change(entity, kind, version, [NewEvent(one) for one in data], b"{}")
        position = await self._append(change, at, cause)
        self.versions[entity] = version + len(data)
        return position

    async def _append(self, change: Change, at: datetime | None, cause: Cause) -> int:
        while True:
            try:
                return await self.log.append([change], cause, at or await self.log.now())
            except TimePassed:  # a machine under load may take its time between the two
                if at:
                    raise


def player_app(
    service: str,
    settings: ServiceSettings,
    now: Callable[[], datetime] | None = None,
    routes: APIRouter | None = None,
) -> ServiceApp:
    key_ring = KeyRing()

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Player]:
        async with running_backbone(app, service, settings, key_ring, Parts(now=now)) as backbone:
            yield Player(backbone)

    routers = [log_router(service), *([routes] if routes else [])]
    return create_service_app(service, service, settings, routers=routers, lifespan=lifespan, key_ring=key_ring)


@asynccontextmanager
async def served(app: ASGIApp, settings: ServiceSettings, **options: Any) -> AsyncIterator[Server]:
    """The app on the settings' port, in this event loop, from started to drained."""
    server = server_for(app, settings, loop="none", **options)
    serving = asyncio.create_task(_serve(server))
    try:
        while not server.started:
            if serving.done():
                raise RuntimeError("the server ended before it had started")
            await asyncio.sleep(0.01)
        yield server
    finally:
        server.should_exit = True
        await serving


async def _serve(server: Server) -> None:
    """Serve until told to stop; uvicorn's wish to end the process is none in a test."""
    with suppress(SystemExit):
        await server.serve()
