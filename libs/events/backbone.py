"""What every service's composition root begins with: database, log, relay, consumer, and the workers that drive them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import httpx
from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.events import log as log_module
from libs.events import projection as projection_module
from libs.events.consumer import Consumer
from libs.events.erasure import Eraser
from libs.events.feed import Feed
from libs.events.gate import ProjectionGate
from libs.events.identities.keeper import IdentityKeeper
from libs.events.log import Log
from libs.events.log_reader import LogReader
from libs.events.projection import Decider, Projection
from libs.events.relay import Relay, RelaySettings
from libs.events.stream import Limits
from libs.events.transport import Names, Transport
from libs.service.app import ServiceApp
from libs.service.database import service_database
from libs.service.ids import Ids, new_id
from libs.service.settings import ServiceSettings
from libs.service.tls import trusted
from libs.service.tokens import KeyRing
from libs.service.workers import Worker, Workers

OPENING_SECONDS = 1.0
"""How long a start waits for a projection that fits: the first one is made within moments."""
SERVICES = ("accounts", "intake", "routing", "sla", "notify", "query")


@dataclass
class Backbone:
    """The running parts of one service. `log` is there when it writes facts, `consumer` when it follows others."""

    service: str
    settings: ServiceSettings
    pool: asyncpg.Pool
    transport: Transport
    log: Log | None = None
    reader: LogReader | None = None
    relay: Relay | None = None
    consumer: Consumer | None = None
    workers: list[Worker] = field(default_factory=list)

    @property
    def own_log(self) -> Log:
        assert self.log is not None, f"{self.service} writes no facts"
        return self.log

    @property
    def own_consumer(self) -> Consumer:
        assert self.consumer is not None, f"{self.service} follows nobody"
        return self.consumer


@dataclass(frozen=True)
class Parts:
    """What a service brings to its backbone. A service without a projection follows nobody."""

    migrations: Path | None = None
    writes: bool = True
    projection: Projection | None = None
    decider: Callable[[Backbone], Decider] = lambda _: Decider()
    workers: Callable[[Backbone], Sequence[Worker]] = lambda _: ()
    names: Names = field(default_factory=Names)
    ids: Ids = new_id
    now: Callable[[], datetime] | None = None
    """Replaces PostgreSQL's clock, for tests."""


@asynccontextmanager
async def running_backbone(
    app: ServiceApp, service: str, settings: ServiceSettings, key_ring: KeyRing, parts: Parts
) -> AsyncIterator[Backbone]:
    """Open everything, run the workers, and at the end let them finish what they have begun."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(service_database(service, settings, *_migrations(parts)))
        transport = Transport(settings.nats_url, parts.names)
        stack.push_async_callback(transport.close)
        backbone, gate = Backbone(service, settings, pool, transport), None
        if parts.writes:
            _add_log(backbone, parts)
        if parts.projection is not None:
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=30, verify=trusted()))
            _add_consumer(backbone, parts, parts.projection, client)
            _add_identities(app, backbone, key_ring)
            gate = _add_gate(app, backbone, parts.projection)
        backbone.workers += parts.workers(backbone)
        app.state.backbone = backbone
        app.ready_when(postgresql=_postgres_check(pool))
        workers = Workers(service, backbone.workers, drain_seconds=settings.drain_seconds)
        app.watch(workers)
        await stack.enter_async_context(workers.running())
        if gate:
            await gate.opened(OPENING_SECONDS)
        yield backbone


async def the_backbone(connection: HTTPConnection) -> Backbone:
    backbone = connection.app.state.backbone
    assert isinstance(backbone, Backbone)
    return backbone


CurrentBackbone = Annotated[Backbone, Depends(the_backbone)]


def _migrations(parts: Parts) -> Iterable[Path]:
    if parts.writes:
        yield log_module.MIGRATIONS
    if parts.projection is not None:
        yield projection_module.MIGRATIONS
    if parts.migrations is not None:
        yield parts.migrations


def _add_log(backbone: Backbone, parts: Parts) -> None:
    settings = backbone.settings
    log = Log(backbone.service, backbone.pool, ids=parts.ids, now=parts.now)
    limits = Limits(settings.stream_max_age_seconds, settings.stream_replicas, settings.stream_duplicate_window_seconds)
    relay = Relay(log, backbone.transport, RelaySettings(limits))
    backbone.log, backbone.relay, backbone.reader = log, relay, LogReader(log)
    backbone.workers += [relay, Eraser(log, relay, backbone.transport, limits)]


def _add_consumer(backbone: Backbone, parts: Parts, projection: Projection, client: httpx.AsyncClient) -> None:
    settings = backbone.settings
    urls = {service: settings.service_url(service) for service in SERVICES}
    feed = Feed(client, urls, settings.system_key.get_secret_value())
    backbone.consumer = Consumer(
        backbone.service,
        backbone.pool,
        backbone.transport,
        feed,
        projection,
        parts.decider(backbone),
        log=backbone.log,
    )
    backbone.workers.append(backbone.consumer)


def _add_identities(app: ServiceApp, backbone: Backbone, key_ring: KeyRing) -> None:
    keeper = IdentityKeeper(backbone.pool, key_ring, backbone.own_consumer.applied)
    backbone.workers.append(keeper)
    app.state.staff = keeper


def _add_gate(app: ServiceApp, backbone: Backbone, projection: Projection) -> ProjectionGate:
    gate = ProjectionGate(backbone.pool, backbone.own_consumer.applied, projection.version)
    backbone.workers.append(gate)
    app.ready_when(projection=gate.check)
    app.serve_unless(lambda: gate.shut)
    return gate


def _postgres_check(pool: asyncpg.Pool) -> Callable[[], Awaitable[str | None]]:
    async def check() -> str | None:
        await pool.fetchval("select 1")
        return None

    return check
