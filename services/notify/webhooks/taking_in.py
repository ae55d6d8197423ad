"""Queueing events for the webhooks that want them, in the transaction that holds the checkpoint."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from libs.events.envelope import Event, is_final
from libs.events.projection import Connection
from services.notify.domain.schedule import is_news
from services.notify.store import webhooks


class WebhookIntake:
    """What is older than a webhook is not its news; nor what is older than what is kept: it may have been delivered."""

    def __init__(self, kept_seconds: int) -> None:
        self._kept_seconds = kept_seconds

    async def take_in(self, connection: Connection, events: Sequence[Event], now: datetime) -> bool:
        """Whether there is something to deliver."""
        hooks, is_wanted = await webhooks.subscriptions(connection), False
        for event in events:
            wanting = [
                hook["id"]
                for hook in hooks
                if event.type in hook["types"] and is_news(event.time, hook["created_at"], now, self._kept_seconds)
            ]
            if wanting:
                await webhooks.keep(connection, event, wanting, now)
                is_wanted = True
        if deleted := [UUID(event.entity) for event in events if is_final(event.type)]:
            await webhooks.redact(connection, deleted)
        return is_wanted
