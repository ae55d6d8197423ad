"""Query on real servers, with the other services played by logs of their own."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.events.catalogue import CATALOGUE, accounts, intake, routing
from libs.events.envelope import Cause, Event
from libs.events.erasure import redact
from libs.events.log import Change, NewEvent
from libs.events.progress import Consumed, Point
from libs.service.app import ServiceApp
from libs.service.auth import Caller, issue, public_jwk
from libs.service.http import ConsistencyToken
from libs.service.rights import Role, Staff
from libs.service.tls import trusted
from services.query.app import create_app
from services.query.settings import Settings
from tests.infrastructure.cast import Cast
from tests.infrastructure.players import Player, served
from tests.infrastructure.ports import free_port

SOURCES = ("accounts", "routing", "sla", "notify", "intake")
PATIENCE_SECONDS = 30


@dataclass
class World:
    """Query, the four who tell it things, and people who may call."""

    app: ServiceApp
    http: httpx.AsyncClient
    players: dict[str, Player]
    settings: Settings
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    account: UUID = field(default_factory=uuid4)
    user: UUID = field(default_factory=uuid4)
    ann: UUID = field(default_factory=uuid4)
    _numbers: int = 1000

    @property
    def pool(self) -> asyncpg.Pool:
        pool: asyncpg.Pool = self.app.state.backbone.pool
        return pool

    async def populate(self) -> None:
        told = self.players["accounts"]
        public_key = public_jwk(self.key.public_key(), "k")["x"]
        await told.tell(uuid4(), accounts.SigningKeyAdded(key_id="k", public_key=public_key))
        await told.tell(self.account, accounts.AccountCreated(name="Acme", attitude=accounts.Attitude.GOOD))
        await told.tell(self.user, accounts.UserCreated(account_id=self.account, name="Jane", email="j@x.example"))
        await told.tell(self.ann, accounts.AdministratorCreated(name="Ann", email="a@x.example"))
        await self.caught_up()
        async with asyncio.timeout(PATIENCE_SECONDS):
            ring = self.app.state.authenticator.key_ring
            while "k" not in ring.kids:  # noqa: ASYNC110 - a key ring tells nobody of its keys
                await asyncio.sleep(0.01)

    # --- what is told -------------------------------------------------------------------------

    async def open_ticket(self, **given: Any) -> UUID:
        """A client of the account submits a ticket."""
        self._numbers += 1
        ticket, player = uuid4(), self.players["intake"]
        since = await player.log.now()
        facts: dict[str, Any] = {
            "number": self._numbers,
            "subject": "Help",
            "text": "It is broken",
            "account_id": self.account,
            "user_id": self.user,
            "category_id": uuid4(),
            "message_id": uuid4(),
            "waiting_since": since,
            **given,
        }
        await player.tell(ticket, intake.TicketOpened(**facts), at=since)
        return ticket

    async def retell(self, logs: Mapping[str, Sequence[Event]]) -> None:
        """Write made-up logs into the real ones, all at once; what is deleted is erased."""
        await asyncio.gather(*(self._retell(self.players[service], log) for service, log in logs.items()))

    async def _retell(self, player: Player, log: Sequence[Event]) -> None:
        for event in log:
            data, entity = CATALOGUE.read(event), UUID(event.entity)
            kind = event.type.partition(".")[0]
            change = Change(entity, kind, event.version - 1, [NewEvent(data, event.time)], b"{}")
            async with player.log.pool.acquire() as connection, connection.transaction():
                position = await player.log.append([change], event.cause, event.time, executor=connection)
                if isinstance(data, intake.TicketDeleted):
                    await redact(connection, CATALOGUE, entity, kind, position)

    async def token(self, service: str) -> ConsistencyToken:
        """What a command would answer that has just changed this service's log."""
        log = self.players[service].log
        position = await log.pool.fetchval("select coalesce(max(position), 0) from log")
        return ConsistencyToken(service, await log.epoch(), position)

    async def caught_up(self) -> None:
        """Wait until query has read all that was told."""
        for service in SOURCES:
            token = await self.token(service)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not self._has_read(token):
                    changed = self.app.state.backbone.consumer.applied.changed
                    if not self._has_read(token):
                        await changed.wait()

    def _has_read(self, token: ConsistencyToken) -> bool:
        cursor = self.app.state.backbone.consumer.applied.cursors.get(token.service)
        return cursor is not None and cursor.position >= token.position

    async def judge(self, judge: str, **read: ConsistencyToken) -> None:
        """Say that a service has judged others' logs up to these tokens, with whatever is in its own log."""
        own = await self.token(judge)
        points = {service: Point(epoch=token.epoch, position=token.position) for service, token in read.items()}
        marker = Consumed(service=judge, epoch=own.epoch, position=own.position, sources=points)
        transport = self.players[judge].backbone.transport
        client = await transport.client()
        await client.publish(transport.names.consumed(judge), marker.model_dump_json().encode())

    # --- who asks -----------------------------------------------------------------------------

    def staff(self) -> dict[str, str]:
        return self.headers(Caller(kind="administrator", id=str(self.ann)))

    async def employ(self, *departments: UUID, **given: Any) -> UUID:
        """An agent who is a member of these departments; each of which has no other members."""
        agent = uuid4()
        facts: dict[str, Any] = {"name": "Agent", "email": f"{agent}@x.example", "role": Role.AGENT, **given}
        await self.players["accounts"].tell(agent, accounts.AdministratorCreated(**facts))
        for department in departments:
            await self.manned(department, agent)
        await self.caught_up()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while frozenset(departments) != await self._departments_of(agent):  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0.01)
        return agent

    async def _departments_of(self, administrator: UUID) -> frozenset[UUID] | None:
        found: Staff | None = await self.app.state.staff.find(administrator)
        return found.departments if found else None

    async def manned(self, department: UUID, *members: UUID, head: UUID | None = None) -> None:
        """From now on a department has these members."""
        facts = routing.DepartmentChanged(name="Department", member_ids=list(members), head_id=head)
        await self.players["routing"].tell(department, facts)

    async def place(self, ticket: UUID, department: UUID) -> None:
        await self.players["intake"].tell(ticket, intake.TicketTransferred(department_id=department))

    @staticmethod
    def cause(actor: str, on_behalf_of: str | None = None) -> Cause:
        """Who does something, and for whom."""
        return Cause(actor, "test", on_behalf_of)

    def staff_as(self, administrator: UUID) -> dict[str, str]:
        return self.headers(Caller(kind="administrator", id=str(administrator)))

    def client(self, account: UUID | None = None) -> dict[str, str]:
        return self.headers(Caller(kind="client", id=str(self.user), account_id=account or self.account))

    def headers(self, caller: Caller) -> dict[str, str]:
        now, jti = datetime.now(UTC), str(uuid4())
        token = issue(caller, private_key=self.key, kid="k", now=now, ttl_seconds=600, jti=jti)
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, headers: dict[str, str] | None = None, **asked: Any) -> httpx.Response:
        return await self.http.get(f"/api/query/{path}", params=asked, headers=headers or self.staff())

    async def found(self, path: str, headers: dict[str, str] | None = None, **asked: Any) -> Any:
        answer = await self.get(path, headers, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def running_world(common: dict[str, Any]) -> AsyncIterator[World]:
    settings = Settings(**common)
    app, cast, base = create_app(settings), Cast(settings), settings.service_url("query")
    await cast.start(*SOURCES)
    async with served(app, settings), httpx.AsyncClient(base_url=base, timeout=30, verify=trusted()) as http:
        world = World(app, http, cast.players, settings)
        await world.populate()
        yield world
    await cast.stop()


@asynccontextmanager
async def replica(world: World, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A second process of query, so to say: its consumer stands by."""
    settings = world.settings.model_copy(update={"port": free_port(), **changed})
    app = create_app(settings)
    async with (
        served(app, settings),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", verify=trusted()) as http,
    ):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "k" not in app.state.authenticator.key_ring.kids:  # noqa: ASYNC110 - a key ring tells nobody of its keys
                await asyncio.sleep(0.01)
        yield http
