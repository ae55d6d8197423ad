"""Two administrators and one ticket; and what can be taken back."""

import asyncio
import re

from playwright.async_api import expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.test_administrators_work import BEN, hire_ben
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider


async def test_of_two_who_begin_at_once_one_writes_and_the_other_waits(provider: Provider, visit: NewVisitor) -> None:
    await hire_ben(provider)
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna, ben = await visit(), await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await ben.sign_in(**BEN)
    await asyncio.gather(anna.open("Mail is late"), ben.open("Mail is late"))
    await asyncio.gather(anna.answer.fill("From Anna."), ben.answer.fill("From Ben."))

    holder = (await _block(provider, ticket))["holder"]["name"]
    winner, loser = (ben, anna) if holder == "Ben" else (anna, ben)
    await winner.sees("You are answering")
    await loser.sees(f"{holder} is answering")
    await expect(loser.button("Send")).to_be_disabled()
    await winner.button("Send").click()
    await loser.sees("This is your draft.")
    await loser.button("Answer with it").click()
    await loser.button("Send").click()
    for visitor in (winner, loser):
        log = visitor.page.get_by_role("log")
        await expect(log).to_contain_text("From Anna.")
        await expect(log).to_contain_text("From Ben.")


async def test_after_a_lost_block_one_compares_and_goes_on_with_the_draft(
    provider: Provider, visit: NewVisitor
) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    await hire_ben(provider)
    ben = await provider.product.sign_in(**BEN)
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.answer.fill("Please restart it.")
    await anna.sees("You are answering")

    await ben.made(f"/api/intake/tickets/{ticket}/unblock")
    token = (await ben.made(f"/api/intake/tickets/{ticket}/block"))["block"]["token"]
    await anna.sees("Your block was taken away")
    await ben.made(f"/api/intake/tickets/{ticket}/replies", text="I have restarted it.", token=token)

    await anna.button("Compare").click()
    dialog = anna.page.get_by_role("dialog")
    await expect(dialog.get_by_role("region", name="Said since you began")).to_contain_text("I have restarted it.")
    await expect(dialog).not_to_contain_text("Since today.")
    draft = dialog.get_by_role("textbox", name="Your draft")
    await expect(draft).to_have_value("Please restart it.")
    await draft.fill("Does it work now?")
    await dialog.get_by_role("button", name="Keep the draft for later").click()
    await expect(anna.answer).to_have_value("Does it work now?")
    await anna.button("Take the block again").click()
    await anna.button("Send").click()
    await expect(anna.page.get_by_role("log")).to_contain_text("Does it work now?")


