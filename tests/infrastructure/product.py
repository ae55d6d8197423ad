"""The whole product as a person or a system meets it: all services behind one port, reached over HTTP only."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.all_in_one import AllInOneApp
from libs.service.app import ServiceApp
from libs.service.clock import Clock
from libs.service.tls import trusted
from libs.service.tokens import KeyRing
from services.accounts.app import create_app as accounts_app
from services.accounts.settings import Settings as AccountsSettings
from services.intake.app import create_app as intake_app
from services.intake.settings import Settings as IntakeSettings
from services.notify.app import create_app as notify_app
from services.notify.settings import Settings as NotifySettings
from services.query.app import create_app as query_app
from services.query.settings import Settings as QuerySettings
from services.routing.app import create_app as routing_app
from services.routing.settings import Settings as RoutingSettings
from services.sla.app import create_app as sla_app
from services.sla.settings import Settings as SlaSettings
from tests.infrastructure.players import served
from tests.infrastructure.ports import free_port

SYSTEM_KEY = "the key that services share"
ADMINISTRATOR = {"email": "admin@localhost", "password": "the first administrator's"}

CHEAP_PASSWORDS: dict[str, Any] = {"password_memory_kib": 8192, "password_iterations": 1}


@dataclass
class Somebody:
    """A signed-in person or system. Commands get a new idempotency key each, and change whatever version there is."""

    http: httpx.AsyncClient
    token: str

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query, headers=self._headers())

    async def post(self, path: str, **body: Any) -> httpx.Response:
        headers = {**self._headers(), "Idempotency-Key": str(uuid4()), "If-Match": "*"}
        return await self.http.post(path, json=body, headers=headers)

    async def patch(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.patch(path, json=body, headers={**self._headers(), "If-Match": "*"})

    async def upload(self, path: str, name: str, content: bytes) -> dict[str, Any]:
        headers = {
            **self._headers(),
            "Idempotency-Key": str(uuid4()),
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        response = await self.http.post(path, content=content, headers=headers)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def status(self, method: str, path: str, body: Any, headers: dict[str, str]) -> int:
        """The status of the answer to any request, without waiting for the answer to end."""
        async with self.http.stream(method, path, json=body, headers={**self._headers(), **headers}) as response:
            return response.status_code

    async def put(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.put(path, json=body, headers={**self._headers(), "Idempotency-Key": str(uuid4())})

    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Post, expect success, answer the body."""
        response = await self.post(path, **body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    @asynccontextmanager
    async def live(self, last_event_id: str | None = None) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Server-sent events of /api/query/live, parsed: {"event", "id", "data"}."""
        headers = {**self._headers(), **({"Last-Event-ID": last_event_id} if last_event_id else {})}
        async with self.http.stream("GET", "/api/query/live", headers=headers) as response:
            assert response.status_code == httpx.codes.OK, await response.aread()
            yield _events(response)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line and not line.startswith(":"):
            event[name] = value
        elif not line and "data" in event:
            yield {**event, "data": json.loads(event["data"])}
            event = {}


class ByService(httpx.AsyncBaseTransport):
    """Reaches each service at its own address by the request's path, as a proxy in front of them would."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._urls = {name: httpx.URL(url) for name, url in urls.items()}
        self._transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=200))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        service = self._urls[request.url.path.split("/")[2]]
        request.url = request.url.copy_with(scheme=service.scheme, host=service.host, port=service.port)
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


@dataclass
class Product:
    http: httpx.AsyncClient
    url: str
    apps: Mapping[str, ServiceApp] = field(default_factory=dict)
    """By service, if they run in this process: for a test that waits until one of them has heard of something."""

    async def sign_in(self, email: str, password: str) -> Somebody:
        return await self.session(email=email, password=password)

    async def session(self, **proof: str) -> Somebody:
        response = await self.http.post("/api/accounts/session", json=proof)
        assert response.is_success, response.text
        return Somebody(self.http, response.json()["access_token"])

    async def administrator(self) -> Somebody:
        return await self.sign_in(**ADMINISTRATOR)


async def listed(caller: Somebody, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list, or of a history, below `/api/`."""
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_cursor": ""}
    while page.get("next_cursor") is not None:
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        answer = await caller.get(f"/api/{path}", limit=200, **query, **cursor)
        page = answer.raise_for_status().json()
        items += page["items"]
    return items


@asynccontextmanager
async def running_product(
    postgres_dsn: str, nats_url: str, attachments: Path, *, clock: Clock | None = None, **given: Any
) -> AsyncIterator[Product]:
    """All services in this event loop, on one port of 127.0.0.1, with these settings, as far as it has them.

    With a clock all of them live by it: what they record, the tokens they give and check, and what lists show.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    urls = {f"{name}_url": url for name in ("accounts", "intake", "routing", "sla", "notify", "query")}
    common: dict[str, Any] = {
        "postgres_dsn": postgres_dsn,
        "nats_url": nats_url,
        "system_key": SYSTEM_KEY,
        "port": port,
        "pool_min": 1,
        # On a busy machine a change is settled later than a person would be kept waiting.
        "consistency_seconds": 20,
        **urls,
        **given,
    }
    by_clock: dict[str, Any] = {"now": clock.now} if clock else {}
    first: dict[str, Any] = {f"first_administrator_{name}": value for name, value in ADMINISTRATOR.items()}
    intake_settings = IntakeSettings(**common, attachments_url=attachments.as_uri())
    apps = {
        "accounts": accounts_app(AccountsSettings(**common, **first, **CHEAP_PASSWORDS), clock=clock, **by_clock),
        "intake": intake_app(intake_settings, key_ring=KeyRing(clock), **by_clock),
        "routing": routing_app(RoutingSettings(**common), key_ring=KeyRing(clock), **by_clock),
        "sla": sla_app(SlaSettings(**common), key_ring=KeyRing(clock), **by_clock),
        "notify": notify_app(NotifySettings(**common), key_ring=KeyRing(clock), **by_clock),
        "query": query_app(QuerySettings(**common), key_ring=KeyRing(clock), **by_clock),
    }
    async with (
        served(AllInOneApp(apps), IntakeSettings(**common)),
        httpx.AsyncClient(base_url=url, timeout=30, verify=trusted()) as http,
    ):
        yield Product(http, url, apps)
