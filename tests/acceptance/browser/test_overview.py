"""How things stand and how they went, and from each figure to its tickets."""

import re

import httpx
from playwright.async_api import Locator, expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider


def figure(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("link", name=re.compile(name)).first


async def judged(provider: Provider, subject: str) -> str:
    """A ticket that waits, and has its deadline."""
    response = await provider.submit(subject=subject)
    await provider.listed(response.headers["Consistency-Token"])
    ticket: str = response.json()["id"]
    return ticket


async def answer(provider: Provider, ticket: str, *, close: bool = False) -> None:
    token = (await provider.admin.made(f"/api/intake/tickets/{ticket}/block"))["block"]["token"]
    await provider.admin.made(f"/api/intake/tickets/{ticket}/replies", text="Done.", token=token, close=close)


async def test_each_figure_leads_to_its_tickets_and_counts_by_itself(provider: Provider, visit: NewVisitor) -> None:
    done = await judged(provider, "Answered and closed")
    await answer(provider, done, close=True)
    waiting = await judged(provider, "Still waiting")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path="/overview")
    await expect(figure(anna, "^1 waiting for an answer")).to_be_visible()

    await figure(anna, "^1 in time$").click()
    await expect(anna.page.get_by_role("heading", name="in time")).to_be_visible()
    await expect(anna.page.get_by_role("row", name="Answered and closed")).to_contain_text("Administrator")
    await anna.page.get_by_role("link", name="Back to the overview").click()

    await anna.page.get_by_role("link", name=re.compile("1 in time, 0 late, 0 without")).click()
    await expect(anna.page.get_by_role("row", name="Answered and closed")).to_be_visible()
    await anna.page.go_back()
    await anna.page.get_by_role("region", name="Closed tickets").get_by_role("link").click()
    await expect(anna.page.get_by_role("row", name="Answered and closed")).to_contain_text("by hand")
    await anna.page.go_back()

    load = anna.page.get_by_role("region", name="Submitted by weekday and hour")
    await load.get_by_role("button").last.click()
    await anna.page.get_by_role("dialog").get_by_role("link").click()
    await expect(anna.row("Still waiting")).to_be_visible()
    await expect(anna.row("Answered and closed")).to_be_visible()
    await anna.page.go_back()

    await answer(provider, waiting)
    await expect(figure(anna, "^0 waiting for an answer")).to_be_visible()
    await figure(anna, "^1 open$").click()
    await expect(anna.row("Still waiting")).to_be_visible()


async def test_what_is_about_to_be_overdue_is_named(provider: Provider, visit: NewVisitor) -> None:
    target = f"/api/sla/departments/{provider.department_id}/target"
    assert await provider.admin.status("PUT", target, {"response_seconds": 1800}, {"If-Match": "*"}) == httpx.codes.OK
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path="/overview")
    await expect(figure(anna, "^1 due within an hour")).to_be_visible()
    await figure(anna, "Mail is late").click()
    await expect(anna.page.get_by_role("heading", name="Mail is late")).to_be_visible()
