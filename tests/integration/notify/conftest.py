"""Notify on real servers, with the other services played by logs of their own, and one clock that a test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.events.catalogue import EventData, accounts, intake, routing
from libs.events.envelope import Cause
from libs.service.auth import Caller, issue, public_jwk
from libs.service.clock import ManualClock
from libs.service.tls import trusted
from services.notify.app import create_app
from services.notify.runtime import Notify
from services.notify.settings import Settings
from tests.infrastructure.cast import Cast, settings_of, until
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.mailbox import Mailbox, running_mailbox
from tests.infrastructure.players import CAUSE, Player, served
from tests.infrastructure.servers import PostgresServer

PLAYED = ("accounts", "intake", "routing", "sla")
NAMES = (*PLAYED, "notify")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
JANE = "jane@acme.example"
SAM = "sam@provider.example"


@dataclass
class World:
    """Notify, the players, a provider with one team of two, and a client; Ann is the owner who calls."""

    settings: Settings
    cast: Cast
    clock: ManualClock
    mailbox: Mailbox
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ann: UUID = field(default_factory=uuid4)
    sam: UUID = field(default_factory=uuid4)
    kim: UUID = field(default_factory=uuid4)
    account: UUID = field(default_factory=uuid4)
    jane: UUID = field(default_factory=uuid4)
    team: UUID = field(default_factory=uuid4)
    notify: Notify = field(init=False)
    http: httpx.AsyncClient = field(init=False)

    @asynccontextmanager
    async def running(self, **changed: Any) -> AsyncIterator[Self]:
        """Notify itself, from started to drained; may be entered again, with other settings."""
        self.settings = self.settings.model_copy(update=changed)
        app = create_app(self.settings, now=self.clock.now, random=lambda: 0.5)
        base = f"http://127.0.0.1:{self.settings.port}"
        async with (
            served(app, self.settings),
            httpx.AsyncClient(base_url=base, timeout=30, verify=trusted()) as self.http,
        ):
            self.notify = app.state.runtime
            yield self

    @property
    def players(self) -> dict[str, Player]:
        return self.cast.players

    @property
    def database(self) -> asyncpg.Pool:
        return self.notify.log.pool

    async def tell(self, player: str, entity: UUID, *data: EventData, cause: Cause = CAUSE) -> int:
        return await self.players[player].tell(entity, *data, cause=cause)

    async def people(self) -> None:
        """Tell of everybody; before notify runs, or while it does."""
        jwk = public_jwk(self.key.public_key(), "k")
        await self.tell("accounts", uuid4(), accounts.SigningKeyAdded(key_id="k", public_key=jwk["x"]))
        for who, name, email in ((self.ann, "Ann", "ann@provider.example"), (self.sam, "Sam", SAM)):
            await self.tell("accounts", who, accounts.AdministratorCreated(name=name, email=email))
        kim = accounts.AdministratorCreated(name="Kim", email="kim@provider.example")
        await self.tell("accounts", self.kim, kim)
        await self.tell("accounts", self.account, accounts.AccountCreated(name="Acme"))
        jane = accounts.UserCreated(account_id=self.account, name="Jane Roe", email=JANE)
        await self.tell("accounts", self.jane, jane)
        team = routing.DepartmentCreated(name="Mail support", head_id=self.sam, member_ids=[self.sam, self.kim])
        await self.tell("routing", self.team, team)

    async def introduced(self) -> None:
        await self.people()
        await until(self._trusts_key)
        await self.caught_up()

    async def _trusts_key(self) -> bool:
        return (await self.get("mail")).status_code == 200

    # --- what happens -------------------------------------------------------------------------
    async def opened(self, *, text: str = "It is **broken**", language: str | None = None) -> UUID:
        """Jane submits a ticket; it is in no department yet."""
        ticket = uuid4()
        ids = {"account_id": self.account, "user_id": self.jane, "category_id": uuid4(), "message_id": uuid4()}
        data = intake.TicketOpened(number=1001, subject="Help", text=text, language=language, **ids)
        await self.tell("intake", ticket, data, cause=self.by(self.jane))
        return ticket

    async def routed(self, ticket: UUID, responsible: UUID | None = None) -> None:
        routed = intake.TicketRouted(department_id=self.team, responsible_id=responsible, decision_id=uuid4())
        await self.tell("intake", ticket, routed)

    async def answered(self, ticket: UUID, text: str = "Try *again*", cause: Cause | None = None) -> None:
        data = intake.TicketAnswered(message_id=uuid4(), author_id=self.sam, text=text)
        await self.tell("intake", ticket, data, cause=cause or self.by(self.sam))

    async def replied(self, ticket: UUID, text: str = "Still broken") -> None:
        data = intake.ClientReplied(message_id=uuid4(), author_id=self.jane, text=text, waiting_since=self.clock.now())
        await self.tell("intake", ticket, data, cause=self.by(self.jane))

    async def bounced(self, ticket: UUID, kind: str, status: str) -> None:
        """The mail of this kind came back to intake, and notify has heard of it."""
        (sent,) = [row["id"] for row in await self.outbox() if row["kind"] == kind]
        bounced = intake.MailBounced(mail_id=uuid4(), notification_id=sent, status=status)
        await self.tell("intake", ticket, bounced)
        await self.caught_up()

    @staticmethod
    def by(person: UUID, correlation: str = "test") -> Cause:
        return Cause(f"user:{person}", correlation)

    # --- HTTP ---------------------------------------------------------------------------------
    async def get(self, path: str, who: UUID | None = None) -> httpx.Response:
        return await self.http.get(f"/api/notify/{path}", headers=self.headers(who))

    async def send(self, method: str, path: str, body: Any = None, who: UUID | None = None) -> httpx.Response:
        headers = {**self.headers(who), "If-Match": "*"}
        return await self.http.request(method, f"/api/notify/{path}", json=body, headers=headers)

    async def done(self, method: str, path: str, body: Any = None, who: UUID | None = None) -> Any:
        answer = await self.send(method, path, body, who)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def headers(self, who: UUID | None = None) -> dict[str, str]:
        is_client = who == self.jane
        caller = Caller(
            kind="client" if is_client else "administrator",
            id=str(who or self.ann),
            account_id=self.account if is_client else None,
        )
        token = issue(caller, private_key=self.key, kid="k", now=datetime.now(UTC), ttl_seconds=600, jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    # --- what notify has done -----------------------------------------------------------------
    async def outbox(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.database.fetch("select * from outbox order by requested_at, kind")]

    async def said(self) -> list[tuple[str, dict[str, Any]]]:
        """Notify's log: types without their versions, and data."""
        rows = await self.database.fetch("select type, envelope from log order by position")
        return [(row["type"].rpartition(".")[0], orjson.loads(row["envelope"])["data"]) for row in rows]

    async def until_state(self, kind: str, state: str) -> None:
        question = "select exists (select from outbox where kind = $1 and state = $2)"

        async def is_so() -> bool:
            return bool(await self.database.fetchval(question, kind, state))

        await until(is_so)

    async def until_tried(self, kind: str, attempts: int) -> None:
        """As often, and with the outcome written down."""

        async def is_so() -> bool:
            return bool(
                await self.database.fetchval(
                    "select exists (select from outbox where kind = $1 and attempts >= $2 and leased_until is null)",
                    kind,
                    attempts,
                )
            )

        await until(is_so)

    async def caught_up(self) -> None:
        """Notify has read all that the players have told."""
        await self.cast.heard(self.database)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with running_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def quiet_world(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str, mailbox: Mailbox
) -> AsyncIterator[World]:
    """The players run, notify does not yet."""
    await service_databases(*NAMES)
    given: dict[str, Any] = {
        **settings_of("notify", PLAYED, postgres_server.dsn(), nats_url),
        **mailbox.settings,
        "smtp_timeout_seconds": 5,
        "mail_from": "Helpdesk <helpdesk@provider.example>",
        "mail_reply_address": "Helpdesk <reply@provider.example>",
        "public_url": "https://panel.provider.example",
        "mail_settle_seconds": 0,
        "webhook_private_networks": True,
        "webhook_timeout_seconds": 20,
    }
    settings, clock = Settings(**given), ManualClock(MONDAY)
    world = World(settings, Cast(settings, clock.now), clock, mailbox)
    await world.cast.start(*PLAYED)
    yield world
    await world.cast.stop()


@pytest.fixture
async def world(quiet_world: World) -> AsyncIterator[World]:
    async with quiet_world.running():
        await quiet_world.introduced()
        yield quiet_world
