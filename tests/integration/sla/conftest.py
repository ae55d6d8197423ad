"""Sla on real servers, with accounts, intake and routing played by logs of their own, and one clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.events.catalogue.accounts import AdministratorCreated, SigningKeyAdded
from libs.events.catalogue.intake import ClientReplied, TicketAnswered, TicketOpened, TicketRouted, TicketTransferred
from libs.events.catalogue.routing import DepartmentCreated
from libs.events.log import Log
from libs.service.auth import Caller, issue, public_jwk
from libs.service.clock import ManualClock
from libs.service.tls import trusted
from services.sla.app import create_app
from services.sla.runtime import Sla
from services.sla.settings import Settings
from tests.infrastructure.cast import Cast, settings_of, until
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.players import Player, served
from tests.infrastructure.servers import PostgresServer

PLAYED = ("accounts", "intake", "routing")
NAMES = (*PLAYED, "sla")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass
class World:
    """Sla's HTTP and database, the players, one clock for all of them, and somebody who may call."""

    settings: Settings
    cast: Cast
    clock: ManualClock
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ann: UUID = field(default_factory=uuid4)
    sla: Sla = field(init=False)
    http: httpx.AsyncClient = field(init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Sla itself, from started to drained; may be entered again."""
        app = create_app(self.settings, now=self.clock.now)
        base = f"http://127.0.0.1:{self.settings.port}"
        async with (
            served(app, self.settings),
            httpx.AsyncClient(base_url=base, timeout=30, verify=trusted()) as self.http,
        ):
            self.sla = app.state.runtime
            yield self

    @asynccontextmanager
    async def log_of(self, player: str) -> AsyncIterator[Log]:
        """The log alone: what is written there is not told while the player is stopped."""
        async with asyncpg.create_pool(self.settings.database_dsn(player), min_size=1) as pool:
            yield Log(player, pool, now=self.clock.now)

    @property
    def players(self) -> dict[str, Player]:
        return self.cast.players

    @property
    def intake(self) -> Player:
        return self.players["intake"]

    @property
    def database(self) -> asyncpg.Pool:
        return self.sla.log.pool

    async def introduce(self) -> None:
        """Tell of Ann and the key that her tokens are signed with, and wait until both are known."""
        jwk = public_jwk(self.key.public_key(), "k")
        await self.players["accounts"].tell(uuid4(), SigningKeyAdded(key_id="k", public_key=jwk["x"]))
        await self.players["accounts"].tell(self.ann, AdministratorCreated(name="Ann", email="ann@x.example"))
        await until(self._trusts_key)

    async def _trusts_key(self) -> bool:
        return (await self.get(f"tickets/{uuid4()}")).status_code == 404

    # --- what others do -----------------------------------------------------------------------

    async def department(self) -> UUID:
        department = uuid4()
        await self.players["routing"].tell(department, DepartmentCreated(name="Support"))
        await self.caught_up()
        return department

    async def opened(self, department: UUID | None = None, *, account: UUID | None = None) -> UUID:
        """A ticket written by a client now, and routed."""
        ticket, now = uuid4(), self.clock.now()
        await self.intake.tell(ticket, _opened(now, account or uuid4()))
        if department:
            await self.intake.tell(ticket, TicketRouted(department_id=department, decision_id=uuid4()))
        return ticket

    async def transfer(self, ticket: UUID, department: UUID) -> None:
        await self.intake.tell(ticket, TicketTransferred(department_id=department))

    async def reply(self, ticket: UUID) -> None:
        data = ClientReplied(message_id=uuid4(), author_id=uuid4(), text="?", waiting_since=self.clock.now())
        await self.intake.tell(ticket, data)

    async def answer(self, ticket: UUID, at: datetime | None = None) -> None:
        await self.intake.tell(ticket, answered(), at=at)

    # --- what sla says ------------------------------------------------------------------------

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.get(f"/api/sla/{path}", headers=self.headers() if headers is None else headers)

    async def put(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.http.put(f"/api/sla/{path}", json=body, headers={**self.headers(), **headers})

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.http.post(f"/api/sla/{path}", json=body, headers={**self.headers(), **headers})

    async def set_target(self, department: UUID, seconds: int | None) -> None:
        await self._set(f"departments/{department}/target", {"response_seconds": seconds})

    async def set_hours(self, department: UUID, calendar: dict[str, Any] | None) -> None:
        await self._set(f"departments/{department}/working-hours", {"calendar": calendar})

    async def _set(self, path: str, body: dict[str, Any]) -> None:
        response = await self.put(path, body, **{"If-Match": "*"})
        assert response.status_code == 200, response.text

    def client(self, account: UUID) -> dict[str, str]:
        return self.headers("client", account)

    def headers(self, kind: Any = "administrator", account: UUID | None = None) -> dict[str, str]:
        of_client = (account or uuid4()) if kind == "client" else None
        caller = Caller(kind=kind, id=str(self.ann), account_id=of_client)
        token = issue(caller, private_key=self.key, kid="k", now=datetime.now(UTC), ttl_seconds=600, jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    async def said(self, ticket: UUID) -> list[tuple[str, dict[str, Any]]]:
        """What sla's log says of a ticket: what happened, and its data."""
        rows = await self.database.fetch("select envelope from log where entity = $1 order by version", ticket)
        events = [orjson.loads(row["envelope"]) for row in rows]
        return [(event["type"].split(".")[1], event["data"]) for event in events]

    async def types(self, ticket: UUID) -> list[str]:
        return [name for name, _ in await self.said(ticket)]

    async def due(self, ticket: UUID) -> datetime | None:
        """By the deadline said last."""
        deadlines = [data for name, data in await self.said(ticket) if name == "deadline_set"]
        due_at = deadlines[-1]["due_at"] if deadlines else None
        return datetime.fromisoformat(due_at) if due_at else None

    async def until_due(self, ticket: UUID, at: datetime | None) -> None:
        async def is_due() -> bool:
            return bool(await self.types(ticket)) and await self.due(ticket) == at

        await until(is_due)

    async def until_said(self, ticket: UUID, what: str) -> None:
        async def is_said() -> bool:
            return what in await self.types(ticket)

        await until(is_said)

    async def everything(self) -> list[tuple[Any, ...]]:
        """All that sla has said, and what it keeps of its own."""
        log = await self.database.fetch("select position, id, entity, type, time, envelope from log order by position")
        entities = await self.database.fetch("select id, version, state, due_at from entities order by id")
        return [tuple(row.values()) for row in (*log, *entities)]

    async def kept(self) -> list[tuple[Any, ...]]:
        """All that sla keeps of the others."""
        queries = (
            "select id, name from departments order by id",
            "select ticket, clock, since, begun, until from waits order by ticket, clock, since",
            "select * from traits order by ticket, version",
            "select * from ticket_accounts order by ticket",
            "select * from account_versions order by account, version",
            "select * from named order by id",
            "select * from categories order by id",
            "select ticket, version, since, department from placements order by ticket, version",
        )
        return [tuple(row.values()) for query in queries for row in await self.database.fetch(query)]

    # --- time ---------------------------------------------------------------------------------

    def at(self, **after: float) -> datetime:
        return MONDAY + timedelta(**after)

    async def looked_twice(self) -> None:
        """Sla has judged again after two changes of a plan, and so has looked at what is due in between."""
        department = await self.department()
        for seconds in (1, 2):
            await self.set_target(department, seconds)
            await until(self._has_judged_again)

    async def _has_judged_again(self) -> bool:
        return not await self.database.fetchval("select exists (select from rejudgements)")

    async def known_up_to_now(self) -> None:
        """Sla knows everything up to now: a ticket that was due a moment ago has been breached."""
        department = await self.department()
        await self.set_target(department, 0)
        ticket = await self.opened(department)
        await self.caught_up()
        self.clock.advance(1)
        await self.until_said(ticket, "deadline_breached")

    def move_to(self, instant: datetime) -> None:
        assert instant >= self.clock.instant
        self.clock.instant = instant

    async def caught_up(self) -> None:
        """Sla has read all that the players have told."""
        await self.cast.heard(self.database)


def _opened(now: datetime, account: UUID) -> TicketOpened:
    ids = {name: uuid4() for name in ("user_id", "category_id", "message_id")}
    return TicketOpened(number=1, subject="Help", text="It is broken", waiting_since=now, account_id=account, **ids)


def answered() -> TicketAnswered:
    return TicketAnswered(message_id=uuid4(), author_id=uuid4(), text="Fixed")


@pytest.fixture
async def quiet_world(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str
) -> AsyncIterator[World]:
    """The players run, sla does not yet."""
    await service_databases(*NAMES)
    settings = Settings(**settings_of("sla", PLAYED, postgres_server.dsn(), nats_url))
    clock = ManualClock(MONDAY)
    world = World(settings, Cast(settings, clock.now), clock)
    await world.cast.start(*PLAYED)
    yield world
    await world.cast.stop()


@pytest.fixture
async def world(quiet_world: World) -> AsyncIterator[World]:
    async with quiet_world.running():
        await quiet_world.introduce()
        yield quiet_world
