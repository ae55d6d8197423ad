"""Whoever takes mail in may be killed between any two of its steps: each mail is one ticket, with its file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from libs.events import log, projection
from libs.events.log import Log
from libs.service.database import service_database
from services.intake.app import MIGRATIONS
from services.intake.consumers import Registry
from services.intake.settings import Settings
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.servers import PostgresServer
from tests.integration.intake.dying_child import MAIL, STRANGER_S, Errand, killed, take_mail_in

ACCOUNT, USER, CATEGORY, GATEWAY = (uuid4() for _ in range(4))
STEPS = [
    "insert into mails",
    "update mails m",
    "from mail_gateways",
    "from users u left join accounts",
    "insert into attachments",
    "write",
    "set state = 'ready'",
    "insert into idempotency",
    "select id, owner",
    "log_append",
    "set state = 'claimed'",
    "update mails\n   set state",
]
"""Parts of the statements on the way from a mail to its ticket, and the writing of its file."""


@dataclass
class Desk:
    """Intake's database with a gateway and one who writes, and nobody at work on it."""

    pool: asyncpg.Pool
    dsn: str
    url: str

    async def take_in(self, raw: bytes = MAIL) -> None:
        """The server was not answered, so it sends the mail again, to a process that lives."""
        await take_mail_in(Log("intake", self.pool), self.url, raw)


@pytest.fixture
async def desk(
    service_databases: ServiceDatabases,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Desk]:
    await service_databases("intake")
    dsn, url = postgres_server.dsn("helpdesk_intake"), f"file://{tmp_path / 'attachments'}"
    monkeypatch.setenv("HELPDESK_POSTGRES_DSN", postgres_server.dsn())
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", "the key that services share")
    async with service_database("intake", Settings(), log.MIGRATIONS, projection.MIGRATIONS, MIGRATIONS) as pool:
        async with pool.acquire() as connection, connection.transaction():
            await projection.create(connection, projection.LIVE, Registry(), 1)
            await connection.execute("insert into accounts (id, enabled) values ($1, true)", ACCOUNT)
            await connection.execute("insert into users values ($1, $2, true, 'u@x.example')", USER, ACCOUNT)
            await connection.execute("insert into categories values ($1, 'c', 1, '{}', true, null)", CATEGORY)
            await connection.execute(
                "insert into mail_gateways (id, address, category_id, enabled, changed_by, changed_at)"
                " values ($1, 'support@provider.example', $2, true, 'user:x', now())",
                GATEWAY,
                CATEGORY,
            )
        yield Desk(pool, dsn, url)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_mail_whose_taker_is_killed_at_any_step_is_one_ticket(desk: Desk, step: str, when: str) -> None:
    assert await killed(Errand(desk.dsn, desk.url, "mail", step, when))
    for _ in range(2):
        await desk.take_in()
    (mail,) = await desk.pool.fetch("select * from mails")
    assert mail["state"] == "ticket", mail["reason"]
    (opened,) = await desk.pool.fetch("select entity, envelope::text from log where type = 'ticket.opened.v1'")
    assert opened["entity"] == mail["ticket_id"]
    (file,) = await desk.pool.fetch("select id::text from attachments where state = 'claimed'")
    assert file["id"] in opened["envelope"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step", ["insert into mails", "update mails\n   set state", "answered_strangers as", "log_append"]
)
async def test_a_stranger_is_told_of_once_whoever_is_killed_at_any_step(desk: Desk, step: str, when: str) -> None:
    await desk.pool.execute("update mail_gateways set authserv_id = 'mx.provider.example', answers_strangers = true")
    assert await killed(Errand(desk.dsn, desk.url, "stranger", step, when))
    for _ in range(2):
        await desk.take_in(STRANGER_S)
    (mail,) = await desk.pool.fetch("select * from mails")
    assert (mail["state"], mail["reason"]) == ("unmatched", "unknown_sender")
    told = await desk.pool.fetch("select entity from log where type = 'mail.stranger_wrote.v1'")
    assert [row["entity"] for row in told] == [mail["id"]]
