"""One port before services of their own: what goes through it is what was sent, piece by piece, in both directions."""

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.front import Front
from libs.service.settings import ServiceSettings
from tests.infrastructure.cast import SYSTEM_KEY
from tests.infrastructure.players import served
from tests.infrastructure.ports import free_port

MEBIBYTE = bytes(range(256)) * 4096


class Upstream:
    """A service that tells what it got, and streams until it is let."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ready = 200
        self.may_go_on = asyncio.Event()
        self.was_left = asyncio.Event()

    def app(self) -> Starlette:
        routes = [
            Route("/readyz", self.readyz),
            Route(f"/api/{self.name}/live", self.live),
            Route(f"/api/{self.name}/large", self.large, methods=["POST"]),
            Route(f"/api/{self.name}/compressed", self.compressed),
            Route("/{path:path}", self.echo, methods=["GET", "POST", "PATCH", "DELETE"]),
        ]
        return Starlette(routes=routes)

    async def readyz(self, _: Request) -> JSONResponse:
        return JSONResponse({"status": self.name}, self.ready)

    async def echo(self, request: Request) -> Response:
        target = request.scope["raw_path"] + b"?" + request.scope["query_string"]
        told = {"by": self.name, "method": request.method, "target": target.decode(), "headers": dict(request.headers)}
        response = JSONResponse({**told, "body": (await request.body()).decode()}, 299)
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    async def large(self, request: Request) -> Response:
        digest, size = hashlib.sha256(), 0
        async for piece in request.stream():
            digest.update(piece)
            size += len(piece)
        return JSONResponse({"sha256": digest.hexdigest(), "size": size})

    async def compressed(self, _: Request) -> Response:
        return Response(gzip.compress(b"small"), headers={"Content-Encoding": "gzip"})

    async def live(self, _: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                yield b"data: first\n\n"
                await self.may_go_on.wait()
                yield b"data: second\n\n"
                await asyncio.Event().wait()
            finally:
                self.was_left.set()

        return StreamingResponse(pieces(), media_type="text/event-stream")


@dataclass
class Scene:
    """A front with two services that run, and one that does not."""

    http: httpx.AsyncClient
    upstreams: dict[str, Upstream]
    port_of_sla: int


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    upstreams = {name: Upstream(name) for name in ("query", "intake")}
    async with AsyncExitStack() as stack:
        urls = {name: await stack.enter_async_context(_serving(one.app())) for name, one in upstreams.items()}
        port_of_sla = free_port()
        urls["sla"] = f"http://127.0.0.1:{port_of_sla}"
        url = await stack.enter_async_context(_serving(Front(urls).app()))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        yield Scene(http, upstreams, port_of_sla)


@asynccontextmanager
async def _serving(app: Starlette, port: int | None = None) -> AsyncIterator[str]:
    port = port or free_port()
    async with served(app, ServiceSettings.model_validate({"port": port, "system_key": SYSTEM_KEY})):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("path", "by"),
    [("/api/intake/tickets", "intake"), ("/", "query"), ("/tickets/7", "query"), ("/api/unknown/x", "query")],
)
async def test_a_path_names_its_service(scene: Scene, path: str, by: str) -> None:
    assert (await scene.http.get(path)).json()["by"] == by


async def test_a_request_and_its_answer_go_through_as_they_are(scene: Scene) -> None:
    target = "/api/intake/a%2Fb%20c?x=1&x=%C3%A4"
    headers = {"Authorization": "Bearer t", "Idempotency-Key": "k", "Host": "helpdesk.example"}
    answer = await scene.http.patch(target, content="body", headers={**headers, "X-Forwarded-Proto": "gopher"})
    got = answer.json()
    assert (answer.status_code, got["method"], got["target"], got["body"]) == (299, "PATCH", target, "body")
    assert {name: got["headers"][name.lower()] for name in headers} == headers
    assert (got["headers"]["x-forwarded-for"], got["headers"]["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert len(answer.headers.get_list("date")) == 1
    assert answer.headers.get_list("set-cookie") == ["one=1; Path=/; SameSite=lax", "two=2; Path=/; SameSite=lax"]


async def test_what_is_compressed_stays_so_and_nobody_is_given_what_they_did_not_ask_for(scene: Scene) -> None:
    async with scene.http.stream("GET", "/api/intake/compressed") as answer:
        assert gzip.decompress(b"".join([piece async for piece in answer.aiter_raw()])) == b"small"
    plain = httpx.Request("GET", scene.http.base_url.copy_with(path="/api/intake/x"))
    assert "accept-encoding" not in (await scene.http.send(plain)).json()["headers"]


async def test_a_large_upload_arrives_whole(scene: Scene) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield MEBIBYTE

    whole = hashlib.sha256(MEBIBYTE * 40).hexdigest()
    for content in (pieces(), MEBIBYTE * 40):
        assert (await scene.http.post("/api/intake/large", content=content)).json() == {
            "sha256": whole,
            "size": 40 * len(MEBIBYTE),
        }


async def test_a_stream_comes_as_it_is_told_and_ends_with_its_reader(scene: Scene) -> None:
    query = scene.upstreams["query"]
    async with scene.http.stream("GET", "/api/query/live") as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"data: first\n\n"
        query.may_go_on.set()
        assert await anext(pieces) == b"data: second\n\n"
        assert not query.was_left.is_set()
    await asyncio.wait_for(query.was_left.wait(), 10)


async def test_a_service_that_is_away_is_told_as_a_problem_and_keeps_no_other_away(scene: Scene) -> None:
    answer = await scene.http.get("/api/sla/targets")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json()["detail"] == "sla does not answer"
    assert (await scene.http.get("/healthz")).json() == {"status": "ok"}
    assert (await scene.http.get("/api/intake/tickets")).is_success


async def test_it_is_ready_when_all_are(scene: Scene) -> None:
    unready = await scene.http.get("/readyz")
    assert (unready.status_code, unready.json()["status"]) == (503, "unready")
    assert unready.json()["services"]["sla"] == {"status": "unreachable"}
    async with _serving(Upstream("sla").app(), scene.port_of_sla):
        ready = await scene.http.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        scene.upstreams["intake"].ready = 503
        unready = await scene.http.get("/readyz")
        assert (unready.status_code, unready.json()["services"]["intake"]) == (503, {"status": "intake"})
