"""Whoever sends may be killed between any two steps: a mail goes out once or, where nobody can tell, twice under one id."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from libs.events import log, projection
from libs.service.database import service_database
from services.notify.app import MIGRATIONS
from services.notify.consumers import Register
from services.notify.settings import Settings
from tests.infrastructure import dying
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.mailbox import Mailbox
from tests.infrastructure.servers import PostgresServer
from tests.integration.notify.dying_sender import Errand, sending

ONCE = [
    ("pg_advisory_xact_lock", "before"),
    ("set batch = bound.batch", "after"),
    ("set attempts = attempts + 1", "after"),
    ("from people p", "before"),  # the claim is committed
    ("from refused_addresses", "after"),
    ("from preferences", "after"),
    ("from tickets t", "after"),
    ("from templates", "after"),
    ("SMTP.connect", "after"),
    ("SMTP.mail", "after"),
    ("SMTP.rcpt", "after"),
    ("SMTP.data", "before"),
]
TWICE = [
    ("SMTP.data", "after"),
    ("SMTP.quit", "after"),
    ("order by id for update", "after"),
    ("update outbox set state", "after"),
    ("log_append", "after"),
]
"""Parts of the statements from the claim to what is written down of it, and the steps of SMTP between them: until the server
has the text, and from then on.
"""


@dataclass
class Office:
    """Notify's database with one mail that is due, and nobody at work on it."""

    pool: asyncpg.Pool
    dsn: str
    mailbox: Mailbox
    id: UUID

    async def killed_at(self, step: str, when: str) -> bool:
        errand = Errand(self.dsn, self.mailbox.port, step, when)
        died = await dying.killed("tests.integration.notify.dying_sender", errand)
        await self.pool.execute("update outbox set leased_until = '-infinity'")  # the lease of the dead is over
        return died

    async def state_in_the_end(self) -> str:
        """Sent by a process that lives, or given up."""
        async with httpx.AsyncClient() as client:
            living = sending(self.pool, client, self.mailbox.port)
            while (state := await self.pool.fetchval("select state from outbox")) == "pending":
                await living.send_due()
        assert await living.send_due() == 0
        return str(state)

    async def told(self) -> list[str]:
        rows = await self.pool.fetch("select type from log order by position")
        return [row["type"] for row in rows]

    def came_as_one(self) -> int:
        """How often it came, each time as the same mail."""
        ids = {mail["Message-ID"] for mail in self.mailbox.came}
        assert ids == {f"<{self.id}@localhost>"}
        return len(self.mailbox.came)


@pytest.fixture
async def office(
    fresh_database: FreshDatabase, postgres_server: PostgresServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    dsn, notification = await fresh_database("helpdesk_notify"), uuid4()
    monkeypatch.setenv("HELPDESK_POSTGRES_DSN", postgres_server.dsn())
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", "the key that services share")
    async with service_database("notify", Settings(), log.MIGRATIONS, projection.MIGRATIONS, MIGRATIONS) as pool:
        async with pool.acquire() as connection, connection.transaction():
            await projection.create(connection, projection.LIVE, Register(), 1)
            await _fill(connection, notification)
        yield Office(pool, dsn, mailbox, notification)


async def _fill(connection: projection.Connection, notification: UUID) -> None:
    """A client's ticket that was answered."""
    account, person, ticket = uuid4(), uuid4(), uuid4()
    await connection.execute("insert into accounts values ($1, true)", account)
    await connection.execute(
        "insert into people values ($1, 'client', $2, 'Jane', 'jane@acme.example', true)", person, account
    )
    await connection.execute(
        "insert into tickets (id, number, subject, account, user_id, urgency, said)"
        " values ($1, 1001, 'Help', $2, $3, 'high', 'Done')",
        ticket,
        account,
        person,
    )
    await connection.execute(
        "insert into outbox (id, cause, kind, recipient, ticket, correlation, said, requested_at, next_at)"
        " values ($1, $2, 'answered', $3, $4, 'test', 'Done', now(), now())",
        notification,
        uuid4(),
        person,
        ticket,
    )


@pytest.mark.parametrize(("step", "when"), ONCE)
async def test_who_is_killed_before_the_text_sends_once(office: Office, step: str, when: str) -> None:
    assert await office.killed_at(step, when)
    assert await office.state_in_the_end() == "sent"
    assert office.came_as_one() == 1
    assert await office.told() == ["notification.sent.v1"]


@pytest.mark.parametrize(("step", "when"), TWICE)
async def test_who_is_killed_after_the_text_sends_once_more_under_the_same_id(
    office: Office, step: str, when: str
) -> None:
    assert await office.killed_at(step, when)
    assert await office.state_in_the_end() == "sent"
    assert office.came_as_one() == 2
    assert await office.told() == ["notification.sent.v1"]


async def test_what_two_were_killed_of_is_not_sent_a_third_time(office: Office) -> None:
    for _ in range(2):
        assert await office.killed_at("SMTP.data", "after")
    assert await office.state_in_the_end() == "failed"
    assert office.came_as_one() == 2
    assert await office.told() == ["notification.failed.v1", "ticket.mail_failed.v1"]


async def test_what_two_were_killed_of_before_the_text_is_not_sent_either_and_is_told_of(office: Office) -> None:
    """Nobody knows how far the dead had got: it has failed, and the ticket's history says so."""
    for _ in range(2):
        assert await office.killed_at("SMTP.rcpt", "before")
    assert await office.state_in_the_end() == "failed"
    assert office.mailbox.came == []
    assert await office.told() == ["notification.failed.v1", "ticket.mail_failed.v1"]
