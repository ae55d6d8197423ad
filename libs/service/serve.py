"""Run one service in this process."""

import socket
from contextlib import suppress
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from libs.service.app import tune_gc
from libs.service.log import configure_logging
from libs.service.settings import ServiceSettings
from libs.service.tracing import stop_tracing

log = structlog.get_logger()


class Server(uvicorn.Server):
    """uvicorn, which on SIGTERM or SIGINT takes no more requests and lets the running ones finish."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            tune_gc()
            log.info("serving", url=f"http://{self.config.host}:{self.bound_port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        stop_tracing()  # here, as uvicorn then ends the process by the signal it got

    @property
    def bound_port(self) -> int:
        """The port it listens on, also when the settings say 0."""
        return int(self.servers[0].sockets[0].getsockname()[1])


def server_for(app: ASGIApp, settings: ServiceSettings, **options: Any) -> Server:
    """Answer a server that has not been started; `options` go to uvicorn."""
    defaults: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_keep_alive": 75,  # longer than the proxies in front, so that it is they who close
        "timeout_graceful_shutdown": round(settings.drain_seconds),
    }
    return Server(uvicorn.Config(app, **{**defaults, **options}))


def serve(app: ASGIApp, settings: ServiceSettings) -> None:
    """Serve until told to stop."""
    configure_logging(settings.log_format, settings.log_level)
    with suppress(KeyboardInterrupt):
        server_for(app, settings).run()
