"""Administrators narrow the list, look for what they remember, and keep what they narrowed it to."""

import re

from playwright.async_api import Locator, expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.test_administrators_work import BEN, hire_ben
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider


def side(visitor: Visitor, name: str) -> Locator:
    """A view in the side bar; its count is part of its name."""
    return visitor.page.get_by_role("navigation", name="Views").get_by_role("link", name=re.compile(f"^{name}"))


async def save(visitor: Visitor, name: str, seen_by: str = "Only I") -> None:
    await visitor.button("Save as…").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_role("combobox", name="Who sees it").click()
    await visitor.page.get_by_role("option", name=seen_by).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)


async def test_a_view_is_saved_counted_shared_and_deleted(provider: Provider, visit: NewVisitor) -> None:
    await hire_ben(provider)
    await provider.submit(subject="Mail is late")
    anna, ben = await visit(), await visit()
    await anna.sign_in(**ADMINISTRATOR, path='/tickets?urgency=["high"]&sort=remaining')
    await ben.sign_in(**BEN)

    await save(anna, "All is down", seen_by="Everybody")
    await expect(side(anna, "All is down")).to_have_attribute("aria-current", "page")
    await expect(side(anna, "All is down")).to_contain_text("0")
    await provider.submit(subject="The server burns", urgency="high")
    await expect(side(anna, "All is down")).to_contain_text("1 ticket")
    await expect(side(ben, "All is down")).to_contain_text("1 ticket")

    await side(ben, "All is down").click()
    await expect(ben.row("The server burns")).to_be_visible()
    await expect(ben.row("Mail is late")).to_have_count(0)
    await expect(ben.page.get_by_role("columnheader", name="Remaining")).to_have_attribute("aria-sort", "ascending")

    await anna.button("Manage views").click()
    await anna.button("Rename or share All is down").click()
    await anna.page.get_by_label("Name").fill("Emergencies")
    await anna.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(side(ben, "Emergencies")).to_be_visible()
    await anna.button("Delete Emergencies").click()
    await anna.button("Once more, and Emergencies is deleted").click()
    await expect(side(ben, "Emergencies")).to_have_count(0)


async def test_the_lists_that_everybody_has_are_counted_as_tickets_come_and_are_taken(
    provider: Provider, visit: NewVisitor
) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await expect(side(anna, "Nobody's yet")).to_contain_text("1 ticket")
    await expect(side(anna, "Being answered")).to_contain_text("0 tickets")
    await provider.submit(subject="The server burns")
    await expect(side(anna, "Active tickets")).to_contain_text("2 tickets")
    await expect(side(anna, "Unread")).to_contain_text("2 tickets")
    await anna.open("Mail is late")
    await anna.button("Take it").first.click()
    await expect(side(anna, "Mine")).to_contain_text("1 ticket")
    await expect(side(anna, "Nobody's yet")).to_contain_text("1 ticket")
    await expect(side(anna, "Unread")).to_contain_text("1 ticket")


async def test_a_view_that_was_narrowed_is_saved_again_only_when_one_says_so(
    provider: Provider, visit: NewVisitor
) -> None:
    await provider.submit(subject="Mail is late")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path="/tickets?waiting=true")
    await save(anna, "Waiting")
    await expect(anna.button("Save changes")).to_have_count(0)
    await anna.button("Filter").click()
    await anna.page.get_by_role("radiogroup", name="Unread").get_by_text("No", exact=True).click()
    await anna.page.keyboard.press("Escape")
    await anna.sees("Nothing here")
    await side(anna, "Waiting").click()
    await expect(anna.row("Mail is late")).to_be_visible()

    await anna.page.go_back()
    await anna.button("Save changes").click()
    await anna.sees("“Waiting” is saved")
    await expect(side(anna, "Waiting")).to_contain_text("0")


