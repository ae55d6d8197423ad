"""A service as a process: it tells where it serves, and ends what it has begun before it goes."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

SETTINGS = {"HELPDESK_SYSTEM_KEY": "the key that services share", "HELPDESK_PORT": "0"}


class Service:
    """A running process and its log."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def logged(self, event: str) -> dict[str, Any]:
        """Answer the next line of this event."""
        assert self.process.stderr
        async for line in self.process.stderr:
            found: dict[str, Any] = json.loads(line)
            if found["event"] == event:
                return found
        raise AssertionError(f"{event} was not logged")


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.service.sample_service", stderr=PIPE, env=os.environ | SETTINGS
    )
    yield Service(process)
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
async def test_told_to_stop_it_finishes_what_it_has_begun(service: Service, told: int, code: int) -> None:
    url = (await service.logged("serving"))["url"]
    stopping = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await stopping.wait()
        yield b"last"

    async with httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/readyz")).status_code == 200
        uploading = asyncio.create_task(client.post("/api/sample/upload", content=body()))
        await service.logged("chunk_read")
        service.process.send_signal(told)
        await service.logged("Shutting down")
        async with httpx.AsyncClient(base_url=url) as late:
            with pytest.raises(httpx.ConnectError):
                await late.get("/healthz")
        stopping.set()
        answer = await uploading
    assert (answer.status_code, answer.json()) == (200, len("firstlast"))
    assert (await service.logged("worker_ended"))["service"] == "sample"
    assert await service.process.wait() == code
