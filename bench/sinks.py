"""What takes that which goes out: `python -m bench.sinks CORES mail PORT`, or `… webhooks PORT SECONDS`.

The mail server says yes to everything. The receiver of webhooks answers 204 after so many seconds, to one request a
connection, as notify makes them.
"""

import asyncio
import os
import sys
from typing import Any

import uvloop
from aiosmtpd.smtp import SMTP, Envelope


class Mailbox:
    """Called by aiosmtpd."""

    async def handle_DATA(self, _server: SMTP, _session: object, _envelope: Envelope) -> str:  # noqa: N802 - its name
        return "250 2.0.0 OK"


class Receiver(asyncio.Protocol):
    """One request, and its answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"content-length:")
        if found and len(body) >= int(length.split(b"\r\n", 1)[0]):
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        if self._transport.is_closing():
            return  # whoever asked has given up
        self._transport.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        self._transport.close()


async def run(kind: str, port: int, *arguments: str) -> None:
    loop = asyncio.get_running_loop()
    if kind == "mail":
        server = await loop.create_server(lambda: SMTP(Mailbox(), loop=loop, hostname="sink"), "127.0.0.1", port)
    else:
        seconds = float(arguments[0])
        server = await loop.create_server(lambda: Receiver(seconds), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    os.sched_setaffinity(0, map(int, sys.argv[1].split(",")))
    uvloop.run(run(sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))
