"""A small service, served without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from libs.service.app import ServiceApp, create_service_app
from libs.service.settings import ServiceSettings
from tests.unit.service.service_builders import SYSTEM_KEY, Issuer, Serving


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def settings() -> ServiceSettings:
    return ServiceSettings(system_key=SYSTEM_KEY)


@pytest.fixture
def serving(issuer: Issuer, settings: ServiceSettings) -> Serving:
    """Serve routers as the service `intake`, without a socket; `runtime` is what its lifespan yields."""

    @asynccontextmanager
    async def serve(
        *routers: APIRouter,
        runtime: object = None,
        public: Iterable[str] = (),
        settings: ServiceSettings = settings,
        raise_app_exceptions: bool = False,
        prepare: Callable[[ServiceApp], Awaitable[None]] | None = None,
        **options: Any,
    ) -> AsyncIterator[httpx.AsyncClient]:
        @asynccontextmanager
        async def lifespan(app: ServiceApp) -> AsyncIterator[object]:
            if prepare:
                await prepare(app)
            yield runtime

        app = create_service_app(
            "intake",
            "Intake",
            settings,
            routers=routers,
            lifespan=lifespan,
            key_ring=issuer.ring,
            public=public,
            **options,
        )
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=raise_app_exceptions)
            async with httpx.AsyncClient(transport=transport, base_url="http://helpdesk") as client:
                yield client

    return serve
