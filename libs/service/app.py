"""Make a service's FastAPI application; every service has the same frame around its routes.

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Intake]: …

    app = create_service_app("intake", "Intake", settings, routers=[…], lifespan=lifespan, key_ring=…)

What the lifespan yields is the service's runtime; routes get it typed:
`IntakeDep = Annotated[Intake, Depends(runtime(Intake))]`.
"""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.requests import HTTPConnection

from libs.service.auth import Authenticator, KeyRing
from libs.service.context import use_context
from libs.service.health import Check, Health, health_router
from libs.service.middleware import MEBIBYTE, ServiceMiddleware
from libs.service.openapi import complete
from libs.service.problem_handlers import install_problem_handlers
from libs.service.problems import Unavailable
from libs.service.routes import add_routes
from libs.service.settings import ServiceSettings
from libs.service.tracing import configure_tracing, tracer_provider
from libs.service.workers import Workers

T = TypeVar("T")

RETRY_SECONDS = 2
"""What a caller is told to wait when a service cannot serve yet."""

Lifespan: TypeAlias = Callable[["ServiceApp"], AbstractAsyncContextManager[object]]


class ServiceApp(FastAPI):
    """A FastAPI with readiness checks, which the lifespan adds, and with problems and tokens in its OpenAPI."""

    def ready_when(self, **checks: Check) -> None:
        """Serve requests only while these find nothing wrong."""
        self.state.health.needed.update(checks)

    def serve_unless(self, shut: Callable[[], str | None]) -> None:
        """Refuse the requests that need the runtime, for as long as this says why."""
        self.state.shut = shut

    def watch(self, workers: Workers) -> None:
        """Tell of workers that keep crashing: without NATS, say, a command is still durable and a list still shown."""

        async def steady() -> str | None:
            failing = sorted(workers.failing())
            return f"Failing: {', '.join(failing)}" if failing else None

        self.state.health.watched["workers"] = steady

    def openapi(self) -> dict[str, Any]:
        schema = super().openapi()
        return schema if "security" in schema else complete(schema, self, self.state.public)


def create_service_app(
    name: str,
    title: str,
    settings: ServiceSettings,
    *,
    routers: Iterable[APIRouter],
    public: Iterable[str] = (),
    lifespan: Lifespan,
    key_ring: KeyRing,
    body_limit: int = MEBIBYTE,
    body_limits: Mapping[str, int] | None = None,
) -> ServiceApp:
    """Answer the application. Routers come from `service_router`; the hot routes first.

    Every route needs a caller, but those whose whole paths are in `public`.
    `body_limits`: path prefix -> bytes for routes that take more than `body_limit`.
    """
    app = ServiceApp(
        title=title,
        openapi_url=f"/api/{name}/openapi.json",
        docs_url=f"/api/{name}/docs",
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        lifespan=_with_runtime(name, lifespan),
        redirect_slashes=False,
        telemetry=_telemetry(name, settings),
    )
    app.state.authenticator = Authenticator(key_ring, settings.system_key.get_secret_value())
    app.state.health = Health()
    app.state.shut = lambda: None
    app.add_middleware(
        ServiceMiddleware,
        service=name,
        log_all=settings.log_requests == "all",
        body_limit=body_limit,
        body_limits=body_limits,
    )
    install_problem_handlers(app)
    app.state.public = frozenset(public)
    documentation = app.router.routes.copy()
    app.router.routes.clear()  # they come last
    for router in routers:
        add_routes(app, router, public=app.state.public)
    app.router.routes.extend((*health_router(name).routes, *documentation))
    return app


def runtime(kind: type[T]) -> Callable[[HTTPConnection], Awaitable[T]]:
    """Make the dependency that gives a route what the service's lifespan yielded; Unavailable while it is shut."""

    async def the_runtime(connection: HTTPConnection) -> T:
        if why := connection.app.state.shut():
            raise Unavailable(why, headers={"Retry-After": str(RETRY_SECONDS)})
        found = connection.app.state.runtime
        assert isinstance(found, kind)
        return found

    return the_runtime


def _with_runtime(name: str, lifespan: Lifespan) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Keep the runtime on the app: the server's lifespan state would be one for all apps of a process."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        assert isinstance(app, ServiceApp)
        with use_context(service=name):
            async with lifespan(app) as app.state.runtime:
                yield

    return running


def _telemetry(name: str, settings: ServiceSettings) -> TelemetryConfig:
    """FastAPI makes the spans of requests itself, if there is somebody to send them to."""
    configure_tracing(settings.otel_endpoint)
    off: TelemetryConfig = {"metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}
    provider = tracer_provider(name)
    return {**off, "tracing": False} if provider is None else {**off, "tracer_provider": provider}


def tune_gc() -> None:
    """Spare what lives as long as the process from garbage collection, and collect more rarely.

    Call it once everything has started. Collections are most of the tail latency here: the POST at 32
    clients went from p99 44 to 14 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
