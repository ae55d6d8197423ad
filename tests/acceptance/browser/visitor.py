"""Somebody in front of a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import ConsoleMessage, Locator, Page, Route, expect

from deploy.console.node import CONSOLE

AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MILLISECONDS = 30_000
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_STILL = """Promise.allSettled(
    document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
        .map((each) => each.finished)).then(() => null)"""


@dataclass
class Visitor:
    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    """What went wrong in the page: errors in its scripts, and whatever its policy did not let happen."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # A refused request is told by the page itself, in words.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    async def sign_in(self, email: str, password: str, path: str = "/") -> Self:
        await self.page.goto(self.url + path)
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.page.get_by_role("button", name="settings and sign-out")).to_be_visible()
        return self

    def row(self, subject: str) -> Locator:
        """A ticket in the list."""
        return self.page.get_by_role("row").filter(has_text=subject)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def answer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Answer")

    async def open(self, subject: str) -> None:
        await self.row(subject).get_by_role("link", name=subject).click()
        await expect(self.page.get_by_role("log")).to_be_visible()

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_text(text).first).to_be_visible()

    @asynccontextmanager
    async def held_up(self, address: str) -> AsyncIterator[None]:
        """What is sent there is carried out at once; that it was is answered at the end of the context."""
        is_over = asyncio.Event()

        async def answer_late(route: Route) -> None:
            response = await route.fetch()
            if response.ok:  # what is refused, as on a version that is none by now, is asked for anew by the page
                await is_over.wait()
            await route.fulfill(response=response)

        await self.page.route(address, answer_late)
        yield
        is_over.set()

    async def is_still(self) -> None:
        """Return once nothing moves, or fades, that will come to an end."""
        await self.page.evaluate(_STILL)

    async def accessibility_problems(self, *, of_colours: bool = False) -> list[str]:
        """What axe has against the page, by the rules of WCAG 2.2 A and AA and best practices, or by those about colours."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text())
        options = {"resultTypes": ["violations"]} | ({"runOnly": COLOURS} if of_colours else {})
        found: dict[str, Any] = await self.page.evaluate("(options) => axe.run(document, options)", options)
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
