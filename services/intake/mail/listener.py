"""The SMTP or LMTP listener that a mail server hands mail to: 250 means that it is committed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from services.intake.mail.receiving import Receiving
from services.intake.store import gateways
from services.intake.store.gateways import Gateway

logger = structlog.get_logger()

TAKEN = "250 2.0.0 OK"
_NOT_NOW = "451 4.3.0 Not now; try again"
_NO_MAILBOX = "550 5.1.1 There is no such mailbox"
_RESTS = "450 4.2.1 This mailbox takes nothing at present"
_MOST_RECIPIENTS = 100
_TOO_MANY = "452 4.5.3 Too many recipients"


@dataclass(frozen=True, slots=True)
class Listening:
    host: str
    port: int
    protocol: Literal["lmtp", "smtp"]
    most_bytes: int


class Listener:
    name = "mail-listener"

    def __init__(self, receiving: Receiving, listening: Listening) -> None:
        self._receiving = receiving
        self._listening = listening

    async def run(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol(loop), self._listening.host, self._listening.port)
        logger.info("mail_listening", protocol=self._listening.protocol, port=self._listening.port)
        try:
            await stop.wait()
        finally:
            server.close()

    def _protocol(self, loop: asyncio.AbstractEventLoop) -> Callable[[], SMTP]:
        is_lmtp = self._listening.protocol == "lmtp"
        kind, answer = (_Lmtp, _each) if is_lmtp else (_Smtp, _all)
        return lambda: kind(
            Handler(self._receiving, answer),
            loop=loop,
            hostname="helpdesk",
            ident="helpdesk",
            data_size_limit=self._listening.most_bytes,
            enable_SMTPUTF8=True,
            decode_data=False,
        )


class _Smtp(SMTP):
    """Takes lines as long as people's programs make them: to refuse such a mail would be to lose it."""

    line_length_limit = 1 << 20


class _Lmtp(_Smtp, LMTP):
    pass


class Handler:
    """Of one connection; aiosmtpd calls it by these names."""

    def __init__(self, receiving: Receiving, answer: Callable[[list[str]], str]) -> None:
        self._receiving = receiving
        self._answer = answer
        self._gateways: dict[str, UUID] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        try:
            found = await gateways.at(self._receiving.pool, address)
        except DATABASE_ERRORS as error:
            logger.warning("mail_not_taken", error=named(error))
            return _NOT_NOW
        if refusal := _refusal(found, envelope):
            return refusal
        assert found is not None
        self._gateways[address] = found.id
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """One answer a recipient by LMTP, one for all by SMTP, whose client sends it again to all: those have it once."""
        assert isinstance(envelope.content, bytes)
        answers = [await self._keep(envelope, recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return self._answer(answers)

    async def _keep(self, envelope: Envelope, recipient: str, raw: bytes) -> str:
        try:
            await self._receiving.keep(
                self._gateways[recipient], raw, recipient, (envelope.mail_from or "").strip("<>")
            )
        except DATABASE_ERRORS as error:
            logger.warning("mail_not_taken", error=named(error))
            return _NOT_NOW
        return TAKEN

    async def handle_exception(self, error: Exception) -> str:
        logger.error("mail_not_taken", error=named(error))
        return _NOT_NOW


def _refusal(found: Gateway | None, envelope: Envelope) -> str | None:
    if found is None:
        return _NO_MAILBOX
    if not found.enabled:
        return _RESTS
    return _TOO_MANY if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS else None


def _each(answers: list[str]) -> str:
    return "\r\n".join(answers)


def _all(answers: list[str]) -> str:
    return next((one for one in answers if one != TAKEN), TAKEN)
