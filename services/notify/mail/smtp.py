"""Handing a mail to the server, step by step: what went wrong before the text was sent was certainly not taken."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notify.settings import Settings

_PERMANENT = 500


class Fate(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    NOT_NOW = "not_now"
    """It was not taken, and may be another time."""
    UNKNOWN = "unknown"
    """It was sent, and nobody said whether it was taken."""
    ADDRESS_REFUSED = "address_refused"
    """The server will never take mail for this address."""
    REFUSED = "refused"
    """The server will never take this mail."""


@dataclass(frozen=True, slots=True)
class Outcome:
    fate: Fate
    error: str | None = None
    """For people who look after it; without addresses and texts of servers, which repeat them."""
    code: int | None = None


class Post(Protocol):
    """Whatever takes mail."""

    async def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> Outcome: ...


class SmtpPost:
    """An SMTP server, as the settings name it; a connection a mail, so that no mail depends on the one before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        settings = self._settings
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        client = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            username=settings.smtp_user,
            password=password,
            timeout=settings.smtp_timeout_seconds,
        )
        step = _Step()
        try:
            async with asyncio.timeout(settings.smtp_timeout_seconds):
                return await _converse(client, message, sender, recipient, step)
        except SMTPResponseException as error:
            return _answered(step, error.code)
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            fate = Fate.UNKNOWN if step.name == "data" else Fate.NOT_NOW
            return Outcome(fate, f"{step.name}: {type(error).__name__}")
        finally:
            with suppress(Exception):
                client.close()


@dataclass
class _Step:
    name: str = "connect"


async def _converse(client: SMTP, message: EmailMessage, sender: str, recipient: str, step: _Step) -> Outcome:
    await client.connect()  # with TLS and the sign-in
    step.name = "from"
    await client.mail(sender)
    step.name = "to"
    await client.rcpt(recipient)
    step.name = "data"
    await client.data(message.as_bytes())
    step.name = "quit"
    with suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(1):
            await client.quit()
    return Outcome(Fate.TAKEN)


def _answered(step: _Step, code: int) -> Outcome:
    """An answer is certain, also to the text: only an address or a mail is refused for good, all else may be mended."""
    error = f"{step.name}: {code}"
    if code < _PERMANENT or step.name not in {"to", "data"}:
        return Outcome(Fate.NOT_NOW, error, code)
    return Outcome(Fate.ADDRESS_REFUSED if step.name == "to" else Fate.REFUSED, error, code)
