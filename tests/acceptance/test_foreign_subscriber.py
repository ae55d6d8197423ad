"""Another system follows the published contract, and nothing else."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.stack import SERVICES
from tests.infrastructure.embedded import OwnNats
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.product import running_product
from tests.infrastructure.provider import Provider, founded
from tests.infrastructure.servers import PostgresServer

SCRIPT = Path(__file__).with_name("foreign_subscriber.py")
CONTRACT = Path("docs/contracts/asyncapi.json").resolve()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder from which the helpdesk's code cannot be imported."""
    return tmp_path


@pytest.fixture
async def provider(
    own_nats: OwnNats,
    service_databases: ServiceDatabases,
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Provider]:
    """A provider on a NATS server as the product runs it, with its user for readers from outside."""
    await service_databases(*SERVICES)
    async with running_product(postgres_server.dsn(), own_nats.url, tmp_path_factory.mktemp("attachments")) as product:
        yield await founded(product)


async def test_it_receives_an_opened_ticket_that_is_valid_by_its_schema(
    provider: Provider, own_nats: OwnNats, elsewhere: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", str(SCRIPT), str(CONTRACT), own_nats.events_url, "ticket.opened.v1"),
        cwd=elsewhere,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"listening\n"
    ticket = (await provider.submit(subject="Seen from outside")).json()["id"]
    event = json.loads(await process.stdout.readline())
    assert await process.wait() == 0
    assert (event["source"], event["subject"]) == ("/helpdesk/intake", ticket)
    assert event["actor"] == f"user:{provider.user_id}"
