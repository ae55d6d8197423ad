"""All services in this process, behind one port."""

import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.http_part import HttpPart
from deploy.local.paths import readiness, service_of
from deploy.local.stack import SERVICES


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
        return self._apps[service_of(scope["path"], self._apps)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The life of all services; ends them in reverse."""
        async with AsyncExitStack() as running:
            for app in self._apps.values():
                await running.enter_async_context(app.router.lifespan_context(app))
            yield

    async def _readyz(self, _: Request) -> JSONResponse:
        return await readiness({name: partial(_get_readyz, app) for name, app in self._apps.items()})


async def _get_readyz(app: FastAPI) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get("/readyz")


def all_in_one(url: str) -> HttpPart:
    return HttpPart(", ".join(SERVICES), url, _all_services)


def _all_services() -> AllInOneApp:
    return AllInOneApp({name: importlib.import_module(f"services.{name}.app").create_app() for name in SERVICES})
