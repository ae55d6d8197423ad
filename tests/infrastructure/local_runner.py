"""The local runner as a process, the way a person starts it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from deploy.local.ports import is_free
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.stack import SERVICES
from tests.infrastructure.databases import connected
from tests.infrastructure.ports import free_port

ROOT = Path(__file__).parents[2]


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

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@asynccontextmanager
async def runner(data: Path, *options: str, **settings: object) -> AsyncIterator[Runner]:
    """With these settings, named as in the services."""
    command = [sys.executable, "-m", "deploy.local", "--data", str(data), *options]
    environment = {**os.environ, **{f"HELPDESK_{name.upper()}": str(value) for name, value in settings.items()}}
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT, cwd=ROOT, env=environment)
    started = Runner(process)
    try:
        yield started
    finally:
        await started.end(signal.SIGTERM)


def free_ports_from() -> int:
    """Answer a port that is free with as many after it as there are services: before them is their front's."""
    while True:
        first = free_port()
        if all(is_free(first + step) for step in range(1 + len(SERVICES))):
            return first


async def urls(running: Runner) -> dict[str, str]:
    """Wait until it is ready; answers service -> base URL as it prints them."""
    await running.until("· ready")
    lines = await running.until("Ctrl-C stops")
    printed = dict(line.split() for line in lines[:-1])
    return {name: url.removesuffix(f"/api/{name}/docs") for name, url in printed.items()}


@asynccontextmanager
async def database_of(data: Path, service: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a service's database in the runner's folder, as the superuser."""
    folder = data / "postgres"
    server = EmbeddedPostgres(folder, port=int((folder / "port").read_text()))
    async with connected(server.admin_dsn(f"helpdesk_{service}")) as connection:
        yield connection
