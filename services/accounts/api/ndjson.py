"""Newline-delimited JSON, in and out, at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

LONGEST_LINE = 1 << 20
LINES_AT_ONCE = 250
_CHUNKS_AHEAD = 16
_REPORTS_BEHIND = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its number, from 1; `text` is None when it was longer than a line may be."""

    number: int
    text: bytes | None


@dataclass
class Splitter:
    """Cuts chunks of bytes into lines, of which it never keeps more than the one that is not whole yet."""

    longest: int = LONGEST_LINE
    _rest: bytearray = field(default_factory=bytearray)
    _is_too_long: bool = False
    _number: int = 0

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """The lines that this chunk ends; empty ones only count."""
        *ends, begin = chunk.split(b"\n")
        for part in ends:
            self._add(part)
            yield from self.end()
        self._add(begin)

    def end(self) -> Iterator[Line]:
        """The line that has come in so far, if there is one: the last needs no line break."""
        self._number += 1
        text, is_too_long = bytes(self._rest).strip(), self._is_too_long
        self._rest.clear()
        self._is_too_long = False
        if text or is_too_long:
            yield Line(self._number, None if is_too_long else text)

    def _add(self, part: bytes) -> None:
        if self._is_too_long or len(self._rest) + len(part) > self.longest:
            self._rest.clear()
            self._is_too_long = True
        else:
            self._rest += part


Work = Callable[[Sequence[Line]], Awaitable[bytes]]
"""Does what some lines say, and answers the report on them."""


class Conversation(Response):
    """Answers lines while they come in. Not Starlette's stream, which would eat the request to see the client leave.

    What has come in is done together, a lone line at once. A client that sends all before it reads anything must not
    wait for ever, so reports on some hundred batches are kept until it does.
    """

    media_type = "application/x-ndjson"

    def __init__(self, work: Work, last: Callable[[], bytes]) -> None:
        """`last` makes the end of the report, by which a reader knows that it is whole."""
        super().__init__()
        del self.headers["content-length"]
        self._work = work
        self._last = last
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(_CHUNKS_AHEAD)
        self._reports: asyncio.Queue[bytes | None] = asyncio.Queue(_REPORTS_BEHIND)
        self._is_whole = False

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        first = await receive()  # before the answer begins, for clients that wait to be told to go on (100 Continue)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read(first, receive))
            tasks.create_task(self._do())
            while (report := await self._reports.get()) is not None:
                await send({"type": "http.response.body", "body": report, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _read(self, message: Message, receive: Receive) -> None:
        while message["type"] == "http.request":
            await self._chunks.put(message.get("body", b""))
            if not message.get("more_body", False):
                self._is_whole = True
                break
            message = await receive()
        await self._chunks.put(None)

    async def _do(self) -> None:
        splitter, is_open = Splitter(), True
        while is_open:
            lines, is_open = await self._lines(splitter)
            for begin in range(0, len(lines), LINES_AT_ONCE):
                await self._reports.put(await self._work(lines[begin : begin + LINES_AT_ONCE]))
        if self._is_whole:
            await self._reports.put(self._last())
        await self._reports.put(None)

    async def _lines(self, splitter: Splitter) -> tuple[list[Line], bool]:
        """What has come in, waiting only while that is nothing; and whether more may come."""
        lines: list[Line] = []
        chunk = await self._chunks.get()
        while chunk is not None:
            lines += splitter.feed(chunk)
            if len(lines) >= LINES_AT_ONCE or self._chunks.empty():
                return lines, True
            chunk = self._chunks.get_nowait()
        if self._is_whole:  # a client that left may have left in the middle of a line
            lines += splitter.end()
        return lines, False
