"""Whose a path is, and whether all are ready: the same behind one port of one process and behind one of a front."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import httpx
from starlette.responses import JSONResponse

WITH_CONSOLE = "query"
"""The service that has the console: it answers all that is outside `/api/<service>/`."""

Ask = Callable[[], Awaitable[httpx.Response]]
"""Ask a service whether it is ready."""


def service_of(path: str, services: Mapping[str, object]) -> str:
    """The service that answers a path."""
    match path.split("/", 3):
        case ["", "api", service, *_] if service in services:
            return service
    return WITH_CONSOLE


async def readiness(services: Mapping[str, Ask]) -> JSONResponse:
    """What all say of themselves; 503 unless all are ready."""
    found = await asyncio.gather(*(ask() for ask in services.values()))
    ready = all(answer.status_code == httpx.codes.OK for answer in found)
    told = {name: answer.json() for name, answer in zip(services, found, strict=True)}
    return JSONResponse({"status": "ready" if ready else "unready", "services": told}, 200 if ready else 503)
