"""Routing's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from libs.events.admin import operator_router
from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.log_reader import log_router
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.ids import Ids, new_id
from libs.service.tokens import KeyRing
from services.routing import api
from services.routing.commands import Commands
from services.routing.consumers import Facts, Judging
from services.routing.judge import Judge
from services.routing.rejudging import Rejudging
from services.routing.runtime import Routing
from services.routing.settings import Settings
from services.routing.staff import OwnDepartments

NAME = "routing"
MIGRATIONS = Path(__file__).parent / "migrations"


class _Deciding:
    """One judge for what others tell and for what is asked here."""

    def decider(self, backbone: Backbone) -> Judging:
        self.judge = Judge(backbone.own_log)
        self.rejudging = Rejudging(backbone.own_log, self.judge)
        return Judging(backbone.own_log, self.judge)

    def workers(self, _: Backbone) -> list[Rejudging]:
        return [self.rejudging]


def create_app(
    settings: Settings | None = None,
    *,
    key_ring: KeyRing | None = None,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
) -> ServiceApp:
    """Answer the application; the keywords are for tests."""
    settings, key_ring = settings or Settings(), key_ring or KeyRing()
    deciding = _Deciding()
    parts = Parts(
        migrations=MIGRATIONS,
        projection=Facts(),
        decider=deciding.decider,
        workers=deciding.workers,
        names=names or Names(),
        ids=ids,
        now=now,
    )

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Routing]:
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            app.state.staff = OwnDepartments(app.state.staff, backbone.pool)
            yield Routing(backbone, Commands(backbone.own_log, ids), deciding.judge, deciding.rejudging)

    return create_service_app(
        NAME,
        "Routing",
        settings,
        routers=[*api.routers(), log_router(NAME), operator_router(NAME)],
        lifespan=lifespan,
        key_ring=key_ring,
    )
