"""Another system follows the published contract, and nothing else."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.infrastructure.provider import Provider

SCRIPT = Path(__file__).with_name("foreign_subscriber.py")
CONTRACT = Path("docs/contracts/asyncapi.json").resolve()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder from which the helpdesk's code cannot be imported."""
    return tmp_path


async def test_it_receives_an_opened_ticket_that_is_valid_by_its_schema(
    provider: Provider, nats_url: str, elsewhere: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", str(SCRIPT), str(CONTRACT), nats_url, "ticket.opened.v1"),
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
