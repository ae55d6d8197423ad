"""Ten thousand accounts with a user each in one request, as a billing system sends them: new, the same again, and renamed.

Run as `python -m bench.bulk_bench [--accounts 10000]`, against the product as `make run` runs it, all on one machine.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from time import perf_counter

import httpx
import psutil

from bench.results import write
from tests.infrastructure.folders import server_folder
from tests.infrastructure.local_runner import free_ports_from, runner, urls
from tests.infrastructure.product import ADMINISTRATOR, Product

HEAD = ["what is sent", "seconds", "accounts/s", "events", "memory grown by MiB"]


def bulk(accounts: int, name: str) -> bytes:
    return b"".join(_lines(accounts, name))


def _lines(accounts: int, name: str) -> Iterator[bytes]:
    for number in range(accounts):
        user = {"external_id": f"u{number}", "name": f"Jane Roe {number}", "email": f"jane{number}@example.com"}
        services = [{"product_type": "vps", "price": "19.90"}, {"product_type": "mail", "price": "4.50"}]
        account = {"kind": "account", "external_id": str(number), "name": f"{name} {number}"}
        yield json.dumps({**account, "services": services, "users": [user]}).encode() + b"\n"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    accounts = parser.parse_args().accounts
    for name, value in ADMINISTRATOR.items():
        os.environ[f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}"] = value
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(server_folder(on_disk=True))
        started = await stack.enter_async_context(runner(folder / "var", "--port", str(free_ports_from())))
        url = (await urls(started))["accounts"]
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=600, trust_env=False))
        token = (await Product(http, url).administrator()).token
        process = psutil.Process(started.process.pid)
        rows = []
        for what, name, events in (("new", "Acme", 2), ("the same again", "Acme", 0), ("renamed", "Acme Ltd", 1)):
            before = process.memory_info().rss
            seconds = await _sent(http, token, bulk(accounts, name))
            grown = (process.memory_info().rss - before) / 2**20
            figures = [f"{seconds:.1f}", f"{accounts / seconds:,.0f}", f"{events * accounts:,}", f"{grown:.0f}"]
            rows.append([what, *figures])
        write("bulk", f"python -m bench.bulk_bench --accounts {accounts}", HEAD, rows)


async def _sent(http: httpx.AsyncClient, token: str, body: bytes) -> float:
    began = perf_counter()
    response = await http.post("/api/accounts/bulk", content=body, headers={"Authorization": f"Bearer {token}"})
    seconds = perf_counter() - began
    end = json.loads(response.text.splitlines()[-1])
    assert end["refused"] == 0, end
    assert end["lines"] == body.count(b"\n")
    return seconds


if __name__ == "__main__":
    asyncio.run(main())
