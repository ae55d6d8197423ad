"""Takes the pictures that docs/screenshots.md shows: of the demo data, in both themes, the panel on a phone.

`make screenshots` runs it; it runs a helpdesk of its own, and writes docs/images.
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from deploy.demo.provider import GATEWAYS
from tests.acceptance.browser import letters
from tests.acceptance.browser.conftest import installed_browser
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.demonstration import Demonstration, demonstration

IMAGES = Path(__file__).parents[3] / "docs" / "images"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SUBJECT = "Mails to us arrive hours late"
BY_MAIL = "The nightly backup did not run"
MAILS = (
    (
        "Lena Brandt <lena@brandt-floral.example>",
        "Where is my order?",
        "Hello,\n\nI ordered a server on Monday.\n\nLena\n",
    ),
    ("Deals <offer@cheap-seo.example>", "First page, guaranteed", "Dear site owner,\n\nanswer today!\n"),
)
"""From people whom nobody knows."""

PAGES = {
    "list": "/tickets",
    "list-overdue": "/tickets?overdue=true&sort=remaining",
    "overview": "/overview",
    "overview-answers": "/overview/answers",
    "overview-closings": "/overview/closings",
}
SETTINGS = (
    *("departments", "categories", "targets", "submission-rules", "weight-rules"),
    *("accounts", "users", "administrators", "groups", "projects"),
    *("gateways", "mails", "templates", "api-keys", "webhooks", "signing-keys", "parked"),
)
"""Lists; of each the first thing is taken besides, or the empty form of another."""
NO_FORM = ("mails", "signing-keys", "parked")
TABS = {"departments": ("hours", "answers"), "accounts": ("users",)}
PANEL = {"panel": "/panel", "panel-new": "/panel/new"}


async def main() -> None:
    chromium = installed_browser()
    if chromium is None:
        sys.exit("· no Chromium is installed here (Debian's package: chromium)")
    async with demonstration() as shown, async_playwright() as playwright:
        then = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        await _mail_comes(shown)
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for theme in ("light", "dark"):
            await _of_staff(browser, shown, theme, then)
            await _of_client(browser, shown, theme)
        await browser.close()


async def _mail_comes(shown: Demonstration) -> None:
    to = GATEWAYS[0].address
    for sender, subject, text in MAILS:
        await letters.send(shown.mail_port, sender, to, subject, text)
    text = "Hello,\n\nthe backup of last night is missing.\n\n> It runs at two o'clock.\n\nIt did not.\n"
    await letters.send(shown.mail_port, shown.client, to, BY_MAIL, text)


async def _of_staff(browser: Browser, shown: Demonstration, theme: Any, then: str) -> None:
    sam = await _visitor(browser, shown.url, DESK, theme)
    await sam.page.goto(shown.url)
    await sam.page.get_by_label("E-mail").wait_for()
    await _take(sam, "sign-in", theme)
    await sam.sign_in(shown.owner, shown.password)
    for name, path in {**PAGES, "list-past": f"/tickets?as_of={then}"}.items():
        await sam.page.goto(shown.url + path)
        await _take(sam, name, theme)
    await _tickets(sam, theme)
    for section in SETTINGS:
        await _section(sam, section, theme)
    await sam.page.context.close()


async def _tickets(sam: Visitor, theme: str) -> None:
    await _open(sam, SUBJECT)
    await _take(sam, "ticket", theme)
    for tab in ("Account", "History"):
        await sam.page.get_by_role("tab", name=tab).click()
        await _take(sam, f"ticket-{tab.lower()}", theme)
    await _open(sam, BY_MAIL)
    await sam.page.get_by_role("tab", name="Mail").click()
    await _take(sam, "ticket-mail", theme)


async def _open(sam: Visitor, subject: str) -> None:
    await sam.page.goto(f"{sam.url}/tickets?state=all&text={subject}")
    await sam.open(subject)


async def _section(sam: Visitor, section: str, theme: str) -> None:
    await sam.page.goto(f"{sam.url}/settings/{section}")
    await _take(sam, f"settings-{section}", theme)
    first = sam.page.locator(f"main a[href^='/settings/{section}/']:not([href$='/new'])").first
    if await first.count():
        path = await first.get_attribute("href")
    elif section in NO_FORM:
        return
    else:
        path = f"/settings/{section}/new"
    for name in _of_thing(section):
        await sam.page.goto(f"{sam.url}{path}{f'?tab={name}' if name else ''}")
        await _take(sam, f"settings-{section}-one{f'-{name}' if name else ''}", theme)


def _of_thing(section: str) -> Iterator[str]:
    yield ""
    yield from TABS.get(section, ())


async def _of_client(browser: Browser, shown: Demonstration, theme: Any) -> None:
    jane = await _visitor(browser, shown.url, PHONE, theme)
    await jane.sign_in(shown.client, shown.password)
    for name, path in PANEL.items():
        await jane.page.goto(shown.url + path)
        await _take(jane, name, theme)
    await jane.page.goto(f"{shown.url}/panel")
    await jane.page.locator("main a[href^='/panel/']:not([href$='/new'])").first.click()
    await jane.page.wait_for_url(re.compile(r"/panel/[0-9a-f-]{36}"))
    await _take(jane, "panel-ticket", theme)
    await jane.page.context.close()


async def _visitor(browser: Browser, url: str, viewport: ViewportSize, theme: Any) -> Visitor:
    context = await browser.new_context(
        locale="en-GB", viewport=viewport, color_scheme=theme, reduced_motion="reduce", timezone_id="Europe/Berlin"
    )
    return Visitor(await context.new_page(), url)


async def _take(visitor: Visitor, name: str, theme: str) -> None:
    await visitor.page.wait_for_load_state("networkidle") if name == "sign-in" else await _has_loaded(visitor)
    await visitor.page.screenshot(path=IMAGES / f"{name}-{theme}.jpg", type="jpeg", quality=75)
    print(f"· {name}, {theme}")


async def _has_loaded(visitor: Visitor) -> None:
    await visitor.page.get_by_role("heading", level=1).first.wait_for()
    await expect(visitor.page.get_by_role("status", name="Loading")).to_have_count(0)
    await visitor.is_still()


if __name__ == "__main__":
    asyncio.run(main())
