"""`python -m deploy.local --servers-only`, as a person runs it: started, interrupted, killed, started again."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.child import gone
from tests.infrastructure.databases import connected
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import runner
from tests.infrastructure.messaging import nats_client


@pytest.fixture
def data() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder / "var"


async def write(settings: dict[str, str], value: int) -> None:
    async with connected(f"{settings['HELPDESK_POSTGRES_DSN']}/helpdesk_intake") as connection:
        await connection.execute("create table if not exists kept (value int)")
        await connection.execute("insert into kept values ($1)", value)
    async with nats_client(settings["HELPDESK_NATS_URL"]) as client:
        await client.jetstream().add_stream(name="kept", subjects=["kept"])
        await client.jetstream().publish("kept", str(value).encode())


async def read(settings: dict[str, str]) -> tuple[list[int], int]:
    """Answer the rows kept, and how many messages are."""
    async with connected(f"{settings['HELPDESK_POSTGRES_DSN']}/helpdesk_intake") as connection:
        rows = [row["value"] for row in await connection.fetch("select value from kept order by value")]
    async with nats_client(settings["HELPDESK_NATS_URL"]) as client:
        return rows, (await client.jetstream().stream_info("kept")).state.messages


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_in_order_when_told_to(data: Path, sign: signal.Signals) -> None:
    async with runner(data, "--servers-only") as running:
        await running.exports()
        servers = running.children()
        assert len(servers) == 2
        assert await running.end(sign) == 0
        assert not any(server.is_running() for server in servers)
    log = "".join(file.read_text() for file in (data / "postgres" / "log").iterdir())
    assert "database system is shut down" in log


async def test_a_second_start_keeps_data_addresses_and_keys(data: Path) -> None:
    async with runner(data, "--servers-only") as running:
        first = await running.exports()
        await write(first, 1)
    async with runner(data, "--servers-only") as running:
        second = await running.exports()
        assert await read(second) == ([1], 1)
    assert second == first


async def test_sigkill_loses_nothing_and_leaves_nothing(data: Path) -> None:
    async with runner(data, "--servers-only") as running:
        settings = await running.exports()
        await write(settings, 1)
        servers = running.children()
        await running.end(signal.SIGKILL)
    async with runner(data, "--servers-only") as running:
        settings = await running.exports()
        await write(settings, 2)
        assert await read(settings) == ([1, 2], 2)
        assert await gone(servers, seconds=0.1)


async def test_a_server_that_dies_is_back_with_its_data(data: Path) -> None:
    async with runner(data, "--servers-only") as running:
        settings = await running.exports()
        await write(settings, 1)
        for name in ("postgres", "nats-server"):
            pid = next(server.pid for server in running.children() if server.name() == name)
            os.kill(pid, signal.SIGKILL)
            await running.until("runs again")
        assert await read(settings) == ([1], 1)


async def test_two_at_once_on_the_same_data_are_refused(data: Path) -> None:
    async with runner(data, "--servers-only") as first:
        settings = await first.exports()
        async with runner(data, "--servers-only") as second:
            await second.until(f"process {first.process.pid} already runs the helpdesk in {data}")
            assert await second.process.wait() == 1
        await write(settings, 1)
        assert await read(settings) == ([1], 1)
