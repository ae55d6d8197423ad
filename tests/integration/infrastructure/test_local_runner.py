"""`python -m deploy.local --servers-only`, as a person runs it: started, interrupted, killed, started again."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from deploy.local.child import gone
from tests.infrastructure.databases import connected
from tests.infrastructure.folders import server_folder
from tests.infrastructure.messaging import nats_client

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Runner:
    process: Process

    async def until(self, words: str) -> list[str]:
        """Answer what it says, up to the line with these words."""
        lines = list[str]()
        assert self.process.stdout
        async with asyncio.timeout(60):
            while not lines or words not in lines[-1]:
                line = await self.process.stdout.readline()
                assert line, "".join(lines)
                lines.append(line.decode())
        return lines

    async def exports(self) -> dict[str, str]:
        """Wait until it is ready; answers the settings it prints for services."""
        exports = [line for line in await self.until("· ready") if line.startswith("export ")]
        pairs = (line.removeprefix("export ").strip().split("=", 1) for line in exports)
        return {name: value.strip("'") for name, value in pairs}

    async def end(self, sign: signal.Signals) -> int:
        if self.process.returncode is None:
            self.process.send_signal(sign)
        await self.process.communicate()
        return await self.process.wait()

    def servers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@pytest.fixture
def data() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder / "var"


@asynccontextmanager
async def runner(data: Path) -> AsyncIterator[Runner]:
    command = [sys.executable, "-m", "deploy.local", "--servers-only", "--data", str(data)]
    started = Runner(await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT, cwd=ROOT))
    try:
        yield started
    finally:
        await started.end(signal.SIGTERM)


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
    async with runner(data) as running:
        await running.exports()
        servers = running.servers()
        assert len(servers) == 2
        assert await running.end(sign) == 0
        assert not any(server.is_running() for server in servers)
    log = "".join(file.read_text() for file in (data / "postgres" / "log").iterdir())
    assert "database system is shut down" in log


async def test_a_second_start_keeps_data_addresses_and_keys(data: Path) -> None:
    async with runner(data) as running:
        first = await running.exports()
        await write(first, 1)
    async with runner(data) as running:
        second = await running.exports()
        assert await read(second) == ([1], 1)
    assert second == first


async def test_sigkill_loses_nothing_and_leaves_nothing(data: Path) -> None:
    async with runner(data) as running:
        settings = await running.exports()
        await write(settings, 1)
        servers = running.servers()
        await running.end(signal.SIGKILL)
    async with runner(data) as running:
        settings = await running.exports()
        await write(settings, 2)
        assert await read(settings) == ([1, 2], 2)
        assert await gone(servers, seconds=0.1)


async def test_a_server_that_dies_is_back_with_its_data(data: Path) -> None:
    async with runner(data) as running:
        settings = await running.exports()
        await write(settings, 1)
        for name in ("postgres", "nats-server"):
            pid = next(server.pid for server in running.servers() if server.name() == name)
            os.kill(pid, signal.SIGKILL)
            await running.until("runs again")
        assert await read(settings) == ([1], 1)


async def test_two_at_once_on_the_same_data_are_refused(data: Path) -> None:
    async with runner(data) as first:
        settings = await first.exports()
        async with runner(data) as second:
            await second.until(f"process {first.process.pid} already runs the helpdesk in {data}")
            assert await second.process.wait() == 1
        await write(settings, 1)
        assert await read(settings) == ([1], 1)
