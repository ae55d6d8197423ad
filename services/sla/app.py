"""Sla's composition root."""

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
from services.sla.api import routers
from services.sla.commands import Commands
from services.sla.consumers import Decisions, Register
from services.sla.deadlines import Deadlines
from services.sla.judging import Judge
from services.sla.runtime import Sla
from services.sla.settings import Settings

NAME = "sla"
MIGRATIONS = Path(__file__).parent / "migrations"


class _Deciding:
    """One judge for what others tell and for what comes by time."""

    def decider(self, backbone: Backbone) -> Decisions:
        self.judge = Judge(backbone.own_log)
        self.deadlines = Deadlines(self.judge)
        return Decisions(self.judge, self.deadlines)

    def workers(self, _: Backbone) -> list[Deadlines]:
        return [self.deadlines]

    def runtime(self, backbone: Backbone) -> Sla:
        log = backbone.own_log
        return Sla(log, Commands(log, self.deadlines.changed), self.judge.plans)


def create_app(
    settings: Settings | None = None,
    *,
    key_ring: KeyRing | None = None,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
) -> ServiceApp:
    settings, key_ring, deciding = settings or Settings(), key_ring or KeyRing(), _Deciding()
    parts = Parts(
        migrations=MIGRATIONS,
        projection=Register(),
        decider=deciding.decider,
        workers=deciding.workers,
        names=names or Names(),
        ids=ids,
        now=now,
    )

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Sla]:
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            yield deciding.runtime(backbone)

    all_routers = [*routers(), log_router(NAME), operator_router(NAME)]
    return create_service_app(NAME, "Sla", settings, routers=all_routers, lifespan=lifespan, key_ring=key_ring)
