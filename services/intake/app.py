"""Intake's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from libs.events.admin import operator_router
from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.due import Due, DueFacts
from libs.events.log import Change
from libs.events.log_reader import log_router
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.ids import Ids, new_id
from libs.service.tokens import KeyRing
from services.intake import domain, store
from services.intake.api import router
from services.intake.commands import Commands
from services.intake.consumers import Adoption, Registry
from services.intake.settings import Settings

NAME = "intake"
MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(
    settings: Settings | None = None,
    *,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
) -> ServiceApp:
    settings = settings or Settings()
    key_ring = KeyRing()
    parts = Parts(
        migrations=MIGRATIONS,
        projection=Registry(),
        decider=lambda backbone: Adoption(backbone.own_log),
        workers=_workers,
        names=names or Names(),
        ids=ids,
        now=now,
    )

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Commands]:
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            yield Commands(backbone.own_log, ids, settings.block_seconds)

    routers = [router, log_router(NAME), operator_router(NAME)]
    return create_service_app(NAME, "Intake", settings, routers=routers, lifespan=lifespan, key_ring=key_ring)


def _workers(backbone: Backbone) -> list[DueFacts]:
    return [DueFacts(backbone.own_log, end_block)]


def end_block(due: Due) -> Change:
    """A block that was not renewed ends at its own instant."""
    ticket = domain.Ticket.model_validate_json(due.state)
    return store.change(due.entity, due.version, domain.expire(ticket, due.version, due.at))
