"""The list and a ticket as they were: nothing moves there, and nothing can be done."""

from datetime import UTC, datetime

from playwright.async_api import expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider


async def test_the_list_and_a_ticket_are_shown_as_they_were(provider: Provider, visit: NewVisitor) -> None:
    submitted = await provider.submit(subject="Mail is late", urgency="high")
    await provider.listed(submitted.headers["Consistency-Token"])
    then = datetime.now(UTC).isoformat()
    closed = await provider.admin.post(f"/api/intake/tickets/{submitted.json()['id']}/close")
    await provider.listed(closed.headers["Consistency-Token"])

    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path=f"/tickets?as_of={then.replace('+00:00', 'Z')}")
    await anna.sees("Nothing can be done here")
    await expect(anna.row("Mail is late")).to_contain_text("Support")
    await expect(anna.page.get_by_role("checkbox")).to_have_count(0)
    later = await provider.submit(subject="The server burns")
    await provider.listed(later.headers["Consistency-Token"])

    await anna.open("Mail is late")
    await anna.sees("Nothing can be done here")
    await anna.page.get_by_role("tab", name="History").click()
    await anna.sees("submitted the ticket")
    await expect(anna.page.get_by_text("closed it")).to_have_count(0)
    for name in ("Take it", "Close", "More actions"):
        await expect(anna.button(name)).to_have_count(0)
    await expect(anna.answer).to_have_count(0)
    await expect(anna.button("Next ticket")).to_be_disabled()

    await anna.page.get_by_role("link", name="Back to now").click()
    await expect(anna.button("Reopen")).to_be_visible()
    await anna.page.get_by_role("link", name="Back to the list").click()
    await expect(anna.row("The server burns")).to_be_visible()
    await anna.button("Filter").click()
    await anna.page.get_by_label("As it was at").fill("2020-01-05T10:00")
    await anna.page.keyboard.press("Enter")
    await anna.sees("2020")
    await anna.sees("Nothing here")
