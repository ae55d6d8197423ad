"""A browser that is measured: what comes over its network, what its pages work and keep, what Lighthouse thinks of them."""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, Playwright, ViewportSize

from tests.acceptance.browser.conftest import installed_browser

DESK: ViewportSize = {"width": 1440, "height": 900}
WATCH_FOR_ROWS = """
const look = () => {
    if (document.querySelectorAll('[role=row]').length > 1) window.listShownAt = performance.now();
    else requestAnimationFrame(look);
};
look();
"""
_MEASURES = {
    "scripts": "ScriptDuration",
    "layout": "LayoutDuration",
    "styles": "RecalcStyleDuration",
    "all": "TaskDuration",
}


@dataclass
class Traffic:
    """Bytes over the network, compressed as they were, by kind of resource."""

    session: CDPSession
    kinds: dict[str, str] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)

    async def watch(self) -> None:
        self.session.on("Network.responseReceived", self._kind)
        self.session.on("Network.loadingFinished", self._end)
        await self.session.send("Network.enable")

    def _kind(self, told: dict[str, Any]) -> None:
        self.kinds[told["requestId"]] = told["type"]

    def _end(self, told: dict[str, Any]) -> None:
        self.received[self.kinds.get(told["requestId"], "Other")] += int(told["encodedDataLength"])

    def rows(self, title: str) -> list[list[str]]:
        parts = ", ".join(f"{kind.lower()} {size / 1024:,.0f}" for kind, size in self.received.most_common())
        return [[f"{title}: KiB over the network", f"{self.received.total() / 1024:,.0f} ({parts})"]]


@asynccontextmanager
async def chromium(playwright: Playwright, port: int) -> AsyncIterator[BrowserContext]:
    """With one profile, so that Lighthouse, which comes in by the port, is who signed in."""
    found = installed_browser()
    if found is None:
        sys.exit("· no Chromium is installed here (Debian's package: chromium)")
    with tempfile.TemporaryDirectory() as profile:
        arguments = ["--no-sandbox", f"--remote-debugging-port={port}"]
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=found, args=arguments, viewport=DESK, locale="en-GB", reduced_motion="reduce"
        )
        try:
            yield context
        finally:
            await context.close()


async def time_to_list(page: Page) -> float:
    """Seconds from the beginning of the page's loading."""
    shown_at: float | None = None
    while shown_at is None:  # what would wait within the page, its policy does not let be
        await asyncio.sleep(0.02)
        shown_at = await page.evaluate("window.listShownAt ?? null")
    return shown_at / 1000


async def work(session: CDPSession) -> dict[str, float]:
    """Seconds that the page's main thread has worked."""
    metrics = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return {name: metrics[measure] for name, measure in _MEASURES.items()}


async def memory(session: CDPSession) -> tuple[float, int]:
    """MiB of the page's heap after a collection, and nodes of its document."""
    await session.send("HeapProfiler.collectGarbage")
    used = (await session.send("Runtime.getHeapUsage"))["usedSize"] / 2**20
    return used, (await session.send("Memory.getDOMCounters"))["nodes"]


async def lighthouse(command: Path, url: str, port: int, preset: str) -> list[str]:
    options = [f"--port={port}", "--output=json", "--quiet", "--disable-storage-reset", f"--preset={preset}"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(str(command), url, *options, stdout=pipe)
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("Lighthouse failed")
    report = json.loads(written)
    if report["finalDisplayedUrl"].split("?")[0] != url:
        raise RuntimeError(f"Lighthouse looked at {report['finalDisplayedUrl']}")
    marks = ", ".join(f"{name} {round(one['score'] * 100)}" for name, one in report["categories"].items())
    audits = report["audits"]
    shown = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    return [
        f"Lighthouse ({preset}), {url.rpartition('/')[2]}",
        f"{marks}; " + ", ".join(f"{name.replace('-', ' ')} {audits[name]['displayValue']}" for name in shown),
    ]
