"""What happens around every request: ids, traces, limits, figures, log lines."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fastapi import Request
from starlette.responses import StreamingResponse
from structlog.testing import capture_logs

from libs.service.auth import CurrentCaller
from libs.service.context import current_correlation, current_service, log_context
from libs.service.http import FastJSON
from libs.service.metrics import REGISTRY
from libs.service.middleware import MEBIBYTE
from libs.service.routes import service_router
from libs.service.settings import ServiceSettings
from libs.service.tracing import current_traceparent
from tests.unit.service.service_builders import CLIENT, SYSTEM_KEY, Issuer, Serving

router = service_router("intake")
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@router.get("/context")
async def context() -> FastJSON:
    return FastJSON({"service": current_service(), "id": current_correlation(), "traceparent": current_traceparent()})


@router.post("/size/{kind}")
async def size(kind: str, request: Request) -> FastJSON:
    return FastJSON({"kind": kind, "bytes": len(await request.body())})


@router.get("/mine")
async def mine(caller: CurrentCaller) -> FastJSON:
    return FastJSON({**log_context(), "name": caller.name})


@router.get("/cut")
async def cut() -> StreamingResponse:
    async def begin() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("the other half is lost")

    return StreamingResponse(begin())


@router.get("/live")
async def live() -> StreamingResponse:
    async def one() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    return StreamingResponse(one(), media_type="text/event-stream")


PUBLIC = tuple(f"/api/intake{path}" for path in ("/context", "/size/{kind}", "/cut", "/live"))


async def seen(serving: Serving, headers: dict[str, str]) -> httpx.Response:
    async with serving(router, public=PUBLIC) as client:
        return await client.get("/api/intake/context", headers=headers)


@pytest.mark.parametrize("offered", ["abc", "0199aaaa-0000-7000-8000-000000000001", "mail:1.2"])
async def test_a_plain_correlation_id_is_kept_and_echoed(serving: Serving, offered: str) -> None:
    answer = await seen(serving, {"X-Correlation-Id": offered})
    assert answer.headers["X-Correlation-Id"] == answer.json()["id"] == offered


@pytest.mark.parametrize("offered", ["", "a b", "x" * 129, 'a"b', "a;b", "<script>"])
async def test_any_other_is_replaced(serving: Serving, offered: str) -> None:
    answer = await seen(serving, {"X-Correlation-Id": offered})
    assert UUID(answer.headers["X-Correlation-Id"]).version == 7


async def test_a_trace_is_carried_on(serving: Serving) -> None:
    assert (await seen(serving, {"traceparent": TRACEPARENT})).json()["traceparent"] == TRACEPARENT


@pytest.mark.parametrize("broken", ["", "00-xyz", TRACEPARENT.replace("00-", "01-", 1), f"00-{'0' * 32}-{'0' * 16}-00"])
async def test_a_broken_trace_is_begun_anew(serving: Serving, broken: str) -> None:
    begun = (await seen(serving, {"traceparent": broken})).json()["traceparent"]
    assert begun != broken
    assert [len(part) for part in begun.split("-")] == [2, 32, 16, 2]


async def test_the_caller_is_known_to_logs(serving: Serving, issuer: Issuer) -> None:
    async with serving(router, public=PUBLIC) as client:
        told = (await client.get("/api/intake/mine", headers=issuer.headers(CLIENT))).json()
    assert (told["service"], told["caller"], told["name"]) == ("intake", CLIENT.actor, "Zoë")


async def post(client: httpx.AsyncClient, kind: str, size: int, *, announced: bool) -> int:
    async def chunks() -> AsyncIterator[bytes]:
        for begin in range(0, size, 50_000):
            yield b"x" * min(50_000, size - begin)

    content = b"x" * size if announced else chunks()
    answer = await client.post(f"/api/intake/size/{kind}", content=content)
    assert answer.status_code == 200 or answer.json()["type"] == "urn:helpdesk:problem:too-large"
    return answer.status_code


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_refused(serving: Serving, announced: bool) -> None:  # noqa: FBT001 - a case
    limits = {"/api/intake/size/attachment": 3 * MEBIBYTE}
    async with serving(router, public=PUBLIC, body_limits=limits) as client:
        assert await post(client, "text", MEBIBYTE, announced=announced) == 200
        assert await post(client, "text", MEBIBYTE + 1, announced=announced) == 413
        assert await post(client, "attachment", 3 * MEBIBYTE, announced=announced) == 200
        assert await post(client, "attachment", 3 * MEBIBYTE + 1, announced=announced) == 413


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"helpdesk_{name}", {"service": "intake", **labels}) or 0


async def test_requests_are_counted_by_declared_route(serving: Serving) -> None:
    labels = {"method": "POST", "route": "/api/intake/size/{kind}"}
    before = count("http_requests_total", **labels, status="200"), count("http_request_seconds_count", **labels)
    async with serving(router, public=PUBLIC) as client:
        for kind in ("a", "b"):
            await client.post(f"/api/intake/size/{kind}")
    after = count("http_requests_total", **labels, status="200"), count("http_request_seconds_count", **labels)
    assert after == (before[0] + 2, before[1] + 2)


async def test_paths_nobody_declared_are_counted_together(serving: Serving) -> None:
    labels = {"method": "GET", "route": "unmatched", "status": "404"}
    before = count("http_requests_total", **labels)
    async with serving(router, public=PUBLIC) as client:
        await client.get("/wp-admin/setup.php")
        await client.get("/api/intake/x")
    assert count("http_requests_total", **labels) == before + 2


async def test_the_length_of_a_live_stream_is_not_a_latency(serving: Serving) -> None:
    labels = {"method": "GET", "route": "/api/intake/live"}
    async with serving(router, public=PUBLIC) as client:
        await client.get("/api/intake/live")
    assert count("http_requests_total", **labels, status="200") >= 1
    assert count("http_request_seconds_count", **labels) == 0


async def test_an_answer_that_breaks_off_is_not_made_to_look_whole(serving: Serving) -> None:
    async with serving(router, public=PUBLIC, raise_app_exceptions=True) as client:
        with pytest.raises(RuntimeError, match="other half"), capture_logs():
            await client.get("/api/intake/cut")


async def test_requests_are_logged_when_asked_for(serving: Serving) -> None:
    with capture_logs() as quiet:
        async with serving(router, public=PUBLIC) as client:
            await client.get("/api/intake/context")
    everything = ServiceSettings(system_key=SYSTEM_KEY, log_requests="all")
    with capture_logs() as all_of_them:
        async with serving(router, public=PUBLIC, settings=everything) as client:
            await client.get("/api/intake/context")
    assert [line for line in quiet if line["event"] == "request"] == []
    (line,) = (line for line in all_of_them if line["event"] == "request")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/intake/context", 200)
