"""A real HTTP receiver of webhooks that a test tells how to behave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from standardwebhooks import Webhook

from libs.service.settings import ServiceSettings
from tests.infrastructure.players import served
from tests.infrastructure.ports import free_port


@dataclass
class Receiver:
    """`answers`: what is said to the next requests, a status or `hang`; 200 to all others."""

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """Of each answer."""
    size: int = 0
    """Of each answer's body."""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    """The events that were answered with 200, in their order."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, taken: int) -> None:
        while len(self.taken) < taken:
            self._came.clear()
            await self._came.wait()

    async def until_tried(self, times: int) -> None:
        while len(self.came) < times:
            self._came.clear()
            await self._came.wait()

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """All that came, as a receiver would check it; raises when a signature does not fit."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.came]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.came.append(({name.decode(): value.decode() for name, value in scope["headers"]}, body))
        status = self.answers.pop(0) if self.answers else 200
        self._came.set()
        if status == "hang":
            await self.released.wait()
            status = 200
        if status == 200:
            self.taken.append(orjson.loads(body))
            self._came.set()
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * self.size})


@asynccontextmanager
async def running_receiver() -> AsyncIterator[Receiver]:
    port = free_port()
    receiver = Receiver(f"http://127.0.0.1:{port}/hook")
    settings = ServiceSettings(port=port, system_key="sixteen characters", drain_seconds=1)
    async with served(receiver, settings, lifespan="off"):
        yield receiver
        receiver.released.set()
