"""The product under load, one process a service, while each process is killed in turn."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.chaos import correspondence
from tests.chaos.correspondence import Postman
from tests.chaos.workload import Workload
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import Runner, database_of, free_ports_from, runner, urls
from tests.infrastructure.mailbox import Mailbox, running_mailbox
from tests.infrastructure.ports import free_port
from tests.infrastructure.product import ADMINISTRATOR, ByService, Product
from tests.infrastructure.provider import Provider, founded
from tests.infrastructure.read_model import dump, rebuild

SECONDS = float(os.environ.get("HELPDESK_CHAOS_SECONDS", "30"))
RATE = 50.0
MAILS = 4.0
"""A second."""


@dataclass
class Running:
    runner: Runner
    product: Product
    data: Path
    mailbox: Mailbox
    mail_port: int


@pytest.fixture
async def running(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    for name, value in ADMINISTRATOR.items():
        monkeypatch.setenv(f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}", value)
    with server_folder() as folder:
        data, mail_port = folder / "var", free_port()
        options = ("--port", str(free_ports_from()), "--processes")
        async with (
            running_mailbox() as mailbox,
            runner(data, *options, **correspondence.settings(mailbox, mail_port)) as started,
        ):
            addresses = await urls(started)
            reading = asyncio.create_task(_drain(started))
            transport = ByService(addresses)
            async with httpx.AsyncClient(transport=transport, base_url="http://helpdesk", timeout=10) as http:
                yield Running(started, Product(http, addresses["query"]), data, mailbox, mail_port)
            reading.cancel()


async def _drain(started: Runner) -> None:
    """A child that nobody listens to would stop at a full pipe."""
    assert started.process.stdout
    while await started.process.stdout.readline():
        pass


@pytest.mark.faults
@pytest.mark.timeout(SECONDS * 3 + 240)
async def test_nothing_acknowledged_is_lost_or_doubled(running: Running) -> None:
    provider = await founded(running.product)
    await correspondence.introduced(provider)
    workload = Workload(provider.admin, provider.client, provider.category_id, seed=7)
    postman = Postman(running.mail_port)
    victims = running.runner.children()
    assert len(victims) == 8, victims  # PostgreSQL, NATS and six services
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(workload.run(SECONDS, RATE))
        tasks.create_task(postman.run(SECONDS, MAILS))
        killing = tasks.create_task(_kill_each(victims, SECONDS))
    journal = workload.journal
    assert journal.retries > 0 < postman.retries, "nothing was ever in the way"
    print(f"{len(journal.texts)} texts, {len(journal.tickets)} tickets, {journal.retries} retries")  # noqa: T201
    print(f"{len(postman.taken)} mails in, {postman.retries} retries")  # noqa: T201
    async with database_of(running.data, "intake") as intake:
        await correspondence.all_taken_in(intake)
    await _settled(running)
    assert await _wrong_in_log(running, journal.texts + postman.taken) == []
    assert await _wrong_in_mails(running, killing.result()) == []
    assert await _wrong_in_list(provider, journal.tickets) == []
    async with database_of(running.data, "query") as database:
        live = await dump(database)
        await rebuild(database, provider.admin)
        assert await dump(database) == live


async def _kill_each(victims: list[psutil.Process], seconds: float) -> datetime:
    """One after the other, spread over the first four fifths of the run; answers when the last one was killed."""
    for victim in victims:
        await asyncio.sleep(0.8 * seconds / len(victims))
        victim.kill()
    return datetime.now(UTC)


async def _settled(running: Running) -> None:
    """Wait until query and all who decide have taken in the ends of all logs, twice the same."""
    before: Any = None
    while (now := await _ends(running)) != before or not _all_read(now):
        before = now
        await asyncio.sleep(1.5)


async def _ends(running: Running) -> dict[str, dict[str, int]]:
    """Service -> its log's end under its own name, and how far it has read others."""
    found: dict[str, dict[str, int]] = {}
    for service in ("accounts", "intake", "routing", "sla", "notify", "query"):
        async with database_of(running.data, service) as connection:
            found[service] = {}
            if service != "query":
                found[service][service] = await connection.fetchval("select coalesce(max(position), 0) from log")
            if service != "accounts":
                rows = await connection.fetch("select source, position from live.checkpoints")
                found[service] |= {row["source"]: row["position"] for row in rows}
    return found


def _all_read(ends: dict[str, dict[str, int]]) -> bool:
    return all(
        position >= ends[source][source]
        for service, read in ends.items()
        for source, position in read.items()
        if source != service
    )


async def _wrong_in_log(running: Running, texts: list[str]) -> list[str]:
    """Acknowledged texts that are not in intake's log exactly once."""
    async with database_of(running.data, "intake") as connection:
        rows = await connection.fetch("select envelope->'data'->>'text' as text from log")
    counts = Counter(row["text"] for row in rows)
    return [f"{text}: {counts[text]} times" for text in texts if counts[text] != 1]


async def _wrong_in_mails(running: Running, killed_at: datetime) -> list[str]:
    async with database_of(running.data, "notify") as notify, database_of(running.data, "intake") as intake:
        await correspondence.all_told(notify, killed_at)
        return await correspondence.wrong_in_mails(notify, intake, running.mailbox)


async def _wrong_in_list(provider: Provider, tickets: list[str]) -> list[str]:
    """Acknowledged tickets that the read model does not have, or that nobody has judged."""
    wrong = []
    for ticket in tickets:
        response = await provider.admin.get(f"/api/query/tickets/{ticket}")
        row = response.json() if response.is_success else {}
        if not row.get("department") or row.get("points") is None:
            wrong.append(f"{ticket}: {response.status_code} {row.get('state')} {row.get('department')}")
    return wrong
