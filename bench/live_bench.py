"""How soon viewers of different lists are told what has been acknowledged, and what each costs query's process.

Run as `python -m bench.live_bench [--viewers 1000] [--rate 100] [--seconds 20]`. One process a service, all on one machine
with the load generator. Half of the commands submit, half reply. First without viewers, so that the difference is theirs.
"""

import argparse
import asyncio
import os
import statistics
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import orjson
import psutil

from bench import results
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import Runner, free_ports_from, runner, urls
from tests.infrastructure.product import ADMINISTRATOR, ByService, Product, Somebody
from tests.infrastructure.provider import Provider, eventually, founded

ACCOUNTS = 20
URGENCIES = ("high", "medium", "low")


@dataclass
class Heard:
    """When viewers were told of tickets, and when these had been acknowledged; seconds."""

    acknowledged: dict[str, float] = field(default_factory=dict)
    told: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    events: int = 0

    def latencies(self) -> list[float]:
        """Of each new ticket and each viewer whose list it came into; below zero if the acknowledgement came later."""
        return [
            at - acknowledged for ticket, acknowledged in self.acknowledged.items() for at in self.told.get(ticket, ())
        ]


@dataclass
class Clients:
    """One of each account, and the number of the next command."""

    provider: Provider
    who: list[Somebody]
    heard: Heard
    tickets: list[tuple[Somebody, str]] = field(default_factory=list)

    async def command(self, number: int) -> None:
        if number % 2 and self.tickets:
            client, ticket = self.tickets[number * 7 % len(self.tickets)]
            answer = await client.post(f"/api/intake/tickets/{ticket}/replies", text=str(uuid4()))
            assert answer.is_success, answer.text
            return
        client = self.who[number // 2 % len(self.who)]
        given = {
            "category_id": self.provider.category_id,
            "subject": "s",
            "text": "t",
            "urgency": URGENCIES[number % 3],
        }
        answer = await client.post("/api/intake/tickets", **given)
        assert answer.is_success, answer.text
        ticket = answer.json()["id"]
        self.heard.acknowledged[ticket] = perf_counter()
        self.tickets.append((client, ticket))

    async def run(self, rate: int, seconds: int) -> None:
        loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as commands:
            for number in range(rate * seconds):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                commands.create_task(self.command(number))


async def clients_of(provider: Provider, heard: Heard) -> tuple[Clients, list[str]]:
    accounts, who = [], []
    for number in range(ACCOUNTS):
        account = (await provider.admin.made("/api/accounts/accounts", name=f"Account {number}"))["id"]
        secret = {"email": f"c{number}@x.example", "password": "correct horse battery"}
        await provider.admin.made("/api/accounts/users", account_id=account, name="C", **secret)
        accounts.append(account)
        who.append(await provider.product.sign_in(**secret))
    clients = Clients(provider, who, heard)
    given = {"category_id": provider.category_id, "subject": "s", "text": "t"}
    for client in who:
        await eventually(lambda client=client: client.post("/api/intake/tickets", **given))  # type: ignore[misc]
    return clients, accounts


# --- viewers -----------------------------------------------------------------------------------


def query_of(number: int, accounts: list[str]) -> str:
    """Of a list like no other: most of one account, some of one urgency of all accounts."""
    asked = {"opened_before": f"2100-01-01T00:00:00.{number:06}Z", "counts": "true"}
    if number % 10:
        asked["account_id"] = accounts[number % len(accounts)]
    if number % 3:
        asked["urgency"] = URGENCIES[number // 10 % 3]
    return urlencode(asked)


async def watch(url: str, token: str, query: str, heard: Heard, begun: asyncio.Semaphore) -> None:
    """Over a bare socket, as the load generator shares the machine with what is measured."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**20)
    head = f"GET /api/query/live?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    try:
        async for line in reader:
            if line.startswith(b"event: ready"):
                begun.release()
            elif line.startswith(b"data: ") and b'"in":true' in line:
                heard.events += 1
                heard.told[orjson.loads(line[6:])["id"]].append(perf_counter())
    finally:
        writer.close()


@asynccontextmanager
async def watching(url: str, token: str, accounts: list[str], count: int, heard: Heard) -> AsyncIterator[None]:
    begun = asyncio.Semaphore(0)
    viewers = [
        asyncio.create_task(watch(url, token, query_of(number, accounts), heard, begun)) for number in range(count)
    ]
    try:
        for _ in viewers:
            await begun.acquire()
        yield
    finally:
        for viewer in viewers:
            viewer.cancel()
        await asyncio.gather(*viewers, return_exceptions=True)


# --- figures -----------------------------------------------------------------------------------


def process_of(started: Runner) -> psutil.Process:
    """Query's own process."""
    return next(child for child in started.children() if "services.query" in " ".join(child.cmdline()))


async def share_of_core(process: psutil.Process, clients: Clients, rate: int, seconds: int) -> float:
    """Of a core, while commands come in."""
    before, began = process.cpu_times(), perf_counter()
    await clients.run(rate, seconds)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / (perf_counter() - began)


def milliseconds(latencies: list[float]) -> list[str]:
    cuts = statistics.quantiles(latencies, n=100)
    return [f"{cuts[place] * 1000:,.0f} ms" for place in (49, 94, 98)]


async def main() -> None:
    for name, value in ADMINISTRATOR.items():
        os.environ[f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}"] = value
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    asked = parser.parse_args()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(server_folder(on_disk=True))
        options = ("--port", str(free_ports_from()), "--processes")
        started = await stack.enter_async_context(runner(folder / "var", *options))
        addresses = await urls(started)
        client = httpx.AsyncClient(transport=ByService(addresses), base_url="http://helpdesk", timeout=30)
        http = await stack.enter_async_context(client)
        heard = Heard()
        provider = await founded(Product(http, addresses["query"]))
        clients, accounts = await clients_of(provider, heard)
        process = process_of(started)
        alone = await share_of_core(process, clients, asked.rate, asked.seconds)
        heard.acknowledged.clear()
        async with watching(addresses["query"], provider.admin.token, accounts, asked.viewers, heard):
            watched = await share_of_core(process, clients, asked.rate, asked.seconds)
            await asyncio.sleep(2)  # what is still on its way
    rows = [
        ["acknowledged → told a viewer: p50, p95, p99", ", ".join(milliseconds(heard.latencies()))],
        ["tickets that came into lists", f"{heard.events:,}"],
        ["query's process, without viewers", f"{alone:.0%} of a core"],
        ["query's process, with viewers", f"{watched:.0%} of a core"],
        ["each viewer", f"{(watched - alone) / asked.viewers * 1e6:,.0f} µs a second"],
    ]
    command = f"python -m bench.live_bench --viewers {asked.viewers} --rate {asked.rate} --seconds {asked.seconds}"
    results.write("live", command, [f"{asked.viewers} viewers, {asked.rate} commands/s", ""], rows)


if __name__ == "__main__":
    asyncio.run(main())