async def test_a_draft_is_there_after_a_reload_and_in_another_browser(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    async with anna.page.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
        await anna.answer.fill("Half an answer")
    await anna.page.reload()
    await expect(anna.answer).to_have_value("Half an answer")
    elsewhere = await visit()
    await elsewhere.sign_in(**ADMINISTRATOR)
    await elsewhere.open("Mail is late")
    await expect(elsewhere.answer).to_have_value("Half an answer")


async def test_what_is_written_without_a_connection_becomes_the_draft_once_there_is_one(
    provider: Provider, visit: NewVisitor
) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.answer.fill("Begun, ")
    await anna.sees("You are answering")
    await anna.page.context.set_offline(True)
    await anna.sees("No connection")
    await anna.answer.press_sequentially("and written in a tunnel.")
    await expect(anna.page.get_by_text("The helpdesk cannot be reached")).to_have_count(0)
    await anna.page.context.set_offline(False)
    async with anna.page.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
        pass
    draft = (await provider.admin.get(f"/api/intake/tickets/{ticket}/draft")).json()
    assert draft["text"] == "Begun, and written in a tunnel."
    await anna.button("Send").click()
    await expect(anna.page.get_by_role("log")).to_contain_text("and written in a tunnel.")


async def test_taking_transferring_editing_and_closing_can_be_undone(provider: Provider, visit: NewVisitor) -> None:
    await provider.admin.made("/api/routing/departments", name="Billing")
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.button("Take it").click()
    await expect(anna.button("Take it")).to_have_count(0)
    await anna.page.keyboard.press("z")
    await expect(anna.button("Take it")).to_be_visible()

    department = anna.page.get_by_role("combobox", name="Department")
    await department.click()
    await anna.page.get_by_role("option", name="Billing").click()
    await _undo(anna, "Transferred")
    await expect(department).to_have_value("Support")

    await anna.page.get_by_label("Subject").fill("Mail is lost")
    await anna.page.get_by_label("Subject").press("Enter")
    await expect(anna.page.get_by_role("heading", name="Mail is lost")).to_be_visible()
    await _undo(anna, "Changed")
    await expect(anna.page.get_by_role("heading", name="Mail is late")).to_be_visible()

    await anna.button("Close").click()
    await expect(anna.button("Reopen")).to_be_visible()
    await _undo(anna, "Closed")
    await expect(anna.button("Close")).to_be_visible()


async def test_what_is_not_answered_yet_can_be_undone_by_key(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    async with anna.held_up("**/take"):
        await anna.button("Take it").click()
        await expect(anna.button("Take it")).to_have_count(0)  # as the live connection tells
        await anna.page.keyboard.press("z")
    await expect(anna.button("Take it")).to_be_visible()


async def test_an_answer_is_no_draft_once_it_is_sent_though_one_has_left_its_page(
    provider: Provider, visit: NewVisitor
) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.answer.fill("It is on its way.")
    async with anna.held_up("**/replies"):
        await anna.button("Send").click()
        await expect(anna.page.get_by_role("log")).to_contain_text("It is on its way.")
        await anna.page.get_by_role("link", name="Back to the list").click()
    await anna.sees("Sent")
    await anna.open("Mail is late")
    await expect(anna.page.get_by_role("log")).to_contain_text("It is on its way.")
    await expect(anna.answer).to_have_value("")


async def test_what_somebody_has_changed_meanwhile_is_not_undone(provider: Provider, visit: NewVisitor) -> None:
    ticket = (await provider.submit(subject="Mail is late")).json()["id"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.open("Mail is late")
    await anna.page.get_by_label("Subject").fill("Mail is lost")
    await anna.page.get_by_label("Subject").press("Enter")
    await anna.sees("Changed")
    await provider.admin.patch(f"/api/intake/tickets/{ticket}", subject="Mail is found")
    await expect(anna.page.get_by_role("heading", name="Mail is found")).to_be_visible()
    await anna.page.keyboard.press("z")
    await anna.sees("It has been changed meanwhile, so it stays")
    await expect(anna.page.get_by_role("heading", name="Mail is found")).to_be_visible()


async def test_many_are_assigned_closed_and_unblocked_at_once(provider: Provider, visit: NewVisitor) -> None:
    ids = [(await provider.submit(subject=subject)).json()["id"] for subject in ("First of two", "Second of two")]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)

    async def choose_both(action: str) -> None:
        for subject in ("First of two", "Second of two"):
            await anna.row(subject).get_by_role("checkbox").check()
        await anna.page.get_by_role("toolbar", name="Selected tickets").get_by_role("button", name=action).click()

    await choose_both("Assign")
    dialog = anna.page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="Responsible").click()
    await anna.page.get_by_role("option", name="Administrator").click()
    await dialog.get_by_role("button", name="Assign").click()
    await expect(anna.row("First of two")).to_contain_text("Administrator")
    await _undo(anna, "2 tickets assigned")
    await expect(anna.row("Second of two")).not_to_contain_text("Administrator")

    for ticket in ids:
        await provider.admin.made(f"/api/intake/tickets/{ticket}/block")
    await expect(anna.page.get_by_role("img", name=re.compile("has been answering since"))).to_have_count(2)
    await choose_both("Unblock")
    await dialog.get_by_role("button", name="Unblock").click()
    await expect(anna.page.get_by_role("img", name=re.compile("has been answering since"))).to_have_count(0)

    await choose_both("Close")
    await dialog.get_by_role("button", name="Close", exact=True).last.click()
    await anna.sees("Nothing here")
    await _undo(anna, "2 tickets closed")
    await expect(anna.row("First of two")).to_be_visible()


async def _undo(visitor: Visitor, done: str) -> None:
    notice = visitor.page.get_by_role("alert").filter(has_text=done)
    await notice.get_by_role("button", name="Undo").click()


async def _block(provider: Provider, ticket: str) -> dict[str, dict[str, str]]:
    while True:
        block = (await provider.admin.get(f"/api/query/tickets/{ticket}")).json()["block"]
        if block is not None:
            found: dict[str, dict[str, str]] = block
            return found
        await asyncio.sleep(0.05)
