"""Both ways of running on one machine serve the same URLs behind one port, and end without a trace."""

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
        port = free_ports_from()
        async with runner(folder / "var", "--port", str(port), *way) as running:
            found, front = await urls(running), f"http://{LOOPBACK}:{port}"
            assert set(found) == set(SERVICES)
            async with httpx.AsyncClient() as client:
                for name, url in found.items():
                    for at in (url, front):
                        assert (await client.get(f"{at}/api/{name}/healthz")).json() == {"status": "ok"}
                ready = (await client.get(f"{front}/readyz")).json()
                assert (ready["status"], set(ready["services"])) == ("ready", set(SERVICES))
                assert (await client.get(front)).headers["content-security-policy"]
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
