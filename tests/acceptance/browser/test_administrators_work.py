"""Administrators in front of the list and of a ticket, each in a browser of their own."""

import re

from playwright.async_api import expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider

BEN = {"email": "ben@provider.example", "password": "correct horse battery"}


async def hire_ben(provider: Provider) -> None:
    await provider.admin.made("/api/accounts/administrators", name="Ben", role="owner", **BEN)


async def test_the_list_moves_by_itself(provider: Provider, visit: NewVisitor) -> None:
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.sees("Nothing here")

    await provider.submit(subject="Mail is late")
    await expect(anna.row("Mail is late")).to_be_visible()

    urgent = (await provider.submit(subject="All is down", urgency="high")).json()["id"]
    await expect(anna.page.get_by_role("row").nth(1)).to_contain_text("All is down")
    sign = anna.row("All is down").get_by_role("img", name="High urgency")
    await sign.hover()
    await expect(anna.page.get_by_role("tooltip")).to_have_text("High urgency")
    await anna.page.keyboard.press("Escape")
    await expect(anna.page.get_by_role("tooltip")).to_have_count(0)

    await provider.admin.made(f"/api/intake/tickets/{urgent}/block")
    await expect(
        anna.row("All is down").get_by_role("img", name=re.compile("has been answering since"))
    ).to_be_visible()

    await provider.admin.made(f"/api/intake/tickets/{urgent}/close")
    await expect(anna.row("All is down")).to_have_count(0)
    await expect(anna.row("Mail is late")).to_be_visible()


async def test_a_reload_stays_signed_in_where_one_was(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path="/tickets?unread=true&sort=id")
    await expect(anna.row("Mail is late")).to_be_visible()
    await anna.page.reload()
    await expect(anna.row("Mail is late")).to_be_visible()
    await expect(anna.page.get_by_role("button", name="Remove filter: Unread")).to_be_visible()
    kept = await anna.page.evaluate(
        "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"
    )
    assert "eyJ" not in kept, "no token is where a script could find it"

    await anna.page.get_by_role("button", name="settings and sign-out").click()
    await anna.page.get_by_role("menuitem", name="Sign out").click()
    await anna.page.reload()
    await expect(anna.button("Sign in")).to_be_visible()


async def test_who_writes_holds_the_block_and_what_was_written_outlives_it(
    provider: Provider, visit: NewVisitor
) -> None:
    await hire_ben(provider)
    await provider.submit(subject="Mail is late")
    anna, ben = await visit(), await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await ben.sign_in(**BEN)
    await anna.open("Mail is late")
    await ben.open("Mail is late")

    await anna.answer.fill("Dear Jane, we look into it.")
    await anna.sees("You are answering")
    await ben.sees("Administrator is answering")
    await ben.answer.fill("A note of mine.")
    await expect(ben.button("Send")).to_be_disabled()

    await ben.button("Unblock").click()
    await ben.button("Discard").click()
    await expect(ben.button("Discard")).to_be_hidden()
    await ben.answer.fill("I have it.")
    await ben.sees("You are answering")
    await anna.sees("Your block was taken away")
    await expect(anna.answer).to_have_value("Dear Jane, we look into it.")
    await expect(anna.button("Send")).to_be_disabled()

    await ben.button("Stop writing").click()
    await anna.button("Take the block again").click()
    await anna.button("Send and close").click()
    await expect(anna.page.get_by_role("log")).to_contain_text("Dear Jane, we look into it.")
    await expect(anna.button("Reopen")).to_be_visible()
    await expect(ben.page.get_by_role("log")).to_contain_text("Dear Jane, we look into it.")


async def test_deleting_asks_first_and_cancelling_leaves_everything(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="First of two")
    await provider.submit(subject="Second of two")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    for subject in ("First of two", "Second of two"):
        await anna.row(subject).get_by_role("checkbox").check()
    await anna.button("Delete").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(anna.row("First of two")).to_be_visible()

    await anna.button("Delete").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(anna.row("First of two")).to_have_count(0)
    await expect(anna.row("Second of two")).to_have_count(0)


async def test_a_single_ticket_is_deleted_after_being_asked(provider: Provider, visit: NewVisitor) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.button("More actions").click()
    await anna.page.get_by_role("menuitem", name="Delete").click()
    dialog = anna.page.get_by_role("dialog", name="Delete 1 ticket for good?")
    await dialog.get_by_role("button", name="Delete").click()
    await anna.sees("Nothing here")
    assert (await provider.admin.post(f"/api/intake/tickets/{ticket}/close")).status_code == 404


async def test_what_is_closed_is_reopened_and_is_back_in_the_list(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.button("Close").click()
    await anna.button("Reopen").click()
    await expect(anna.button("Close")).to_be_visible()
    await anna.page.get_by_role("link", name="Back to the list").click()
    await expect(anna.row("Mail is late")).to_be_visible()


async def test_what_nobody_has_read_says_so_until_somebody_opens_it(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    sign = anna.row("Mail is late").get_by_role("img", name="Unread")
    await expect(sign).to_be_visible()
    await anna.open("Mail is late")
    await anna.page.get_by_role("link", name="Back to the list").click()
    await expect(anna.row("Mail is late")).to_be_visible()
    await expect(sign).to_have_count(0)


async def test_without_a_connection_it_says_so_and_keeps_what_is_written(provider: Provider, visit: NewVisitor) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.page.context.set_offline(True)
    await anna.sees("No connection")
    await anna.answer.fill("Written in a tunnel.")
    await provider.client.made(f"/api/intake/tickets/{ticket}/replies", text="Still late!")

    await anna.page.context.set_offline(False)
    await expect(anna.page.get_by_role("log")).to_contain_text("Still late!")
    await expect(anna.answer).to_have_value("Written in a tunnel.")
    await expect(anna.page.get_by_text("No connection")).to_have_count(0)


async def test_the_keyboard_is_enough(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await expect(anna.row("Mail is late")).to_be_visible()
    press = anna.page.keyboard.press
    await press("?")
    await expect(anna.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await press("Escape")
    await expect(anna.page.get_by_role("dialog")).to_have_count(0)
    await press("j")
    await press("Enter")
    await expect(anna.page.get_by_role("log")).to_be_visible()
    await press("t")
    await expect(anna.button("Take it")).to_have_count(0)
    await press("r")
    await anna.page.keyboard.type("Fixed.")
    await expect(anna.button("Send")).to_be_enabled()
    await press("Control+Enter")
    await expect(anna.page.get_by_role("log")).to_contain_text("Fixed.")


async def test_switching_to_a_clients_panel_and_back(provider: Provider, visit: NewVisitor) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.button("More actions").click()
    await anna.page.get_by_role("menuitem", name="Switch to Jane's panel").click()
    await anna.sees("You see what Jane sees")
    await anna.page.get_by_role("textbox", name="Write to us").fill("Says Jane on the phone.")
    await anna.button("Send").click()
    await anna.sees("written by Administrator")
    await anna.button("Back to my own work").click()
    await expect(anna.row("Mail is late")).to_be_visible()
    history = (await provider.admin.get(f"/api/query/tickets/{ticket}/history")).json()["items"]
    assert any(entry["on_behalf_of"] == f"user:{provider.user_id}" for entry in history)
