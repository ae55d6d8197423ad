"""Mail in, set up and worked off in the console."""

import asyncio
from typing import Any

from playwright.async_api import expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.letters import SUPPORT, waiting, write
from tests.acceptance.browser.test_settings import choose, field, saved
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider


async def test_a_gateway_is_set_and_waiting_mail_is_placed(
    provider: Provider, visit: NewVisitor, mail_port: int
) -> None:
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path="/settings/gateways/new")
    await field(anna, "Address").fill(SUPPORT)
    await choose(anna, "Category", "Mail")
    await saved(anna)
    await _fetched_from_a_mailbox(anna, provider)

    await write(mail_port, "Is it down?", "Re: Mail is late", "Cheap pills")
    await waiting(provider, 3)
    ticket = (await provider.submit(subject="Mail is late")).json()
    await anna.page.reload()
    side = anna.page.get_by_role("navigation", name="Views").locator("..")
    await side.get_by_role("link", name="Waiting mail 3 mails wait").click()

    await anna.page.get_by_role("link", name="Is it down?").click()
    await anna.sees("Nobody has this address")
    await anna.sees("<b>nothing</b> works.")
    await anna.page.get_by_role("combobox", name="User").fill("Jan")
    await choose(anna, "User", "Jane (jane@acme.example)")
    await anna.button("Attach").click()
    await anna.sees("It is ticket")

    await anna.page.get_by_role("link", name="Re: Mail is late").click()
    await choose(anna, "User", "Jane (jane@acme.example)")
    await anna.page.get_by_text("An answer to a ticket", exact=True).click()
    await choose(anna, "Ticket", f"#{ticket['number']} Mail is late")
    await anna.button("Attach").click()
    await anna.sees(f"It is in ticket {ticket['number']} now")

    await anna.page.get_by_role("link", name="Cheap pills").click()
    await anna.button("Discard").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    await anna.sees("No mail waits")

    await anna.page.goto(f"{anna.url}/tickets/{ticket['id']}")
    await anna.page.get_by_role("tab", name="Mail").click()
    came = anna.page.get_by_role("region", name="Came in by mail")
    async with anna.page.expect_download() as download:
        await came.get_by_role("button", name="Download the original: Re: Mail is late").click()
    assert b"nothing" in (await (await download.value).path()).read_bytes()


async def _fetched_from_a_mailbox(anna: Visitor, provider: Provider) -> None:
    """A password is taken once, and never shown."""
    await anna.page.get_by_role("link", name=SUPPORT).click()
    await anna.page.get_by_text("From a mailbox", exact=True).click()
    await field(anna, "IMAP server").fill("127.0.0.1")
    await field(anna, "User name").fill("support")
    await anna.button("Save").click()
    await anna.sees("This mailbox's password is needed")
    await field(anna, "Password").fill("correct horse battery")
    await saved(anna)
    imap = await _tried(provider)
    assert (imap["host"], imap["user"]) == ("127.0.0.1", "support")
    await anna.page.get_by_role("link", name=SUPPORT).click()
    await expect(field(anna, "Password")).to_have_value("")
    await anna.sees("This mailbox cannot be read since")
    await anna.page.get_by_text("By a mail server", exact=True).click()
    await saved(anna)


async def _tried(provider: Provider) -> dict[str, Any]:
    """The only mailbox, once it was found that nobody answers there."""
    while True:
        [gateway] = (await provider.admin.get("/api/intake/gateways")).json()["items"]
        imap: dict[str, Any] = gateway["imap"]
        if imap["failing_since"]:
            return imap
        await asyncio.sleep(0.05)
