"""Intake on real servers, with accounts and routing played by logs of their own."""

from collections.abc import AsyncIterator, Sequence
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
    AccountChanged,
    AccountCreated,
    AdministratorCreated,
    OrderedService,
    SigningKeyAdded,
    UserCreated,
)
from libs.events.catalogue.routing import CategoryCreated, DepartmentChanged, DepartmentCreated, DepartmentDecided
from libs.service.auth import Caller, StaffDirectory, issue, public_jwk
from libs.service.rights import Right, Role, Staff
from libs.service.tls import trusted
from services.intake.app import create_app
from services.intake.settings import Settings
from tests.infrastructure.cast import Cast, has_read, settings_of, until
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.players import Player, served
from tests.infrastructure.servers import PostgresServer

PLAYED = ("accounts", "routing")


@dataclass
class World:
    """Intake's HTTP and database, the two players, and people who may call."""

    http: httpx.AsyncClient
    database: asyncpg.Pool
    accounts: Player
    routing: Player
    staff_directory: StaffDirectory
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    account: UUID = field(default_factory=uuid4)
    user: UUID = field(default_factory=uuid4)
    stranger: UUID = field(default_factory=uuid4)
    ann: UUID = field(default_factory=uuid4)
    bob: UUID = field(default_factory=uuid4)
    category: UUID = field(default_factory=uuid4)
    vps_category: UUID = field(default_factory=uuid4)
    department: UUID = field(default_factory=uuid4)
    """Where routing, played, sends nothing by itself; nobody belongs to it unless a test says so."""

    async def populate(self) -> None:
        jwk = public_jwk(self.key.public_key(), "k")
        await self.accounts.tell(uuid4(), SigningKeyAdded(key_id="k", public_key=jwk["x"]))
        await self.accounts.tell(self.account, AccountCreated(name="Acme"))
        other = uuid4()
        await self.accounts.tell(other, AccountCreated(name="Other"))
        await self.accounts.tell(self.user, UserCreated(account_id=self.account, name="U", email="u@x.example"))
        await self.accounts.tell(self.stranger, UserCreated(account_id=other, name="S", email="s@x.example"))
        for staff in (self.ann, self.bob):
            await self.accounts.tell(staff, AdministratorCreated(name="A", email=f"{staff}@x.example"))
        department = self.department
        await self.routing.tell(department, DepartmentCreated(name="Support"))
        await self.routing.tell(self.category, CategoryCreated(name="Mail", default_department_id=department))
        await self.routing.tell(
            self.vps_category,
            CategoryCreated(name="VPS", default_department_id=department, product_types=["vps"]),
        )
        await self.consumed()

    async def order_vps(self) -> None:
        services = [OrderedService(product_type="vps", price="5")]
        await self.accounts.tell(self.account, AccountChanged(name="Acme", services=services))
        await self.consumed()

    async def hire(self, role: Role, *rights: Right, in_departments: Sequence[UUID] = ()) -> UUID:
        """Somebody new among the staff, once intake knows of them and of where they belong."""
        who = uuid4()
        await self.accounts.tell(
            who, AdministratorCreated(name="H", email=f"{who}@x.example", role=role, rights=list(rights))
        )
        for department in in_departments:
            await self.routing.tell(department, DepartmentChanged(name="Support", member_ids=[who]))
        await self.consumed()
        await until(self._is_known_in, who, in_departments)
        return who

    async def _is_known_in(self, who: UUID, departments: Sequence[UUID]) -> bool:
        found: Staff | None = await self.staff_directory.find(who)
        return found is not None and found.departments >= set(departments)

    async def place(self, ticket: UUID, department: UUID) -> None:
        """Let routing decide that this department has the ticket."""
        await self.routing.tell(ticket, DepartmentDecided(department_id=department, judged_version=1))
        await until(self.has_event, ticket, "routed")

    async def has_event(self, ticket: UUID, name: str) -> bool:
        return name in await self.events(ticket)

    async def consumed(self) -> None:
        """Wait until intake has read all that the players told, and trusts the key."""
        for player in (self.accounts, self.routing):
            end = await player.log.pool.fetchval("select coalesce(max(position), 0) from log")
            await until(has_read, self.database, player.backbone.service, end)
        await until(self._trusts_key)

    async def _trusts_key(self) -> bool:
        response = await self.http.post(f"/api/intake/tickets/{uuid4()}/read", headers=self.staff(self.ann))
        return response.status_code != 401

    def client(self, user: UUID | None = None, **caller: Any) -> dict[str, str]:
        account = caller.pop("account", self.account)
        return self._headers(Caller(kind="client", id=str(user or self.user), account_id=account, **caller))

    def staff(self, who: UUID) -> dict[str, str]:
        return self._headers(Caller(kind="administrator", id=str(who)))

    def system(self, *scopes: str) -> dict[str, str]:
        return self._headers(Caller(kind="system", id="billing", scopes=frozenset(scopes)))

    def _headers(self, caller: Caller) -> dict[str, str]:
        now = datetime.now(UTC)
        token = issue(caller, private_key=self.key, kid="k", now=now, ttl_seconds=600, jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    def submission(self, **given: Any) -> dict[str, Any]:
        return {"category_id": str(self.category), "subject": "Help", "text": "It is broken", **given}

    async def submit(self) -> UUID:
        response = await self.http.post("/api/intake/tickets", json=self.submission(), headers=self.client())
        assert response.status_code == 201, response.text
        return UUID(response.json()["id"])

    async def act(self, ticket: UUID, what: str, headers: dict[str, str], **body: Any) -> httpx.Response:
        path = f"/api/intake/tickets/{ticket}/{what}"
        return await self.http.post(path, json=body or None, headers=headers)

    async def answer(self, ticket: UUID, who: UUID | None = None, **given: Any) -> httpx.Response:
        """Take the block and answer."""
        block = (await self.act(ticket, "block", self.staff(who or self.ann))).json()["block"]
        body = {"text": "Done", "token": block["token"], **given}
        return await self.act(ticket, "replies", self.staff(who or self.ann), **body)

    async def told(self, ticket: UUID) -> list[dict[str, Any]]:
        """The events of a ticket, whole."""
        rows = await self.database.fetch("select envelope from log where entity = $1 order by version", ticket)
        return [orjson.loads(row["envelope"]) for row in rows]

    async def events(self, ticket: UUID) -> list[str]:
        rows = await self.database.fetch("select type from log where entity = $1 order by version", ticket)
        return [row["type"].split(".")[1] for row in rows]


@dataclass
class Stage:
    """The two players, and intake as often as a test starts it."""

    common: dict[str, Any]
    players: list[Player]
    known: World | None = None

    @asynccontextmanager
    async def intake(self, **given: Any) -> AsyncIterator[World]:
        """Intake with these settings. People, categories and tokens stay what they were when it ran before."""
        settings = Settings(**{"block_seconds": 90, **self.common, **given})
        app = create_app(settings)
        url = f"http://127.0.0.1:{settings.port}"
        async with served(app, settings), httpx.AsyncClient(base_url=url, timeout=30, verify=trusted()) as http:
            running = (http, app.state.backbone.pool, *self.players, app.state.staff)
            if self.known is None:
                self.known = World(*running)
                await self.known.populate()
            else:
                self.known.http, self.known.database, *_, self.known.staff_directory = running
                await self.known.consumed()
            yield self.known


@pytest.fixture
def intake_settings() -> dict[str, Any]:
    """What a test wants intake to be set to."""
    return {}


@pytest.fixture
async def stage(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str
) -> AsyncIterator[Stage]:
    await service_databases(*PLAYED, "intake")
    common = settings_of("intake", PLAYED, postgres_server.dsn(), nats_url)
    cast = Cast(Settings(**common))
    await cast.start(*PLAYED)
    yield Stage(common, [cast.players[name] for name in PLAYED])
    await cast.stop()


@pytest.fixture
async def world(stage: Stage, intake_settings: dict[str, Any]) -> AsyncIterator[World]:
    async with stage.intake(**intake_settings) as made:
        yield made
