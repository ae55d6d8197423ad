"""Both ways of running on one machine serve the same URLs, and end without a trace."""

import signal
import socket

import httpx
import pytest

from deploy.local.child import gone
from deploy.local.ports import LOOPBACK
from deploy.local.stack import SERVICES
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import free_ports_from, runner, urls


@pytest.mark.parametrize(("way", "processes"), [([], 2), (["--processes"], 2 + len(SERVICES))])
async def test_every_service_answers_and_nothing_is_left_afterwards(way: list[str], processes: int) -> None:
    with server_folder() as folder:
        async with runner(folder / "var", "--port", str(free_ports_from()), *way) as running:
            found = await urls(running)
            assert set(found) == set(SERVICES)
            async with httpx.AsyncClient() as client:
                for name, url in found.items():
                    assert (await client.get(f"{url}/api/{name}/healthz")).json() == {"status": "ok"}
            children = running.children()
            assert len(children) == processes
            assert await running.end(signal.SIGINT) == 0
            assert await gone(children, seconds=0.1)


async def test_a_port_in_use_is_told_before_anything_starts() -> None:
    with server_folder() as folder, socket.create_server((LOOPBACK, 0)) as somebody:
        port = somebody.getsockname()[1]
        async with runner(folder / "var", "--port", str(port)) as refused:
            await refused.until(f"port {port} of {LOOPBACK} is taken")
            assert await refused.process.wait() == 1
        assert not (folder / "var").exists()
