"""The load generator for mail in: LMTP over kept connections, as a mail server speaks it that has much to hand over.

`python -m bench.mail_load` reads a MailOrder as JSON from its input and writes a Result, whose statuses are the answers to
the mails.
"""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import Any
from uuid import uuid4

from bench.load import Result, Taken, carry_out, measured, run_clients

_LINES = [
    "Received: from mail.acme.example by mx.provider.example; Mon, 05 Jan 2026 10:00:00 +0100",
    "From: Jane Roe <{sender}>",
    "To: {recipient}",
    "Subject: Mail does not arrive",
    "Date: Mon, 05 Jan 2026 10:00:00 +0100",
    "Message-ID: <{key}@acme.example>",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Since this morning nothing gets through. Please have a look at it soon.",
    "",
    *["> Mon Jan  5 09:59:00 mx postfix/smtp[1234]: connect to mail.acme.example: Connection timed out"] * 10,
    ".",
    "",
]
MAIL = "\r\n".join(_LINES)


@dataclass
class MailOrder:
    """Each client hands over the next mail when it has its answer; its senders are numbered."""

    port: int
    recipient: str
    senders: int
    clients: int = 1
    seconds: float = 3.0
    warm_up_seconds: float = 0.5
    prefix: str = field(default_factory=lambda: uuid4().hex)


def sender_of(number: int) -> str:
    return f"user-{number}@acme.example"


class Client(asyncio.Protocol):
    """One connection with one mail under way, from MAIL FROM to the answer to its text."""

    def __init__(self, order: MailOrder, numbers: Any, taken: Taken, ended: asyncio.Event) -> None:
        self._order = order
        self._numbers = numbers
        self._taken = taken
        self._ended = ended
        self._buffer = b""
        self._sent: float | None = None
        self._text: bytes | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(b"LHLO bench\r\n")

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\r\n")
        for line in lines:
            self._heard(line)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.is_set():
            raise SystemExit(f"the server closed a connection: {exc}")

    def _heard(self, line: bytes) -> None:
        status, is_last = line[:3], line[3:4] == b" "
        if status == b"354":
            self._transport.write(self._text)
            self._text = None
        elif self._sent is None:
            if status == b"250" and is_last:  # to LHLO
                self._begin()
        elif self._text is None:
            now = perf_counter()
            self._taken.append((now, now - self._sent, status))
            self._go_on()
        elif status[:1] != b"2":
            raise SystemExit(f"refused before the text: {line!r}")

    def _go_on(self) -> None:
        if self._ended.is_set():
            self._transport.close()
        else:
            self._begin()

    def _begin(self) -> None:
        number = next(self._numbers)
        sender, recipient = sender_of(number % self._order.senders), self._order.recipient
        key = f"{self._order.prefix}-{number}"
        self._text = MAIL.format(sender=sender, recipient=recipient, key=key).encode()
        self._sent = perf_counter()
        self._transport.write(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())


async def run(order: MailOrder) -> Result:
    numbers = count()
    return await run_clients(order, lambda taken, ended: Client(order, numbers, taken, ended))


async def handed_over(order: MailOrder, cores: frozenset[int]) -> Result:
    """The result of an order, carried out by another process on these cores."""
    result = await measured(order, cores, "bench.mail_load")
    if set(result.statuses) != {"250"}:
        raise RuntimeError(f"not every mail was taken: {result.statuses}")
    return result


if __name__ == "__main__":
    carry_out(MailOrder, run)
