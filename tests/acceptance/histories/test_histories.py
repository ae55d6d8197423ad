"""After any history of hours, targets, rules and tickets, what is kept is what the logs say, whoever told first."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from tests.acceptance.histories.folded import PROJECTIONS, Kept, folded, kept, told
from tests.acceptance.histories.rest import at_rest
from tests.acceptance.histories.upheaval import Upheaval
from tests.acceptance.stories.founding import founded_stage
from tests.acceptance.stories.stage import Stage
from tests.infrastructure.databases import connected
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.read_model import rebuild
from tests.infrastructure.servers import PostgresServer

ROUNDS = int(os.environ.get("HELPDESK_HISTORIES_ROUNDS", "3"))
SEED = int(os.environ.get("HELPDESK_HISTORIES_SEED", "7"))
ORDERS = 3
"""In which each service is told everything once more."""
SETTINGS = {
    "block_seconds": 600,
    "auto_close_seconds": 86400,
    "auto_close_warning_seconds": 3600,
    "auto_close_warning_text": "Closes on {closes_on}.",
    "access_token_seconds": 86400,
    "signing_key_days": 0,
}


@pytest.fixture
async def stage(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with founded_stage(services_dsn, nats_url, tmp_path / "attachments", **SETTINGS) as stage:
        yield stage


@pytest.mark.timeout(600 + ROUNDS * 60)
async def test_what_is_kept_after_a_history_is_what_its_logs_make(
    stage: Stage, postgres_server: PostgresServer, fresh_database: FreshDatabase
) -> None:
    chance = Random(SEED)
    history = Upheaval(stage, await stage.begin(), chance)
    for _ in range(ROUNDS):
        await history.round()
    await history.pass_time(60)
    await at_rest(stage, postgres_server)
    said = await told(stage.product)
    live = {service: await _kept(postgres_server, service) for service in PROJECTIONS}
    due = await _due(stage, history)

    for service in PROJECTIONS:
        async with connected(postgres_server.dsn(f"helpdesk_{service}")) as database:
            await rebuild(database, await stage.product.administrator(), service)
    await at_rest(stage, postgres_server)
    assert await told(stage.product) == said, "nothing was decided again"
    for service, rows in live.items():
        _compare(f"{service}, rebuilt", await _kept(postgres_server, service), rows)
        for number in range(ORDERS):
            again = await folded(await fresh_database(), service, said, Random(SEED + number))
            _compare(f"{service}, told in order {number}", again, rows)
    assert await _due(stage, history) == due
    print(f"{ROUNDS} rounds of seed {SEED}: {dict(history.done)}, refused: {dict(history.refused)}")  # noqa: T201
    assert not history.acts.keys() - history.done, "each act was done, and not only refused"


async def _kept(server: PostgresServer, service: str) -> Kept:
    async with connected(server.dsn(f"helpdesk_{service}")) as database:
        return await kept(database, service)


def _compare(what: str, found: Kept, wanted: Kept) -> None:
    for table, rows in wanted.items():
        missing, more = set(rows) - set(found[table]), set(found[table]) - set(rows)
        assert found[table] == rows, f"{what}: {table} lacks {missing} and has {more}"


async def _due(stage: Stage, history: Upheaval) -> dict[str, object]:
    """When each waiting ticket is due: what sla makes of what it keeps now is what it told, and what the list shows."""
    olga = stage.staff["Olga"]
    found = {}
    for ticket in history.tickets:
        shown = await stage.send(olga, "GET", f"/api/query/tickets/{ticket}")
        if shown.is_success and shown.json()["delay_seconds"] is not None:
            explained = (await stage.send(olga, "GET", f"/api/sla/tickets/{ticket}")).json()
            assert explained["due_at"] == shown.json()["deadline_at"], f"{explained}\n{shown.json()}"
            found[ticket] = explained["due_at"]
    assert len(set(found.values())) > 1, "some are due, at different times"
    return found
