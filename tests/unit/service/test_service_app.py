"""The frame every service stands in: health, documentation, its runtime."""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import pytest
from fastapi import APIRouter, Body, Depends
from structlog.testing import capture_logs

from libs.service.app import ServiceApp, runtime, tune_gc
from libs.service.auth import CurrentCaller
from libs.service.context import current_service
from libs.service.problems import Conflict, problem_responses
from libs.service.routes import service_router
from libs.service.workers import Workers
from tests.unit.service.service_builders import Serving


@dataclass
class Intake:
    """What the lifespan yields."""

    greeting: str = "hello"


router = service_router("intake")


@router.get("/greeting")
async def greeting(intake: Annotated[Intake, Depends(runtime(Intake))]) -> str:
    return intake.greeting


@router.post("/tickets", responses=problem_responses(Conflict))
async def post_ticket(caller: CurrentCaller) -> str:
    return caller.id


@router.post("/notes")
async def post_note(caller: CurrentCaller, text: Annotated[str, Body()]) -> str:
    return caller.id + text


PUBLIC = ("/api/intake/greeting",)


async def test_routes_get_what_the_lifespan_made(serving: Serving) -> None:
    async with serving(router, public=PUBLIC, runtime=Intake("hi")) as client:
        assert (await client.get("/api/intake/greeting")).json() == "hi"


async def test_two_services_in_a_process_keep_their_own(serving: Serving) -> None:
    async with (
        serving(router, public=PUBLIC, runtime=Intake("one")) as one,
        serving(router, public=PUBLIC, runtime=Intake("two")) as two,
    ):
        told = [(await client.get("/api/intake/greeting")).json() for client in (one, two, one)]
    assert told == ["one", "two", "one"]


async def test_the_lifespan_works_for_its_service(serving: Serving) -> None:
    seen: list[str | None] = []

    async def prepare(_: ServiceApp) -> None:
        seen.append(current_service())

    async with serving(prepare=prepare):
        pass
    assert seen == ["intake"]


@pytest.mark.parametrize("prefix", ["", "/api/intake"])
async def test_health_is_told_at_the_root_and_below_the_service(serving: Serving, prefix: str) -> None:
    async with serving() as client:
        alive, ready, metrics = [await client.get(f"{prefix}/{name}") for name in ("healthz", "readyz", "metrics")]
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "checks": {}})
    assert metrics.headers["content-type"].startswith("text/plain")
    assert b"helpdesk_http_requests_total" in metrics.content


async def test_readiness_tells_which_check_fails_and_not_its_error(serving: Serving) -> None:
    async def fine() -> None:
        return None

    async def behind() -> str:
        return "Behind by 40 s"

    async def broken() -> str:
        raise OSError("postgresql://app:hunter2@db")

    async def prepare(app: ServiceApp) -> None:
        app.ready_when(database=fine, consumer=behind, stream=broken)

    with capture_logs() as logged:
        async with serving(prepare=prepare) as client:
            answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unready",
        "checks": {
            "database": {"ok": True},
            "consumer": {"ok": False, "reason": "Behind by 40 s"},
            "stream": {"ok": False, "reason": "The check failed"},
        },
    }
    assert [line["check"] for line in logged if line["event"] == "readiness_check_failed"] == ["stream"]


async def test_a_service_tells_of_a_crashing_worker_and_goes_on_serving(serving: Serving) -> None:
    crashed = asyncio.Event()

    class Broken:
        name = "relay"

        async def run(self, stop: asyncio.Event) -> None:
            del stop
            crashed.set()
            raise RuntimeError

    workers = Workers("intake", [Broken()])

    async def prepare(app: ServiceApp) -> None:
        app.watch(workers)

    async with serving(prepare=prepare) as client:
        assert (await client.get("/readyz")).json()["status"] == "ready"
        async with workers.running():
            await crashed.wait()
            answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "checks": {"workers": {"ok": False, "reason": "Failing: relay"}}},
    )


async def test_the_documentation_knows_problems_and_tokens(serving: Serving) -> None:
    async with serving(router, public=PUBLIC, runtime=Intake()) as client:
        schema = (await client.get("/api/intake/openapi.json")).json()
        assert (await client.get("/api/intake/docs")).status_code == 200
    assert schema["security"] == [{"bearer": []}]
    assert schema["paths"]["/api/intake/greeting"]["get"]["security"] == []
    responses = schema["paths"]["/api/intake/tickets"]["post"]["responses"]
    assert {"400", "401", "403", "409", "422", "503"} < set(responses)
    assert "413" in schema["paths"]["/api/intake/notes"]["post"]["responses"]
    assert "413" not in responses  # nothing is sent
    assert responses["409"]["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "Problem" in schema["components"]["schemas"]
    assert "/healthz" not in schema["paths"]


async def test_a_nested_router_is_refused(serving: Serving) -> None:
    nesting = APIRouter()
    nesting.include_router(router, prefix="/api/intake/deeper")
    with pytest.raises(TypeError, match="plain route"):
        async with serving(nesting):
            pass


@pytest.fixture
def collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("collector")
def test_what_lives_for_ever_is_spared_from_garbage_collection() -> None:
    tune_gc()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] > 10_000
