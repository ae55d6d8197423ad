"""Keeping a mail. What this has committed is never lost, whatever becomes of it; what it has not, the sender still has."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog

from libs.events.error_names import named
from libs.events.log import Executor, Log
from libs.service import metrics
from libs.service.ids import Ids
from services.intake.domain.mail import parsing
from services.intake.domain.mail.charsets import clean
from services.intake.store import mails
from services.intake.store.mails import Arrived

logger = structlog.get_logger()

T = TypeVar("T")

LONGEST_ADDRESS = 320


class Receiving:
    """`wake` is set for whoever makes something of mails in this process."""

    def __init__(self, log: Log, ids: Ids, wake: asyncio.Event) -> None:
        self._log = log
        self._ids = ids
        self.wake = wake

    @property
    def pool(self) -> asyncpg.Pool:
        return self._log.pool

    async def keep(
        self, gateway: UUID, raw: bytes, recipient: str, envelope_sender: str | None, executor: Executor | None = None
    ) -> bool:
        """Whether it is new; one that has come before by this gateway is kept already. Durable when this returns, unless
        it is within a transaction.
        """
        mail = Arrived(
            id=self._ids(),
            gateway=gateway,
            content_hash=_or(hashlib.sha256(raw).digest(), parsing.fingerprint, raw),
            message_id=clean(_or("", _message_id, raw)),
            recipient=clean(recipient)[:LONGEST_ADDRESS],
            envelope_sender=None if envelope_sender is None else clean(envelope_sender)[:LONGEST_ADDRESS],
            raw=raw,
        )
        is_new = await mails.keep(executor or self.pool, mail, self._log.injected_now())
        metrics.MAILS_RECEIVED.labels(self._log.service, "new" if is_new else "again").inc()
        self.wake.set()
        return is_new


def _message_id(raw: bytes) -> str:
    return parsing.message_id_of(parsing.message_of(raw))


def _or(otherwise: T, read: Callable[[bytes], T], raw: bytes) -> T:
    """Keeping a mail does not depend on whether it can be read."""
    try:
        return read(raw)
    except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept
        logger.warning("mail_not_looked_into", error=named(error))
        return otherwise
