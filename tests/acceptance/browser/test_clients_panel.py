"""Clients in their panel, on a phone."""

import asyncio

from playwright.async_api import FilePayload, expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.infrastructure.provider import Provider

JANE = {"email": "jane@acme.example", "password": "correct horse battery"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def rating_of(provider: Provider, ticket: str) -> int:
    """Of the answer, once the read model has it."""
    while True:
        messages = (await provider.admin.get(f"/api/query/tickets/{ticket}")).json()["messages"]
        if found := messages[-1]["rating"]:
            return int(found["rating"])
        await asyncio.sleep(0.05)


async def test_a_client_submits_reads_rates_and_closes(provider: Provider, visit: NewVisitor) -> None:
    jane = await visit(**PHONE)
    await jane.sign_in(**JANE)
    await jane.page.get_by_role("link", name="New ticket").first.click()
    await jane.page.get_by_role("combobox", name="Category").click()
    await jane.page.get_by_role("option", name="Mail").click()
    await jane.page.get_by_text("High", exact=True).click()
    await jane.page.get_by_role("textbox", name="Subject").fill("Mail is late")
    await jane.page.get_by_role("textbox", name="What happened?").fill("Since **today**.")
    async with jane.page.expect_file_chooser() as choosing:
        await jane.button("Attach files").click()
    headers = FilePayload(name="headers.txt", mimeType="text/plain", buffer=b"X-Delay: 7982")
    await (await choosing.value).set_files([headers])
    await jane.sees("You can expect an answer by")
    await jane.button("Submit").click()
    await expect(jane.page.get_by_role("heading", name="Mail is late")).to_be_visible()
    await expect(jane.page.get_by_role("button", name="headers.txt")).to_be_visible()

    ticket = jane.page.url.rpartition("/")[2]
    token = (await provider.admin.made(f"/api/intake/tickets/{ticket}/block"))["block"]["token"]
    await provider.admin.made(f"/api/intake/tickets/{ticket}/replies", text="Fixed, please try.", token=token)
    await jane.sees("Fixed, please try.")
    five = await jane.page.get_by_role("radio", name="5 of 5").get_attribute("id")
    await jane.page.locator(f'label[for="{five}"]').tap()
    await jane.sees("Thank you")
    assert await rating_of(provider, ticket) == 5
    await jane.button("It is solved").click()
    await jane.button("Reopen").click()
    await expect(jane.button("It is solved")).to_be_visible()