async def test_what_is_looked_for_is_found_in_messages_and_appears_by_itself(
    provider: Provider, visit: NewVisitor
) -> None:
    await provider.submit(subject="Printer", text="It smells of burnt rubber.")
    await provider.submit(subject="Telephone", text="It does not ring.")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await expect(anna.row("Telephone")).to_be_visible()
    await anna.page.keyboard.press("s")
    await anna.page.keyboard.type("rubber")
    await anna.page.keyboard.press("Enter")
    await expect(anna.row("Printer")).to_be_visible()
    await expect(anna.row("Telephone")).to_have_count(0)

    await provider.submit(subject="Keyboard", text="Its rubber feet are gone.")
    await expect(anna.row("Keyboard")).to_be_visible()
    await provider.submit(subject="Screen", text="It is dark.")
    await anna.button("Remove filter: Text: “rubber”").click()
    await expect(anna.row("Screen")).to_be_visible()


async def test_one_account_chosen_stays_chosen_in_every_list(provider: Provider, visit: NewVisitor) -> None:
    other = await provider.admin.made("/api/accounts/accounts", name="Beta Ltd")
    secret = {"email": "bob@beta.example", "password": "correct horse battery"}
    await provider.admin.made("/api/accounts/users", account_id=other["id"], name="Bob", **secret)
    await provider.submit(subject="Of Acme")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await expect(anna.row("Of Acme")).to_be_visible()
    await anna.page.keyboard.press("j")
    await anna.page.keyboard.press("f")
    await side(anna, "Nobody's yet").click()
    chosen = anna.button("Remove filter: Account: Acme")
    await expect(chosen).to_be_visible()
    await expect(anna.row("Of Acme")).to_be_visible()
    await chosen.click()
    await expect(chosen).to_have_count(0)
    await expect(anna.page).to_have_url(re.compile("responsible_id"))


async def test_sorting_by_what_no_column_shows_and_by_columns(provider: Provider, visit: NewVisitor) -> None:
    for subject in ("Account 10", "account 9", "Ärger"):
        await provider.submit(subject=subject)
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await expect(anna.row("Ärger")).to_be_visible()
    rows = anna.page.get_by_role("row")
    await anna.page.get_by_role("columnheader", name="Subject").get_by_role("button").click()
    await expect(rows).to_contain_text(["", "account 9", "Account 10", "Ärger"])
    await provider.submit(subject="Account 9a")
    await expect(rows).to_contain_text(["", "account 9", "Account 9a", "Account 10", "Ärger"])
    await anna.button("Sorted by: Subject").click()
    await anna.page.get_by_role("menuitem", name="Submitted").click()
    await expect(rows).to_contain_text(["", "Account 9a", "Ärger", "account 9", "Account 10"])


async def test_the_list_is_exported_as_it_is_shown(provider: Provider, visit: NewVisitor) -> None:
    await provider.submit(subject="Mail is late")
    await provider.submit(subject="All is down", urgency="high")
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR, path='/tickets?urgency=["high"]')
    await expect(anna.row("All is down")).to_be_visible()
    await anna.button("Export this list").click()
    async with anna.page.expect_download() as downloading:
        await anna.page.get_by_role("menuitem", name="As a table (CSV)").click()
    file = await downloading.value
    assert re.fullmatch(r"tickets-.+\.csv", file.suggested_filename)
    lines = (await file.path()).read_text().splitlines()
    assert lines[0].startswith("number,subject,account,user,weight")
    assert len(lines) == 2
    assert "All is down" in lines[1]


async def test_the_palette_goes_to_a_number_and_to_a_text(provider: Provider, visit: NewVisitor) -> None:
    number = (await provider.submit(subject="Mail is late")).json()["number"]
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    await anna.page.keyboard.press("Control+k")
    await expect(anna.page.get_by_label("Where to, or what to do?")).to_be_focused()
    await anna.page.keyboard.type(f"#{number}")
    await anna.button(f"Open ticket #{number}").click()
    await expect(anna.page.get_by_role("heading", name="Mail is late")).to_be_visible()
    await anna.page.keyboard.press("Control+k")
    await anna.page.keyboard.type("take it")
    await anna.page.get_by_role("button", name=re.compile("^Take it")).last.click()
    await expect(anna.page.get_by_text("It is yours now")).to_be_visible()
