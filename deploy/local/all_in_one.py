"""All services in this process, behind one port."""

import asyncio
import importlib
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.http_ready import answers
from deploy.local.readiness import until_ready
from deploy.local.stack import SERVICES
from libs.service import serve
from libs.service.log import configure_logging
from libs.service.settings import ServiceSettings
from libs.service.tracing import stop_tracing

FRONT = "query"
"""The service that answers all that is outside `/api/<service>/`; it has the console."""

_READY_SECONDS = 120.0


class AllInOneApp:
    """Hands each request to the service its path names. Only readiness is the affair of all."""

    def __init__(self, apps: Mapping[str, FastAPI]) -> None:
        self._apps = apps
        self._own = Starlette(routes=[Route("/readyz", self._readyz)], lifespan=lambda _: self.running())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app_for(scope)(scope, receive, send)

    def _app_for(self, scope: Scope) -> ASGIApp:
        if scope["type"] == "lifespan" or scope["path"] == "/readyz":
            return self._own
        match scope["path"].split("/", 3):
            case ["", "api", service, *_] if service in self._apps:
                return self._apps[service]
        return self._apps[FRONT]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The life of all services; ends them in reverse."""
        async with AsyncExitStack() as running:
            for app in self._apps.values():
                await running.enter_async_context(app.router.lifespan_context(app))
            yield

    async def _readyz(self, _: Request) -> JSONResponse:
        found = await asyncio.gather(*(_get_readyz(app) for app in self._apps.values()))
        ready = all(answer.status_code == httpx.codes.OK for answer in found)
        services = {name: answer.json() for name, answer in zip(self._apps, found, strict=True)}
        status = "ready" if ready else "unready"
        return JSONResponse({"status": status, "services": services}, 200 if ready else 503)


async def _get_readyz(app: FastAPI) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get("/readyz")


class AllInOne:
    name = ", ".join(SERVICES)

    def __init__(self, url: str) -> None:
        self._url = url
        self._server: Server | None = None
        self._serving: asyncio.Task[int] | None = None

    @property
    def alive(self) -> bool:
        return self._serving is not None and not self._serving.done()

    async def start(self) -> None:
        """Make the applications and serve them; their settings are in the environment by now."""
        settings = ServiceSettings()
        configure_logging(settings.log_format, settings.log_level)
        apps = {name: importlib.import_module(f"services.{name}.app").create_app() for name in SERVICES}
        self._server = Server(serve.server_for(AllInOneApp(apps), settings).config)
        # Listening before the services begin, so that what they ask each other then waits instead of failing.
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
