"""Notify's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import SystemRandom

import httpx

from libs.events.admin import operator_router
from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.log_reader import log_router
from libs.events.transport import Names
from libs.service.app import ServiceApp, create_service_app
from libs.service.ids import Ids, new_id
from libs.service.reply_tokens import ReplyTokens
from libs.service.secret_box import SecretBox
from libs.service.tls import trusted
from libs.service.tokens import KeyRing
from libs.service.workers import Worker
from services.notify import api
from services.notify.consumers import Deciding, Register
from services.notify.domain.retrying import Randomness
from services.notify.mail.asking import Peer
from services.notify.mail.links import Links
from services.notify.mail.password_links import PasswordLinks
from services.notify.mail.sending import Sending
from services.notify.mail.smtp import SmtpPost
from services.notify.mail.strangers import Strangers
from services.notify.mail.wording import Wordings
from services.notify.runtime import Notify
from services.notify.settings import Settings
from services.notify.store import outbox
from services.notify.wakes import Wakes
from services.notify.webhooks import delivering
from services.notify.webhooks.delivering import Delivering
from services.notify.webhooks.posting import Receiver, http_receiver
from services.notify.webhooks.secrets import PURPOSE

NAME = "notify"
MIGRATIONS = Path(__file__).parent / "migrations"
_random = SystemRandom().random


@dataclass
class _Making:
    """What the workers and the routes share."""

    settings: Settings
    client: httpx.AsyncClient
    receiver: Receiver
    random: Randomness
    ids: Ids
    wakes: Wakes = field(default_factory=Wakes)

    def decider(self, backbone: Backbone) -> Deciding:
        return Deciding(backbone.own_log, self.settings, self.wakes)

    def workers(self, backbone: Backbone) -> list[Worker]:
        self.notify = self._runtime(backbone)
        return [self.notify.sending, self.notify.delivering]

    def _runtime(self, backbone: Backbone) -> Notify:
        settings, log = self.settings, backbone.own_log
        secret = settings.notify_secret or settings.system_key
        links = Links(settings.public_url, secret)
        words = Wordings(
            backbone.pool,
            links,
            ReplyTokens(settings.reply_key or settings.system_key),
            settings.mail_reply_address,
            PasswordLinks(self._peer("accounts")),
            Strangers(self._peer("intake")),
        )
        post = SmtpPost(settings) if settings.smtp_host else None
        sending = Sending(log, words, post, settings, self.wakes.mail, self.random)
        box = SecretBox(secret, PURPOSE)
        parts = delivering.Parts(log, self.receiver, box, settings, self.random)
        hooks = Delivering(parts, self.wakes.webhooks)
        return Notify(log, self.ids, settings, words, links, sending, hooks, box, self.wakes)

    def _peer(self, service: str) -> Peer:
        return Peer(service, self.settings.service_url(service), self.client, self.settings.system_key)


def create_app(
    settings: Settings | None = None,
    *,
    key_ring: KeyRing | None = None,
    names: Names | None = None,
    ids: Ids = new_id,
    now: Callable[[], datetime] | None = None,
    random: Randomness = _random,
) -> ServiceApp:
    settings, key_ring = settings or Settings(), key_ring or KeyRing()

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Notify]:
        async with httpx.AsyncClient(timeout=10, verify=trusted()) as client, http_receiver(settings) as receiver:
            making = _Making(settings, client, receiver, random, ids)
            parts = Parts(
                migrations=MIGRATIONS,
                projection=Register(),
                decider=making.decider,
                workers=making.workers,
                names=names or Names(),
                ids=ids,
                now=now,
            )
            async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
                await outbox.begin(backbone.pool, await backbone.own_log.now())
                yield making.notify

    return create_service_app(
        NAME,
        "Notify",
        settings,
        routers=[*api.routers(), log_router(NAME), operator_router(NAME)],
        lifespan=lifespan,
        key_ring=key_ring,
        public=api.PUBLIC,
    )
