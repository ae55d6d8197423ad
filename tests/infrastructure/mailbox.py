"""A real SMTP server that a test tells how to behave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What has come, and what the server says to the next mails, in their order; to all others it says yes."""

    port: int = 0
    came: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_addresses: list[str] = field(default_factory=list)
    """Answers to RCPT."""
    to_texts: list[str] = field(default_factory=list)
    """Answers to the text; `drop` takes it and says nothing, `hang` takes it and waits for `released`."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def settings(self) -> dict[str, object]:
        """Notify's, to send here."""
        return {"smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_security": "none"}

    async def until(self, count: int) -> None:
        while len(self.came) < count:
            self._came.clear()
            await self._came.wait()

    async def having(self, words: str) -> EmailMessage:
        """The first mail that has these words in its text, once it has come."""
        while True:
            for message in self.came:
                if words in text_of(message):
                    return message
            await self.until(len(self.came) + 1)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_addresses:
            return self.to_addresses.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.to_texts.pop(0) if self.to_texts else "250 OK"
        if answer[0] not in "45":
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.came.append(message)
            self.recipients += envelope.rcpt_tos
            self._came.set()
        if answer == "hang":
            self.hanging.set()
            await self.released.wait()
            answer = "250 OK"
        if answer == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer


@asynccontextmanager
async def running_mailbox(**options: Any) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, loop=loop, hostname="mail.test", **options), "127.0.0.1", mailbox.port
    )
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        mailbox.released.set()
        server.close()


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content
