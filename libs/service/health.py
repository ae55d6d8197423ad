"""`/healthz` (the process answers), `/readyz` (it can do its job), `/metrics`.

Each stands at the root and under `/api/<name>/`, for services that share a process and a port.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from libs.service.http import FastJSON
from libs.service.metrics import exposition

log = structlog.get_logger()

Check: TypeAlias = Callable[[], Awaitable[str | None]]
"""Answers None if all is well, else what is wrong in words that may be shown to anybody."""

_CHECK_SECONDS = 2.0


@dataclass
class Health:
    """What a service cannot work without, and what is only told: requests are served without it."""

    needed: dict[str, Check] = field(default_factory=dict)
    watched: dict[str, Check] = field(default_factory=dict)


def health_router(name: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    for prefix in ("", f"/api/{name}"):
        router.add_api_route(f"{prefix}/healthz", _healthz)
        router.add_api_route(f"{prefix}/readyz", _readyz)
        router.add_api_route(f"{prefix}/metrics", _metrics)
    return router


async def _healthz() -> Response:
    return FastJSON({"status": "ok"})


async def _readyz(request: Request) -> Response:
    health: Health = request.app.state.health
    needed, watched = await asyncio.gather(_results(health.needed), _results(health.watched))
    found = {
        name: {"ok": True} if wrong is None else {"ok": False, "reason": wrong}
        for name, wrong in (needed | watched).items()
    }
    if any(needed.values()):
        return FastJSON({"status": "unready", "checks": found}, 503)
    return FastJSON({"status": "degraded" if any(watched.values()) else "ready", "checks": found})


async def _metrics() -> Response:
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)


async def _results(checks: Mapping[str, Check]) -> dict[str, str | None]:
    results = await asyncio.gather(*(_run(name, check) for name, check in checks.items()))
    return dict(zip(checks, results, strict=True))


async def _run(name: str, check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), _CHECK_SECONDS)
    except Exception as error:  # noqa: BLE001 - a check that fails in any way says "not ready"
        log.warning("readiness_check_failed", check=name, error=type(error).__name__)
        return "The check failed"
