"""Mail through the whole product: what a client gets, and the way back to a forgotten password."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from libs.service.settings import database_name
from tests.acceptance.conftest import SERVICES
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.mailbox import Mailbox, running_mailbox, text_of
from tests.infrastructure.product import running_product
from tests.infrastructure.provider import Provider, founded
from tests.infrastructure.servers import PostgresServer


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with running_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
async def provider(
    service_databases: ServiceDatabases,
    postgres_server: PostgresServer,
    nats_url: str,
    tmp_path: Path,
    mailbox: Mailbox,
) -> AsyncIterator[Provider]:
    await service_databases(*SERVICES)
    mail: dict[str, Any] = {
        **mailbox.settings,
        "mail_settle_seconds": 5,
    }
    dsn, attachments = postgres_server.dsn(), tmp_path / "attachments"
    async with running_product(dsn, nats_url, attachments, **mail) as product:
        yield await founded(product)


async def test_a_client_hears_of_the_receipt_with_its_time_and_of_the_answer(
    provider: Provider, mailbox: Mailbox
) -> None:
    ticket = {"category_id": provider.category_id, "subject": "Mail does not arrive", "text": "Since **today**"}
    made = await provider.client.made("/api/intake/tickets", **ticket)
    receipt = await mailbox.having("Since **today**")
    assert "You can expect an answer by" in text_of(receipt)
    block = await provider.admin.made(f"/api/intake/tickets/{made['id']}/block")
    answer = {"text": "Fixed, *please* try", "token": block["block"]["token"], "close": True}
    await provider.admin.made(f"/api/intake/tickets/{made['id']}/replies", **answer)
    answered = await mailbox.having("*please*")
    assert "We have closed the ticket" in text_of(answered)
    assert answered["References"] == receipt["References"]


async def test_an_address_that_takes_no_mail_is_in_the_ticket_s_history(provider: Provider, mailbox: Mailbox) -> None:
    mailbox.to_addresses = ["550 no such user"] * 10
    ticket = {"category_id": provider.category_id, "subject": "S", "text": "T"}
    made = await provider.client.made("/api/intake/tickets", **ticket)
    types: list[str] = []
    while "ticket.mail_failed.v1" not in types:
        await asyncio.sleep(0.05)
        history = await provider.admin.get(f"/api/query/tickets/{made['id']}/history")
        types = [entry["type"] for entry in history.json()["items"]] if history.is_success else []
    seen = await provider.client.get(f"/api/query/tickets/{made['id']}/history")
    assert "ticket.mail_failed.v1" not in seen.text


async def test_who_forgot_the_password_gets_in_by_mail_and_nobody_sees_the_link(
    provider: Provider, mailbox: Mailbox, postgres_server: PostgresServer, capfd: pytest.CaptureFixture[str]
) -> None:
    http = provider.product.http
    asked = await http.post("/api/accounts/password-resets/request", json={"email": "jane@acme.example"})
    assert asked.status_code == 202
    found = re.search(r"#(hdp_[\w-]+)", text_of(await mailbox.having("/password#")))
    assert found
    redeemed = {"token": found[1], "password": "a new password of mine"}
    assert (await http.post("/api/accounts/password-resets/redeem", json=redeemed)).status_code == 204
    await provider.product.sign_in("jane@acme.example", redeemed["password"])
    secret = found[1].removeprefix("hdp_")
    assert await _tables_with(postgres_server, secret) == []
    assert secret not in "".join(capfd.readouterr())


async def _tables_with(server: PostgresServer, words: str) -> list[str]:
    """Tables of all services in which the words are."""
    found = []
    for service in SERVICES:
        connection = await asyncpg.connect(server.dsn(database_name(service)))
        try:
            tables = await connection.fetch(
                "select format('%I.%I', schemaname, tablename) as name from pg_tables"
                " where schemaname in ('public', 'live')"
            )
            question = "select exists (select from {} t where t::text like $1)"
            for table in tables:
                if await connection.fetchval(question.format(table["name"]), f"%{words}%"):
                    found.append(f"{service}: {table['name']}")  # noqa: PERF401 - reads better
        finally:
            await connection.close()
    return found
