"""Intake's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from libs.events.admin import operator_router
from libs.events.backbone import Parts, running_backbone
from libs.events.due import DueFacts
from libs.events.log_reader import log_router
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.ids import Ids, new_id
from libs.service.tokens import KeyRing
from services.intake import api
from services.intake.account_eraser import AccountEraser
from services.intake.api.attachments import UPLOADS_PATH
from services.intake.attachments.files import open_files
from services.intake.attachments.remover import Remover
from services.intake.consumers import Deciding, Registry
from services.intake.domain.by_time import ByTime
from services.intake.mail.setup import MailIn
from services.intake.runtime import Intake
from services.intake.settings import Settings
from services.intake.timing import Rescheduling, falling_due

NAME = "intake"
MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(
    settings: Settings | None = None,
    *,
    key_ring: KeyRing | None = None,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
) -> ServiceApp:
    settings = settings or Settings()
    files = open_files(settings.attachments_url)
    key_ring, by_time = key_ring or KeyRing(), ByTime(ids, settings.auto_close)
    parts = Parts(
        migrations=MIGRATIONS,
        projection=Registry(),
        decider=lambda backbone: Deciding(backbone.own_log, by_time),
        workers=lambda backbone: [
            DueFacts(backbone.own_log, falling_due(by_time)),
            Rescheduling(backbone.own_log, by_time),
            AccountEraser(backbone.own_log, by_time),
            Remover(backbone.own_log, files),
            *MailIn.of(backbone.own_log, by_time, settings, files).workers,
        ],
        names=names or Names(),
        ids=ids,
        now=now,
    )

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Intake]:
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            yield Intake.of(backbone.own_log, by_time, app.state.staff, settings, files)

    routers = [*api.routers(), log_router(NAME), operator_router(NAME)]
    return create_service_app(
        NAME,
        "Intake",
        settings,
        routers=routers,
        lifespan=lifespan,
        key_ring=key_ring,
        body_limits={UPLOADS_PATH: settings.attachments_max_bytes},
    )
