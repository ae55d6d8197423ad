"""The accounts service as a test meets it."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx

from libs.service.app import ServiceApp
from libs.service.clock import ManualClock
from services.accounts.app import create_app
from services.accounts.runtime import Accounts
from services.accounts.settings import Settings
from tests.unit.accounts.account_hashers import QuickHasher

EMAIL = "first@provider.example"
PASSWORD = "the first password"
ADDRESS = "192.0.2.1"

StartWorld = Callable[..., AbstractAsyncContextManager["World"]]
"""Runs another replica on the same database; keyword arguments are settings."""


@dataclass
class World:
    """One replica, its clock, and the first administrator's token."""

    app: ServiceApp
    http: httpx.AsyncClient
    clock: ManualClock
    hasher: QuickHasher
    token: str = ""

    @property
    def pool(self) -> asyncpg.Pool:
        return self.runtime.pool

    @property
    def runtime(self) -> Accounts:
        runtime = self.app.state.runtime
        assert isinstance(runtime, Accounts)
        return runtime

    # --- requests ----------------------------------------------------------------------------
    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(_url(path), params=query, headers=self._headers())

    async def post(self, path: str, body: Any, key: str | None = None) -> httpx.Response:
        headers = {**self._headers(), "Idempotency-Key": key or uuid.uuid4().hex}
        return await self.http.post(_url(path), json=body, headers=headers)

    async def patch(self, path: str, body: Any, etag: str | None = "*") -> httpx.Response:
        headers = {**self._headers(), **({"If-Match": etag} if etag else {})}
        return await self.http.patch(_url(path), json=body, headers=headers)

    async def delete(self, path: str) -> httpx.Response:
        return await self.http.delete(_url(path), headers=self._headers())

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD, address: str = ADDRESS) -> httpx.Response:
        return await self.from_address("session", {"email": email, "password": password}, address)

    async def exchange(self, api_key: str, address: str = ADDRESS) -> httpx.Response:
        return await self.from_address("session", {"api_key": api_key}, address)

    async def refresh(self, refresh_token: str, address: str = ADDRESS) -> httpx.Response:
        return await self.from_address("session/refresh", {"refresh_token": refresh_token}, address)

    async def signed_in(self, email: str = EMAIL, password: str = PASSWORD) -> tuple["World", str]:
        """Begin another session; the world as its holder sees it, and the refresh token."""
        response = await self.sign_in(email, password)
        assert response.status_code == 200, response.text
        return self.as_holder_of(response.json()["access_token"]), response.json()["refresh_token"]

    def as_holder_of(self, token: str) -> "World":
        return World(self.app, self.http, self.clock, self.hasher, token)

    # --- builders ----------------------------------------------------------------------------
    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        response = await self.post(path, body)
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def user(self, email: str = "jane@example.com", **body: Any) -> dict[str, Any]:
        """A client user, of an account of their own unless one is given."""
        if "account_id" not in body:
            body["account_id"] = (await self.made("accounts", name="Acme"))["id"]
        return await self.made("users", **{"name": "Jane", "email": email, "password": "Jane's password", **body})

    # --- what was told -----------------------------------------------------------------------
    async def told(self, entity: str) -> list[str]:
        """Answer the types of an entity's events."""
        rows = await self.pool.fetch("select type from log where entity = $1 order by version", uuid.UUID(entity))
        return [row["type"] for row in rows]

    async def until_told(self, entity: str, count: int) -> list[str]:
        """Answer the types of an entity's events once there are so many; the test's own time-out is the limit."""
        types = await self.told(entity)
        while len(types) < count:
            await asyncio.sleep(0.02)
            types = await self.told(entity)
        return types

    async def told_in_all(self, event_type: str) -> int:
        count: int = await self.pool.fetchval("select count(*) from log where type = $1", event_type)
        return count

    async def tables(self) -> dict[str, str]:
        """Answer all rows of each table as text."""
        names = await self.pool.fetch("select relname from pg_stat_user_tables where schemaname = 'public'")
        dump = "select coalesce(string_agg(t::text, e'\\n'), '') from {} t"
        return {name: await self.pool.fetchval(dump.format(name)) for (name,) in names}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def from_address(self, path: str, body: dict[str, str], address: str) -> httpx.Response:
        """Post without a token."""
        transport = httpx.ASGITransport(self.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://helpdesk") as client:
            return await client.post(_url(path), json=body)


async def until_refused(world: World) -> None:
    """Wait until a replica has heard that a session ended; the test's own time-out is the limit."""
    status = (await world.get("me")).status_code
    while status != httpx.codes.UNAUTHORIZED:
        await asyncio.sleep(0.02)
        status = (await world.get("me")).status_code


@asynccontextmanager
async def running_world(
    settings: Settings, hasher: QuickHasher | None = None, *, timed_log: bool = False
) -> AsyncIterator[World]:
    """Run a replica; its clock begins now and moves only when told to, the log's too if `timed_log`. Nobody is signed in."""
    clock, hasher = ManualClock(datetime.now(UTC)), hasher or QuickHasher()
    app = create_app(settings, clock=clock, hasher=hasher, now=clock.now if timed_log else None)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://helpdesk") as http:
            yield World(app, http, clock, hasher)


def _url(path: str) -> str:
    return f"/api/accounts/{path}"
