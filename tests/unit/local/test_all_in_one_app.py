"""How the one process hands requests to its services."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Response

from deploy.local.all_in_one import AllInOneApp
from deploy.local.paths import WITH_CONSOLE


def service(name: str, notes: list[str], ready: int = 200) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        notes.append(f"{name} begins")
        yield
        notes.append(f"{name} ends")

    app = FastAPI(lifespan=lifespan)

    @app.get("/readyz")
    def readyz(response: Response) -> dict[str, int]:
        response.status_code = ready
        return {"status": ready}

    @app.get("/{path:path}")
    def anything(path: str) -> str:
        return f"{name}: {path}"

    return app


@asynccontextmanager
async def client(app: AllInOneApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://helpdesk") as made:
        yield made


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.mark.parametrize(
    ("path", "answered_by"),
    [
        ("/api/intake/tickets/7", "intake"),
        ("/api/query/tickets", WITH_CONSOLE),
        ("/api/intake", "intake"),
        ("/api/unknown/tickets", WITH_CONSOLE),
        ("/assets/console.js", WITH_CONSOLE),
        ("/metrics", WITH_CONSOLE),
        ("/", WITH_CONSOLE),
    ],
)
async def test_the_path_names_the_service_that_answers(notes: list[str], path: str, answered_by: str) -> None:
    app = AllInOneApp({name: service(name, notes) for name in ("intake", WITH_CONSOLE)})
    async with client(app) as http:
        assert (await http.get(path)).json() == f"{answered_by}: {path[1:]}"


async def test_it_is_ready_when_all_services_are(notes: list[str]) -> None:
    app = AllInOneApp({name: service(name, notes) for name in ("intake", WITH_CONSOLE)})
    async with client(app) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["services"] == {"intake": {"status": 200}, WITH_CONSOLE: {"status": 200}}


async def test_it_is_not_ready_when_one_service_is_not(notes: list[str]) -> None:
    app = AllInOneApp({"intake": service("intake", notes, ready=503), WITH_CONSOLE: service(WITH_CONSOLE, notes)})
    async with client(app) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unready"


async def test_the_lifespans_of_all_services_run_and_end_in_reverse(notes: list[str]) -> None:
    app = AllInOneApp({name: service(name, notes) for name in ("intake", WITH_CONSOLE)})
    async with app.running():
        assert notes == ["intake begins", f"{WITH_CONSOLE} begins"]
    assert notes[2:] == [f"{WITH_CONSOLE} ends", "intake ends"]
