"""From acknowledged to visible and to settled, while 200 commands a second come in; and what memory the product takes.

Run as `python -m bench.latency_bench [--processes] [--rate 200]`. Two in five commands submit, two reply, one leaves a note.
Everything shares one machine with the load generator, so a rate that the machine cannot bear shows as waiting for the
acknowledgement; the other figures begin there.
"""

import argparse
import asyncio
import os
import statistics
from contextlib import AsyncExitStack
from time import perf_counter
from uuid import uuid4

import httpx
import psutil
import uvloop

from bench.lean_http import Answer, LeanHttp
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import free_ports_from, runner, urls
from tests.infrastructure.product import ADMINISTRATOR, ByService, Product
from tests.infrastructure.provider import Provider, founded

SECONDS = 20
EVERY = 10
"""One in so many commands is watched."""


class Watch:
    def __init__(self, provider: Provider, http: LeanHttp, rate: int) -> None:
        self.rate = rate
        self.latencies: dict[str, list[float]] = {"acknowledged": [], "visible": [], "settled": []}
        self._http = http
        self._category = provider.category_id
        self._admin, self._client = provider.admin.token, provider.client.token
        self._tickets: list[str] = []

    async def run(self) -> None:
        loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as commands:
            for number in range(self.rate * SECONDS):
                await asyncio.sleep(max(0.0, began + number / self.rate - loop.time()))
                commands.create_task(self._command(number))

    async def _command(self, number: int) -> None:
        began = perf_counter()
        answer = await self._send(number)
        assert answer.status < 300, answer.body
        self.latencies["acknowledged"].append(perf_counter() - began)
        self._tickets.append(answer.json()["id"])
        if number % EVERY == 0:
            await self._see(answer, number)

    async def _send(self, number: int) -> Answer:
        text, known = str(uuid4()), self._tickets
        if number % 5 < 2 or not known:
            ticket = {"category_id": self._category, "subject": "s", "text": text}
            return await self._http.post(self._client, "/api/intake/tickets", **ticket)
        path = f"/api/intake/tickets/{known[number * 7 % len(known)]}"
        if number % 5 < 4:
            return await self._http.post(self._client, f"{path}/replies", text=text)
        return await self._http.post(self._admin, f"{path}/notes", text=text)

    async def _see(self, command: Answer, number: int) -> None:
        acknowledged, token = perf_counter(), command.headers["consistency-token"]
        query = {"after": token, **({"settled": "true"} if number % (2 * EVERY) else {})}
        seen = await self._http.get(self._admin, f"/api/query/tickets/{command.json()['id']}/weight", **query)
        if seen.headers.get("consistency-reached") == "true":
            name = "settled" if "settled" in query else "visible"
            self.latencies[name].append(perf_counter() - acknowledged)


def percentiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "none reached"
    cuts = statistics.quantiles(seconds, n=100)
    return f"p50 {cuts[49] * 1000:6.1f} ms   p99 {cuts[98] * 1000:6.1f} ms   ({len(seconds)} samples)"


def memory(pid: int) -> dict[str, float]:
    """MiB of proportional set size by program."""
    found: dict[str, float] = {}
    for process in psutil.Process(pid).children(recursive=True):
        found[process.name()] = found.get(process.name(), 0) + process.memory_full_info().pss / 2**20
    own = psutil.Process(pid).memory_full_info().pss / 2**20
    return {"runner (all services, when all in one)": own, **found}


async def main() -> None:
    for name, value in ADMINISTRATOR.items():
        os.environ[f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}"] = value
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", action="store_true")
    parser.add_argument("--rate", type=int, default=200)
    asked = parser.parse_args()
    way = ["--processes"] if asked.processes else []
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(server_folder(on_disk=True))
        started = await stack.enter_async_context(runner(folder / "var", "--port", str(free_ports_from()), *way))
        addresses = await urls(started)
        print("memory after the start (PSS, MiB):", {n: round(m) for n, m in memory(started.process.pid).items()})
        client = httpx.AsyncClient(transport=ByService(addresses), base_url="http://helpdesk", timeout=30)
        provider = await founded(Product(await stack.enter_async_context(client), addresses["query"]))
        watch = Watch(provider, LeanHttp(addresses), asked.rate)
        await watch.run()
        print(f"{asked.rate} commands/s for {SECONDS} s, {'one process a service' if way else 'all in one process'}")
        for name, seconds in watch.latencies.items():
            print(f"  {name:14} {percentiles(seconds)}")
        print("memory after it (PSS, MiB):", {n: round(m) for n, m in memory(started.process.pid).items()})


if __name__ == "__main__":
    uvloop.run(main())
