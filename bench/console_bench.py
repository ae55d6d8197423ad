"""What the console costs a browser: its first load, changes of the list, an hour of them in its memory; Lighthouse's marks.

Run as `python -m bench.console_bench [--rate 20] [--seconds 30] [--hour 3600] [--lighthouse PATH]`, Chromium installed. A
helpdesk of its own with the demo data runs beside the browser. An hour of changes (`--hour` of them, one a second) is let
go by as fast as they can be made. Lighthouse is npm's package of this name; without the path to its command it is left out.
"""

import argparse
import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import httpx
from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

from bench import results
from bench.pages import WATCH_FOR_ROWS, Traffic, chromium, lighthouse, memory, time_to_list, work
from deploy.console import build
from deploy.local.ports import free_port
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.demonstration import Demonstration, demonstration
from tests.infrastructure.product import Product, Somebody

IDLE_SECONDS = 10
AT_ONCE = 8


# --- first load --------------------------------------------------------------------------------


async def first_load(context: BrowserContext, shown: Demonstration) -> tuple[Page, list[list[str]]]:
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    cold = Traffic(session)
    await cold.watch()
    began = perf_counter()
    await page.goto(shown.url)
    await page.get_by_label("E-mail").wait_for()
    rows = [["first visit: the page to sign in on, s", f"{perf_counter() - began:.2f}"]]
    await Visitor(page, shown.url).sign_in(shown.owner, shown.password, "/tickets")
    await page.get_by_role("row").nth(1).wait_for()
    await page.wait_for_load_state("load")
    rows += cold.rows("signing in and the list, nothing cached")
    await page.add_init_script(WATCH_FOR_ROWS)
    times = []
    for bypass in (True, False):
        await session.send("Network.setCacheDisabled", {"cacheDisabled": bypass})
        await page.goto(f"{shown.url}/tickets")
        times.append(await time_to_list(page))
    rows.append(["the list, nothing cached / cached, s", " / ".join(f"{time:.2f}" for time in times)])
    return page, rows


# --- changes -----------------------------------------------------------------------------------


class Changes:
    """A client's tickets and replies; a ticket shows in the list several times: opened, weighed, placed, with a deadline."""

    def __init__(self, client: Somebody, category: str) -> None:
        self._client = client
        self._category = category
        self._tickets: list[str] = []
        self._made = 0

    async def make(self) -> None:
        self._made += 1
        if self._made % 4 and self._tickets:
            ticket = self._tickets[self._made * 7 % len(self._tickets)]
            await self._client.made(f"/api/intake/tickets/{ticket}/replies", text="Is there any news?")
            return
        given = {"category_id": self._category, "subject": f"Change {self._made}", "text": "It does not work."}
        self._tickets.append((await self._client.made("/api/intake/tickets", **given))["id"])

    async def at(self, rate: int, seconds: int) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as making:
            for number in range(rate * seconds):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                making.create_task(self.make())

    async def as_fast_as_can_be(self, count: int) -> None:
        waiting = iter(range(count))

        async def one_by_one() -> None:
            for _ in waiting:
                await self.make()

        await asyncio.gather(*(one_by_one() for _ in range(AT_ONCE)))


async def cost_of_changes(session: CDPSession, changes: Changes, rate: int, seconds: int) -> list[list[str]]:
    await session.send("Performance.enable")
    first = await work(session)
    await asyncio.sleep(IDLE_SECONDS)
    second = await work(session)
    await changes.at(rate, seconds)
    third = await work(session)
    idle = (second["all"] - first["all"]) / IDLE_SECONDS
    busy = {name: (third[name] - second[name]) / seconds for name in third}
    parts = ", ".join(f"{name.lower()} {busy[name]:.1%}" for name in busy if name != "all")
    return [
        ["the page at rest, of a core", f"{idle:.1%}"],
        [f"at {rate} changes a second, of a core", f"{busy['all']:.1%} ({parts})"],
        ["a change, ms", f"{(busy['all'] - idle) / rate * 1000:.1f}"],
    ]


async def memory_of_an_hour(session: CDPSession, changes: Changes, count: int) -> list[list[str]]:
    before = await memory(session)
    await changes.as_fast_as_can_be(count)
    await asyncio.sleep(IDLE_SECONDS)
    after = await memory(session)
    return [
        [f"heap before and after {count:,} changes, MiB", f"{before[0]:.1f} / {after[0]:.1f}"],
        ["nodes before and after", f"{before[1]:,} / {after[1]:,}"],
    ]


# --- all of it ---------------------------------------------------------------------------------


async def category_of(client: Somebody) -> str:
    found = (await client.get("/api/intake/categories")).json()
    first: str = found["items"][0]["id"]
    return first


async def measure(asked: argparse.Namespace) -> list[list[str]]:
    async with AsyncExitStack() as stack:
        shown = await stack.enter_async_context(demonstration())
        playwright = await stack.enter_async_context(async_playwright())
        port = free_port()
        context = await stack.enter_async_context(chromium(playwright, port))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=shown.url, timeout=60, trust_env=False))
        client = await Product(http, shown.url).sign_in(shown.client, shown.password)
        changes = Changes(client, await category_of(client))
        page, rows = await first_load(context, shown)
        if asked.lighthouse:
            rows.append(await lighthouse(asked.lighthouse, f"{shown.url}/tickets", port, "desktop"))
        session = await context.new_cdp_session(page)
        rows += await cost_of_changes(session, changes, asked.rate, asked.seconds)
        return rows + await memory_of_an_hour(session, changes, asked.hour)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--hour", type=int, default=3600)
    parser.add_argument("--lighthouse", type=Path)
    asked = parser.parse_args()
    build.build()
    rows = await measure(asked)
    command = f"python -m bench.console_bench --rate {asked.rate} --seconds {asked.seconds} --hour {asked.hour}"
    results.write("console", command, ["the console, as an owner, demo data", ""], rows)


if __name__ == "__main__":
    asyncio.run(main())
