"""A service whose request takes as long as its client wants: `python -m tests.integration.service.sample_service`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import Request

from libs.service.app import ServiceApp, create_service_app
from libs.service.auth import KeyRing
from libs.service.routes import service_router
from libs.service.serve import serve
from libs.service.settings import ServiceSettings
from libs.service.workers import Workers

log = structlog.get_logger()
router = service_router("sample")


@router.post("/upload")
async def upload(request: Request) -> int:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        log.info("chunk_read")
    return size


class Last:
    name = "last"

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()
        log.info("worker_ended")


@asynccontextmanager
async def lifespan(_: ServiceApp) -> AsyncIterator[None]:
    async with Workers("sample", [Last()]).running():
        yield


def main() -> None:
    settings = ServiceSettings()
    public = ["/api/sample/upload"]
    app = create_service_app(
        "sample", "Sample", settings, routers=[router], lifespan=lifespan, key_ring=KeyRing(), public=public
    )
    serve(app, settings)


if __name__ == "__main__":
    main()
