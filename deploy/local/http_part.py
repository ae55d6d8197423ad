"""A part of the helpdesk that this process serves itself."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from deploy.local.http_ready import answers
from deploy.local.readiness import until_ready
from libs.service import serve
from libs.service.log import configure_logging
from libs.service.settings import ServiceSettings
from libs.service.tracing import stop_tracing

_READY_SECONDS = 120.0


class HttpPart:
    """An application at the address of the settings, which are in the environment by the time it starts."""

    def __init__(self, name: str, url: str, make_app: Callable[[], ASGIApp]) -> None:
        self.name = name
        self._url = url
        self._make_app = make_app
        self._server: Server | None = None
        self._serving: asyncio.Task[int] | None = None

    @property
    def alive(self) -> bool:
        return self._serving is not None and not self._serving.done()

    async def start(self) -> None:
        settings = ServiceSettings()
        configure_logging(settings.log_format, settings.log_level)
        self._server = Server(serve.server_for(self._make_app(), settings).config)
        # Listening before the application begins, so that what its services ask each other then waits instead of failing.
        listener = socket.create_server((settings.host, settings.port))
        self._serving = asyncio.create_task(_serve(self._server, listener))
        await until_ready(self, lambda: answers(f"{self._url}/healthz"), _READY_SECONDS)

    async def wait(self) -> int:
        return await asyncio.shield(self._serving) if self._serving else 0

    async def stop(self) -> None:
        """Take no more requests, let the running ones finish, end the workers."""
        if self._server:
            self._server.should_exit = True
            await self.wait()
            stop_tracing()


class Server(serve.Server):
    """Leaves signals to the runner, which stops the parts in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: Server, listener: socket.socket) -> int:
    """Serve until told to stop; answers the exit code, which uvicorn would like to exit with."""
    try:
        await server.serve([listener])
    except SystemExit as wish:
        return int(wish.code or 0)
    return 0
