"""One port before services that have one each, as a proxy has it elsewhere: the console asks for all at its own address."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import httpx
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.http_part import HttpPart
from deploy.local.paths import readiness, service_of
from libs.service import problem_handlers
from libs.service.app import RETRY_SECONDS
from libs.service.problems import Unavailable

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OF_A_CONNECTION = {
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}
_FORWARDED = {b"x-forwarded-for", b"x-forwarded-proto"}
"""What others say of these is not passed on: uvicorn has taken from it what may be believed."""
_TIMEOUT = httpx.Timeout(None, connect=5)
"""How long an answer takes, and its next piece, is the service's affair."""

log = structlog.get_logger()


class Front:
    """Passes requests on to the service that a path names, and what comes back piece by piece as it comes."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = {service: httpx.URL(url) for service, url in urls.items()}
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, limits=httpx.Limits(), trust_env=False)

    def app(self) -> Starlette:
        routes = [
            Route("/healthz", _healthz),
            Route("/readyz", self._readyz),
            Route("/{path:path}", self._pass_on, methods=_METHODS),
        ]
        return Starlette(routes=routes, lifespan=lambda _: self._running())

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        async with self._client:
            yield

    async def _readyz(self, _: Request) -> JSONResponse:
        return await readiness({name: partial(self._ask_readyz, url) for name, url in self._urls.items()})

    async def _ask_readyz(self, base: httpx.URL) -> httpx.Response:
        try:
            return await self._client.get(base.copy_with(path="/readyz"))
        except httpx.TransportError:
            return httpx.Response(503, json={"status": "unreachable"})

    async def _pass_on(self, request: Request) -> Response:
        service = service_of(request.url.path, self._urls)
        try:
            answer = await self._client.send(_passed(request, self._urls[service]), stream=True)
        except httpx.TransportError as error:
            log.warning("service_unreachable", asked=service, error=repr(error))
            away = Unavailable(f"{service} does not answer", headers={"Retry-After": str(RETRY_SECONDS)})
            return problem_handlers.answer(away)
        except ClientDisconnect:
            return Response(status_code=httpx.codes.BAD_REQUEST)
        return _passed_back(answer)


async def _healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


def _passed(request: Request, base: httpx.URL) -> httpx.Request:
    query = request.scope["query_string"]
    url = base.copy_with(raw_path=request.scope["raw_path"] + (b"?" + query if query else b""))
    headers = _without(_OF_A_CONNECTION | _FORWARDED, request.headers.raw)
    headers.append((b"x-forwarded-proto", request.url.scheme.encode()))
    if request.client:
        headers.append((b"x-forwarded-for", request.client.host.encode()))
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    return httpx.Request(request.method, url, headers=headers, content=request.stream() if has_body else None)


def _passed_back(answer: httpx.Response) -> StreamingResponse:
    passed = StreamingResponse(_pieces(answer), answer.status_code)
    # The server that passes it back dates it itself.
    passed.raw_headers = _without(_OF_A_CONNECTION | {b"date"}, answer.headers.raw)
    return passed


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    """As they were sent, which may be compressed."""
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()


def _without(names: set[bytes], headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]


def front(url: str, urls: Mapping[str, str]) -> HttpPart:
    return HttpPart("front", url, lambda: Front(urls).app())
