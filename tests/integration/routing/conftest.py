"""Routing on real servers, with accounts, intake and sla played by logs of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.events.catalogue.accounts import (
    AccountCreated,
    AdministratorCreated,
    OrderedService,
    SigningKeyAdded,
)
from libs.events.catalogue.intake import TicketOpened
from libs.service.app import ServiceApp
from libs.service.auth import Caller, KeyRing, issue, public_jwk
from libs.service.tls import trusted
from services.routing.app import create_app
from services.routing.settings import Settings
from tests.infrastructure.cast import Cast, settings_of
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.players import Player
from tests.infrastructure.servers import PostgresServer

PLAYED = ("accounts", "intake", "sla")
PATIENCE_SECONDS = 30


def services(*prices: str) -> dict[str, Any]:
    """The fields of an account that has ordered servers at these prices."""
    ordered = [OrderedService.model_validate({"product_type": "vps", "price": price}) for price in prices]
    return {"services": ordered, "expenses": sum(service.price for service in ordered)}


def opened(account: UUID, category: UUID, *, waiting: bool = True, **given: Any) -> TicketOpened:
    facts = {"number": 1, "subject": "s", "text": "t", "user_id": uuid4(), "message_id": uuid4(), **given}
    since = datetime.now(UTC) if waiting else None
    return TicketOpened(account_id=account, category_id=category, waiting_since=since, **facts)


@dataclass
class World:
    """Routing's application and database, the two players, and people who may call."""

    app: ServiceApp
    key_ring: KeyRing
    http: httpx.AsyncClient
    players: dict[str, Player]
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ann: UUID = field(default_factory=uuid4)
    account: UUID = field(default_factory=uuid4)

    @property
    def pool(self) -> asyncpg.Pool:
        pool: asyncpg.Pool = self.app.state.backbone.pool
        return pool

    @property
    def accounts(self) -> Player:
        return self.players["accounts"]

    @property
    def intake(self) -> Player:
        return self.players["intake"]

    @property
    def sla(self) -> Player:
        return self.players["sla"]

    async def populate(self) -> None:
        jwk = public_jwk(self.key.public_key(), "k")
        await self.accounts.tell(uuid4(), SigningKeyAdded(key_id="k", public_key=jwk["x"]))
        await self.accounts.tell(self.ann, AdministratorCreated(name="Ann", email="ann@x.example"))
        await self.consumed()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "k" not in self.key_ring.kids:  # noqa: ASYNC110 - a key ring tells nobody of its keys
                await asyncio.sleep(0.01)

    async def consumed(self) -> None:
        """Wait until routing has judged all that the players told."""
        for name, player in self.players.items():
            await self.has_read(name, await player.log.pool.fetchval("select coalesce(max(position), 0) from log"))

    async def has_read(self, source: str, position: int) -> None:
        applied = self.app.state.backbone.consumer.applied
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (changed := applied.changed) and not self._is_past(source, position):
                await changed.wait()

    def _is_past(self, source: str, position: int) -> bool:
        cursors = self.app.state.backbone.consumer.applied.cursors
        return source in cursors and cursors[source].position >= position

    # --- people -------------------------------------------------------------------------------

    def staff(self, **extra: str) -> dict[str, str]:
        return self._headers(Caller(kind="administrator", id=str(self.ann)), extra)

    def client(self) -> dict[str, str]:
        return self._headers(Caller(kind="client", id=str(uuid4()), account_id=self.account), {})

    def system(self, *scopes: str) -> dict[str, str]:
        return self._headers(Caller(kind="system", id="billing", scopes=frozenset(scopes)), {})

    def _headers(self, caller: Caller, extra: dict[str, str]) -> dict[str, str]:
        now, jti = datetime.now(UTC), str(uuid4())
        token = issue(caller, private_key=self.key, kid="k", now=now, ttl_seconds=600, jti=jti)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": jti, **extra}

    # --- what they do -------------------------------------------------------------------------

    async def create(self, path: str, **body: Any) -> UUID:
        answer = await self.http.post(path, json=body, headers=self.staff())
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def change(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.patch(path, json=body, headers=self.staff(**{"If-Match": "*"}))

    async def department(self, **body: Any) -> UUID:
        return await self.create("departments", **{"name": "Support", **body})

    async def category(self, department: UUID | None = None, **body: Any) -> UUID:
        to = department or await self.department()
        return await self.create("categories", **{"name": "Mail", "default_department_id": str(to), **body})

    async def rule(self, name: str, points: int, conditions: dict[str, Any] | None = None, **body: Any) -> UUID:
        return await self.create("weight-rules", name=name, points=points, conditions=conditions or {}, **body)

    async def submission_rule(self, then: dict[str, Any], **body: Any) -> UUID:
        return await self.create("submission-rules", **{"name": "R", "then": then, **body})

    async def hire(self, name: str = "Bob") -> UUID:
        """Another administrator, as soon as they are known."""
        hired = uuid4()
        await self.accounts.tell(hired, AdministratorCreated(name=name, email=f"{name}@x.example"))
        await self.consumed()
        return hired

    async def register(self, **facts: Any) -> None:
        """Let the account be known."""
        await self.accounts.tell(self.account, AccountCreated(name="Acme", **facts))
        await self.consumed()

    async def open_ticket(self, category: UUID, **given: Any) -> UUID:
        ticket = uuid4()
        await self.intake.tell(ticket, opened(self.account, category, **given))
        return ticket

    async def decided(self, ticket: UUID) -> list[dict[str, Any]]:
        """The events of routing's own log about a ticket, once all is judged."""
        await self.consumed()
        rows = await self.pool.fetch("select envelope from log where entity = $1 order by version", ticket)
        return [orjson.loads(row["envelope"]) for row in rows]

    async def decided_next(self, ticket: UUID, after: int) -> dict[str, Any]:
        """The next decision, which comes by time."""
        applied = self.app.state.backbone.consumer.applied
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (changed := applied.changed) and len(await self.decided(ticket)) == after:
                await changed.wait()
        return (await self.decided(ticket))[after]

    async def points(self, ticket: UUID) -> list[int]:
        """All weights the ticket has had."""
        return [event["data"]["points"] for event in await self.decided(ticket) if "points" in event["data"]]


@dataclass
class Stage:
    """Where routing and those who play the others are started and stopped."""

    settings: Settings
    cast: Cast

    @asynccontextmanager
    async def routing(self) -> AsyncIterator[World]:
        key_ring = KeyRing()
        app = create_app(self.settings, key_ring=key_ring)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://routing/api/routing/", verify=trusted()
            ) as http,
        ):
            yield World(app, key_ring, http, self.cast.players)


@pytest.fixture
def routing_settings(postgres_server: PostgresServer, nats_url: str) -> Settings:
    return Settings(**settings_of("routing", PLAYED, postgres_server.dsn(), nats_url))


@pytest.fixture
async def stage(routing_settings: Settings, service_databases: ServiceDatabases) -> AsyncIterator[Stage]:
    await service_databases(*PLAYED, "routing")
    stage = Stage(routing_settings, Cast(routing_settings))
    await stage.cast.start(*PLAYED)
    yield stage
    await stage.cast.stop()


@pytest.fixture
async def world(stage: Stage) -> AsyncIterator[World]:
    async with stage.routing() as made:
        await made.populate()
        yield made
