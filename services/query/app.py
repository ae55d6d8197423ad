"""Query's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from libs.events.admin import operator_router
from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.identities.keeper import IdentityKeeper
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.tokens import KeyRing
from libs.service.workers import Workers
from services.query.api import routers
from services.query.commands import ViewCommands
from services.query.consistency import Consistency
from services.query.console import Console, ConsoleRoute
from services.query.consumers import ReadModel
from services.query.consumers.completeness import Completeness
from services.query.live import Live, Pace
from services.query.markers import Markers
from services.query.runtime import Query
from services.query.settings import Settings
from services.query.store.lookups import Lookups

NAME = "query"
MIGRATIONS = Path(__file__).parent / "migrations"
ROOT = Path(__file__).parents[2]


def create_app(
    settings: Settings | None = None,
    *,
    key_ring: KeyRing | None = None,
    names: Names | None = None,
    now: Callable[[], datetime] | None = None,
) -> ServiceApp:
    settings, key_ring = settings or Settings(), key_ring or KeyRing()
    parts = Parts(migrations=MIGRATIONS, writes=False, projection=ReadModel(), decider=_decider, names=names or Names())

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Query]:
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            query = _query(backbone, app.state.staff, settings, now)
            markers = Markers(backbone.transport, backbone.own_consumer.applied)
            async with Workers(NAME, [query.live, markers], drain_seconds=settings.drain_seconds).running():
                yield query

    app = create_service_app(
        NAME, "Query", settings, routers=[*routers, operator_router(NAME)], lifespan=lifespan, key_ring=key_ring
    )
    app.router.routes.append(ConsoleRoute(Console(ROOT / settings.console_folder)))  # the last, as it takes everything
    return app


def _decider(_: Backbone) -> Completeness:
    return Completeness()


def _query(
    backbone: Backbone, identities: IdentityKeeper, settings: Settings, now: Callable[[], datetime] | None
) -> Query:
    applied, lookups = backbone.own_consumer.applied, Lookups(backbone.pool)
    return Query(
        backbone.pool,
        lookups,
        Consistency(backbone.pool, applied, identities, settings.consistency_seconds),
        Live(backbone.pool, lookups, applied, identities, _pace(settings), now),
        ViewCommands(backbone.pool, now),
        settings.live_heartbeat_seconds,
        now,
    )


def _pace(settings: Settings) -> Pace:
    return Pace(
        poll=settings.live_poll_seconds,
        pause=settings.live_pause_seconds,
        kept=settings.live_kept_seconds,
    )
