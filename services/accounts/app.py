"""The composition root of accounts."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.due import DueFacts
from libs.events.envelope import Cause
from libs.events.log_reader import log_router
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.clock import Clock, SystemClock
from libs.service.context import current_correlation
from libs.service.ids import Ids, new_id
from libs.service.tokens import KeyRing
from libs.service.workers import Worker
from services.accounts import api
from services.accounts.acting import Acting, run_out
from services.accounts.bootstrap import ensure_administrator
from services.accounts.commands import Commands
from services.accounts.domain.sessions import Lifetimes
from services.accounts.domain.signing_keys import Rotation
from services.accounts.ended_sessions import EndedSessions
from services.accounts.limits import SignInLimits
from services.accounts.password_changes import PasswordChanges
from services.accounts.password_mails import PasswordMails
from services.accounts.passwords import Passwords
from services.accounts.runtime import Accounts
from services.accounts.sessions import Sessions
from services.accounts.settings import Settings
from services.accounts.sign_in import SignIn
from services.accounts.signing_keys import SigningKeys
from services.accounts.staff import Administrators

NAME = "accounts"
MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(
    settings: Settings | None = None,
    *,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
    clock: Clock | None = None,
    hasher: PasswordHasher | None = None,
) -> ServiceApp:
    settings, names, clock = settings or Settings(), names or Names(), clock or SystemClock()
    key_ring = KeyRing(clock)
    passwords = Passwords(hasher or _hasher(settings), settings.password_checks_at_once)

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Accounts]:
        made: list[Accounts] = []

        def workers(backbone: Backbone) -> Sequence[Worker]:
            made.append(_accounts(backbone, settings, key_ring, passwords, clock, ids))
            ending = DueFacts(backbone.own_log, run_out)
            return [made[0].keys, made[0].sign_in.limits, made[0].sessions.known, made[0].passwords.mails, ending]

        parts = Parts(migrations=MIGRATIONS, workers=workers, names=names, ids=ids, now=now)
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            app.state.staff = Administrators(backbone.pool)
            cause = Cause(actor=f"service:{NAME}", correlation=current_correlation())
            await made[0].sessions.known.refresh()  # before there are keys: nothing is let in that has ended
            await made[0].keys.ensure()
            await ensure_administrator(made[0].commands, settings, cause)
            yield made[0]

    return create_service_app(
        NAME,
        "Accounts",
        settings,
        routers=[*api.ROUTERS, log_router(NAME)],
        lifespan=lifespan,
        key_ring=key_ring,
        public=api.PUBLIC,
        body_limits=api.BODY_LIMITS,
    )


def _accounts(
    backbone: Backbone, settings: Settings, ring: KeyRing, passwords: Passwords, clock: Clock, ids: Ids
) -> Accounts:
    log, pool = backbone.own_log, backbone.pool
    keys = SigningKeys(log, ring, clock, settings.signing_key_password, ids, rotation(settings))
    limits = SignInLimits(
        pool,
        clock,
        window_seconds=settings.sign_in_window_seconds,
        per_email=settings.sign_in_failures_per_email,
        per_address=settings.sign_in_failures_per_address,
        mails_per_email=settings.password_mails_per_email,
    )
    known = EndedSessions(pool, ring, clock)
    acting = Acting(log, known, ids, settings.act_as_seconds)
    sessions = Sessions(log, known, acting, clock, ids, _lifetimes(settings))
    sign_in = SignIn(pool, passwords, limits, keys, sessions, clock, settings.access_token_seconds)
    commands = Commands(log, ids, passwords, sessions)
    seconds = settings.password_reset_seconds
    mails = PasswordMails(log, limits, clock, ids, settings.system_key, seconds)
    changes = PasswordChanges(log, passwords, limits, sessions, clock, seconds, mails)
    return Accounts(pool, commands, sign_in, sessions, acting, changes, keys, settings.secure_cookies)


def rotation(settings: Settings) -> Rotation:
    age = settings.signing_key_days
    return Rotation(timedelta(seconds=settings.signing_key_wait_seconds), timedelta(days=age) if age else None)


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        access_token=timedelta(seconds=settings.access_token_seconds),
        idle=timedelta(seconds=settings.session_idle_seconds),
        whole=timedelta(seconds=settings.session_seconds),
        grace=timedelta(seconds=settings.refresh_grace_seconds),
    )


def _hasher(settings: Settings) -> PasswordHasher:
    return PasswordHasher(time_cost=settings.password_iterations, memory_cost=settings.password_memory_kib)
