"""The worker that delivers: a task for each webhook that has something waiting, so that a slow one holds up no other.

Within a webhook the first waiting delivery of each entity is tried, several entities at a time: so what happened to a ticket
arrives in order, however often one of its deliveries fails.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import structlog

from libs.events.envelope import instant
from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Log
from libs.events.waiting import Interval, cancelled, wait_any
from libs.service import metrics
from libs.service.secret_box import NotOurs, SecretBox
from services.notify.domain.retrying import Randomness, pause
from services.notify.settings import Settings
from services.notify.store import webhooks
from services.notify.store.webhooks import Delivery, Webhook
from services.notify.webhooks.posting import Answer, Receiver, signed_headers

logger = structlog.get_logger()

POLL_SECONDS = 1.0
AT_ONCE = 8
"""Deliveries to one receiver at a time."""
LEASE = timedelta(minutes=5)
GONE = 410
TEST = "webhook.test.v1"


@dataclass(frozen=True)
class Parts:
    """What deliveries are made with."""

    log: Log
    receiver: Receiver
    secrets: SecretBox
    settings: Settings
    random: Randomness


class Delivering:
    name = "webhooks"

    def __init__(self, parts: Parts, wake: asyncio.Event) -> None:
        self._parts = parts
        self._pool = parts.log.pool
        self._wake = wake
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._housekeeping = Interval(POLL_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    await self._start_due(stop)
                    if self._housekeeping.is_over():
                        await self._keep_house()
                except DATABASE_ERRORS as error:
                    logger.warning("webhooks_put_off", error=named(error))
                await wait_any(POLL_SECONDS, stop, self._wake)
        finally:
            for task in self._tasks.values():
                await cancelled(task)

    async def _start_due(self, stop: asyncio.Event) -> None:
        now = await self._parts.log.now()
        self._tasks = {webhook: task for webhook, task in self._tasks.items() if not task.done()}
        for webhook in await webhooks.due_hooks(self._pool, now):
            if webhook not in self._tasks:
                self._tasks[webhook] = asyncio.create_task(self._serve(webhook, stop))

    async def _serve(self, webhook: UUID, stop: asyncio.Event) -> None:
        """Deliver to one receiver until nothing is due."""
        try:
            while not stop.is_set() and await self.deliver_due(webhook):
                pass
        except DATABASE_ERRORS as error:
            logger.warning("webhook_put_off", webhook=str(webhook), error=named(error))

    async def deliver_due(self, webhook: UUID) -> int:
        """The first waiting ones of some entities; how many were tried."""
        now = await self._parts.log.now()
        async with self._pool.acquire() as connection, connection.transaction():
            found = await webhooks.claim(connection, webhook, now, LEASE, AT_ONCE)
        hook = await webhooks.find(self._pool, webhook) if found else None
        if hook is None:
            return 0
        await asyncio.gather(*(self._deliver(hook, one) for one in found))
        return len(found)

    async def _deliver(self, hook: Webhook, one: Delivery) -> None:
        answer = await self._post(hook, str(one.event), one.payload.encode())
        outcome = "delivered" if answer.is_taken else "failed"
        metrics.WEBHOOK_DELIVERIES.labels(service="notify", outcome=outcome).inc()
        now = await self._parts.log.now()
        if answer.is_taken and answer.status:
            await webhooks.delivered(self._pool, one.number, answer.status, now)
            await webhooks.note_success(self._pool, hook.id)
            return
        await self._failed(hook, one, answer)

    async def _failed(self, hook: Webhook, one: Delivery, answer: Answer) -> None:
        """Later again; a delivery that was tried for too long is let go, a receiver that failed for so long is paused."""
        settings, now = self._parts.settings, await self._parts.log.now()
        error = answer.error or str(answer.status)
        longest = timedelta(seconds=settings.webhook_give_up_seconds)
        since = await webhooks.note_failure(self._pool, hook.id, error, now)
        logger.warning("webhook_failed", webhook=str(hook.id), delivery=one.number, error=error, attempts=one.attempts)
        if answer.status == GONE or now - since >= longest:
            if await webhooks.pause(self._pool, hook.id, now):
                logger.error("webhook_paused", webhook=str(hook.id), failing_since=instant(since), error=error)
        elif now - one.queued_at >= longest:
            await webhooks.give_up(self._pool, one.number, answer.status, answer.error, now)
            return
        until = now + pause(settings.webhook_retry_seconds, one.attempts, self._parts.random)
        await webhooks.put_off(self._pool, one.number, until, answer.status, answer.error)

    async def _post(self, hook: Webhook, message: str, body: bytes) -> Answer:
        try:
            secret = self._parts.secrets.open(hook.secret)
        except NotOurs:
            return Answer(error="secret_unreadable")
        headers = signed_headers(secret, message, await self._parts.log.now(), body)
        return await self._parts.receiver.post(hook.url, body, headers)

    async def test(self, hook: Webhook) -> Answer:
        """Post an event that means nothing, now, whatever the webhook's state."""
        message, now = str(uuid4()), await self._parts.log.now()
        event = {
            "specversion": "1.0",
            "id": message,
            "source": "/helpdesk/notify",
            "type": TEST,
            "subject": str(hook.id),
            "time": instant(now),
            "datacontenttype": "application/json",
            "data": {},
        }
        return await self._post(hook, message, orjson.dumps(event))

    async def _keep_house(self) -> None:
        kept = timedelta(seconds=self._parts.settings.webhook_kept_seconds)
        await webhooks.forget(self._pool, await self._parts.log.now() - kept)
        paused, pending = await webhooks.figures(self._pool)
        metrics.WEBHOOKS_PAUSED.labels(service="notify").set(paused)
        metrics.WEBHOOK_DELIVERIES_PENDING.labels(service="notify").set(pending)
