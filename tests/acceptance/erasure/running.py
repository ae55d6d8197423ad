"""The product as a person runs it, on a folder of the test's own that also takes all that it says."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from nats.js.errors import NotFoundError

from deploy.local.nats import EmbeddedNats
from tests.infrastructure.local_runner import ROOT, Runner, database_of, free_ports_from, runner, urls
from tests.infrastructure.messaging import nats_client
from tests.infrastructure.product import Product

DATABASES = ("accounts", "intake", "routing", "sla", "notify", "query")


@dataclass
class Running:
    runner: Runner
    product: Product
    data: Path
    """Everything: servers, attachments, and `said.log`."""
    saying: asyncio.Task[None]

    async def stop(self) -> None:
        """Stop it all; what it says to the end is written down."""
        if self.runner.process.returncode is None:
            self.runner.process.terminate()
        await self.saying
        await self.runner.process.wait()

    async def asked(self, service: str, question: str, *arguments: Any) -> Any:
        """The one value that PostgreSQL answers."""
        async with database_of(self.data, service) as database:
            return await database.fetchval(question, *arguments)

    async def until(self, service: str, question: str, *arguments: Any) -> None:
        while not await self.asked(service, question, *arguments):  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)

    async def erased(self, tickets: int) -> None:
        """Wait until so many deleted tickets are gone from everywhere but the files of PostgreSQL."""
        await self.until("intake", "select count(*) = $1 from erasures where done_at is not null", tickets)
        await self.until("intake", "select count(*) = 0 from attachments where state = 'removing'")
        await self.until("query", "select count(*) = $1 from live.tombstones", tickets)

    async def everywhere(self, statement: str) -> None:
        for service in DATABASES:
            async with database_of(self.data, service) as database:
                await database.execute(statement)

    async def purge(self) -> None:
        await carry_out(sys.executable, "-m", "deploy.purge", "--data", str(self.data))

    async def made_again(self, service: str) -> list[bytes]:
        """Delete a service's stream, and wait until it is there again and whole; its messages."""
        events = await self.asked(service, "select count(*) from log")
        url = EmbeddedNats(self.data / "nats", port=int((self.data / "nats" / "port").read_text())).url
        async with nats_client(url) as client:
            jetstream, stream = client.jetstream(), f"helpdesk_{service}"
            await jetstream.delete_stream(stream)
            while not await self._is_whole(jetstream, stream, events):  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.1)
            return [(await jetstream.get_msg(stream, sequence)).data or b"" for sequence in range(1, events + 1)]

    async def _is_whole(self, jetstream: Any, stream: str, events: int) -> bool:
        try:
            return bool((await jetstream.stream_info(stream)).state.messages == events)
        except NotFoundError:
            return False


@asynccontextmanager
async def running_on(data: Path, **settings: object) -> AsyncIterator[Running]:
    """Started on a folder, which may be one that it has run on before, until the end of the block."""
    async with runner(data, "--port", str(free_ports_from()), **settings) as started:
        addresses = await urls(started)
        saying = asyncio.create_task(_write_down(started, data / "said.log"))
        async with httpx.AsyncClient(base_url=addresses["query"], timeout=30) as http:
            made = Running(started, Product(http, addresses["query"]), data, saying)
            try:
                yield made
            finally:
                await made.stop()


async def _write_down(started: Runner, file: Path) -> None:
    assert started.process.stdout
    with file.open("ab", buffering=0) as said:
        while line := await started.process.stdout.readline():
            said.write(line)


async def carry_out(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """Run a command as an operator does; what it says."""
    environ = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(*command, env=environ, stdout=PIPE, stderr=STDOUT, cwd=ROOT)
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()
