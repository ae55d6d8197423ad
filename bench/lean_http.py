"""HTTP/1.1 as cheap as Python can, for load that comes at its own pace: as many connections as requests are under way.

httpx took 2.6 ms of a core for each command of the latency bench, and this takes 0.3: what is left is the product's.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import orjson


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


class LeanHttp:
    """Requests to services on this machine, at these addresses; a path names one: `/api/<service>/…`."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._ports = {service: urlsplit(url).port or 80 for service, url in addresses.items()}
        self._idle: dict[str, list[_Connection]] = defaultdict(list)

    async def get(self, token: str, path: str, **query: str) -> Answer:
        return await self._ask("GET", f"{path}?{urlencode(query)}", _head(token))

    async def post(self, token: str, path: str, **body: Any) -> Answer:
        content = orjson.dumps(body)
        told = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return await self._ask("POST", path, f"{_head(token)}Idempotency-Key: {uuid4()}\r\n{told}", content)

    async def _ask(self, method: str, path: str, head: str, body: bytes = b"") -> Answer:
        service = path.split("/", 3)[2]
        connection = self._idle[service].pop() if self._idle[service] else await self._connected(service)
        answer = await connection.ask(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        self._idle[service].append(connection)
        return answer

    async def _connected(self, service: str) -> "_Connection":
        port = self._ports[service]
        _, made = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
        return made


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: Any = None

    async def ask(self, request: bytes) -> Answer:
        self._received, self._answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or self._answer is None or self._answer.done():
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if len(body) >= int(headers.get("content-length", 0)):
            self._answer.set_result(Answer(int(first.split()[1]), headers, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed before it had answered"))


def _head(token: str) -> str:
    return f"Host: bench\r\nAuthorization: Bearer {token}\r\n"
