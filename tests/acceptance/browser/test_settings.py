"""A provider set up through the console's settings; what was saved is what the services say."""

import asyncio
import re
from typing import Any

from playwright.async_api import Locator, expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider

SECRET = "correct horse battery"


async def _signed_in(visit: NewVisitor, path: str, **who: str) -> Visitor:
    anna = await visit()
    return await anna.sign_in(**{**ADMINISTRATOR, **who}, path=path)


async def choose(anna: Visitor, field: str, option: str) -> None:
    await anna.page.get_by_role("combobox", name=field, exact=True).click()
    await anna.page.get_by_role("option", name=option, exact=True).click()


async def saved(anna: Visitor) -> None:
    """Press the button, and wait for what says that it is kept."""
    await anna.button("Save").click()
    await expect(anna.page.get_by_text("Saved", exact=True).first).to_be_visible()


def field(anna: Visitor, label: str) -> Locator:
    return anna.page.get_by_role("textbox", name=label, exact=True)


async def _named(provider: Provider, path: str, name: str) -> dict[str, Any]:
    items = (await provider.admin.get(path)).json()["items"]
    return next(item for item in items if item["name"] == name)


async def test_a_department_with_its_team_its_hours_and_its_answer_time(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/tickets")
    await anna.page.get_by_role("link", name="Settings").click()
    await expect(anna.page.get_by_role("heading", name="Departments")).to_be_visible()
    await anna.page.get_by_role("link", name="New department").click()
    await field(anna, "Name").fill("Network")
    await choose(anna, "Head", "Administrator")
    await choose(anna, "Members", "Administrator")
    await anna.page.keyboard.press("Escape")
    await saved(anna)

    # It goes on with the hours: nine to five, painted to begin at eight on Monday by the keyboard alone.
    await anna.page.get_by_text("By the week", exact=True).click()
    await expect(anna.page.get_by_role("grid", name="Open hours of the week")).to_be_visible()
    await choose(anna, "Time zone", "Europe/Berlin")
    await anna.page.get_by_role("gridcell", name="Mon 09:00: open").focus()
    for _ in range(2):
        await anna.page.keyboard.press("Shift+ArrowLeft")
    await expect(field(anna, "Mon, interval 1: opens")).to_have_value("08:00")

    # Saturday by the pointer, Friday to the minute.
    start = anna.page.get_by_role("gridcell", name="Sat 10:00: closed")
    end = anna.page.get_by_role("gridcell", name="Sat 13:30: closed")
    await start.hover()
    await anna.page.mouse.down()
    await end.hover()
    await anna.page.mouse.up()
    await field(anna, "Fri, interval 1: closes").fill("15:45")
    await field(anna, "Fri, interval 1: closes").blur()

    await choose(anna, "Country", "Germany")
    await choose(anna, "Part of the country", "BE")
    await expect(
        anna.page.get_by_role("list", name="The coming holidays").get_by_role("listitem").first
    ).to_be_visible()
    await anna.button("Add a date").click()
    await anna.page.get_by_label("Date 1", exact=True).fill("2030-12-24")
    await anna.button("2030-12-24: add hours").click()

    await anna.button("Try it").click()
    trial = anna.page.get_by_role("region", name="What would change")
    await expect(trial.get_by_text("Would be breaches")).to_be_visible()
    await saved(anna)
    history = anna.page.get_by_role("region", name="History")
    await history.get_by_role("button", name="Show").click()
    told = history.get_by_role("listitem")
    await expect(told).to_have_count(1)
    for part in ("Administrator changed it", "Europe/Berlin", "Mon 08:00\u201317:00", "DE-BE", "2030-12-24: 09:00"):
        await expect(told.first).to_contain_text(part)

    made = await _named(provider, "/api/routing/departments", "Network")
    assert made["head_id"] == provider.admin_id
    assert made["member_ids"] == [provider.admin_id]
    hours = (await provider.admin.get(f"/api/sla/departments/{made['id']}/working-hours")).json()
    assert hours["public_holidays"] == {"country": "DE", "subdivision": "BE"}
    calendar = hours["calendar"]
    assert calendar["time_zone"] == "Europe/Berlin"
    assert calendar["weekly"]["mon"] == [["08:00", "17:00"]]
    assert calendar["weekly"]["fri"] == [["09:00", "15:45"]]
    assert calendar["weekly"]["sat"] == [["10:00", "14:00"]]
    assert calendar["exceptions"] == {"2030-12-24": [["09:00", "10:00"]]}


async def test_a_departments_answer_time(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, f"/settings/departments/{provider.department_id}?tab=answers")
    await field(anna, "Answer within: hours").fill("2")
    await field(anna, "Answer within: minutes").fill("30")
    await saved(anna)
    target = (await provider.admin.get(f"/api/sla/departments/{provider.department_id}/target")).json()
    assert target["response_seconds"] == 9000


async def test_categories_are_put_in_order_by_buttons_keys_and_dragging(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/categories/new")
    await field(anna, "Name").fill("Domains")
    await choose(anna, "Default department", "Support")
    await saved(anna)
    await provider.admin.made(
        "/api/routing/categories", name="Web", default_department_id=provider.department_id, order=5
    )
    await anna.page.reload()
    rows = anna.page.get_by_role("list", name="Categories").get_by_role("listitem")
    await expect(rows).to_have_count(3)
    names = await rows.locator("a").all_inner_texts()
    last = names[2].split("\n")[0]

    await anna.page.get_by_role("button", name=f"{last}: one up").click()
    await expect(rows.nth(1)).to_contain_text(last)
    await anna.page.get_by_role("button", name=f"Move {last}").focus()
    await anna.page.keyboard.press("Space")
    await expect(anna.page.get_by_text(f"{last} is at place 2 of 3.")).to_have_count(1)
    await anna.page.keyboard.press("ArrowUp")
    await expect(anna.page.get_by_text(f"{last} is at place 1 of 3.")).to_have_count(1)
    await anna.page.keyboard.press("Space")
    await expect(rows.nth(0)).to_contain_text(last)

    await anna.page.get_by_role("button", name=f"Move {last}").hover()
    await anna.page.mouse.down()
    box = await rows.nth(2).bounding_box()
    assert box
    await anna.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=8)
    await anna.page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 4, steps=4)
    await anna.page.mouse.up()
    await expect(rows.nth(2)).to_contain_text(last)
    await anna.page.reload()
    await expect(rows.nth(2)).to_contain_text(last)
    kept = (await provider.admin.get("/api/routing/categories")).json()["items"]
    assert max(kept, key=lambda each: each["order"])["name"] == last


async def test_a_list_that_is_read_in_the_middle_of_a_move_stays_as_it_was_moved(
    provider: Provider, visit: NewVisitor
) -> None:
    for name in ("Domains", "Web"):
        await provider.admin.made("/api/routing/categories", name=name, default_department_id=provider.department_id)
    first = await _named(provider, "/api/routing/categories", "Mail")
    anna = await _signed_in(visit, "/settings/categories")
    rows = anna.page.get_by_role("list", name="Categories").get_by_role("listitem")
    async with anna.held_up(f"**/api/routing/categories/{first['id']}"):  # the others wait for it
        await anna.page.get_by_role("button", name="Web: one up").click()
        while await _named(provider, "/api/routing/categories", "Mail") == first:
            pass
        async with anna.page.expect_response("**/api/routing/categories?*"):
            await anna.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await anna.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        await expect(rows).to_contain_text(["Mail", "Web", "Domains"], timeout=1)
    await expect(rows).to_contain_text(["Mail", "Web", "Domains"])


async def test_a_saved_form_waits_for_nothing_else_and_takes_nobody_back(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/categories/new")
    await field(anna, "Name").fill("Domains")
    await choose(anna, "Default department", "Support")
    async with anna.held_up("**/api/accounts/projects*"):  # a choice of the form's: it is read again
        await saved(anna)
        await expect(anna.page).to_have_url(re.compile("/settings/categories$"))
    await anna.page.get_by_role("link", name="Domains").click()

    await field(anna, "Name").fill("Names")
    category = await _named(provider, "/api/routing/categories", "Domains")
    async with anna.held_up(f"**/api/routing/categories/{category['id']}"):
        await anna.button("Save").click()
        await anna.page.get_by_role("link", name="Departments", exact=True).click()
        await anna.button("Leave").click()
        await expect(anna.page.get_by_role("heading", name="Departments")).to_be_visible()
    await anna.sees("Saved")
    await expect(anna.page).to_have_url(re.compile("/settings/departments$"))
    assert await _named(provider, "/api/routing/categories", "Names")


async def test_a_rule_is_refused_where_it_is_wrong_tried_and_kept(provider: Provider, visit: NewVisitor) -> None:
    other = await provider.admin.made("/api/routing/departments", name="Domains")
    await provider.submit(subject="DNS is down", urgency="high")
    anna = await _signed_in(visit, "/settings/submission-rules/new")
    await field(anna, "Name").fill("Names")
    await anna.button("Add a condition").click()
    await anna.page.get_by_role("menuitem", name="Subject").click()
    await choose(anna, "How it is compared", "matches the pattern")
    await field(anna, "Regular expression").fill("dns(")
    await choose(anna, "Department", "Domains")
    await anna.button("Save").click()
    part = anna.page.get_by_role("group", name="Condition 1")
    await expect(part).to_contain_text(re.compile("missing|paren", re.IGNORECASE))

    await field(anna, "Regular expression").fill("(?i)dns")
    await anna.button("Add a condition").click()
    await anna.page.get_by_role("menuitem", name="Not", exact=True).click()
    await (
        anna.page.get_by_role("group", name="Condition 2")
        .get_by_role("combobox", name="Kind of condition")
        .last.click()
    )
    await anna.page.get_by_role("option", name="Urgency").click()
    urgencies = anna.page.get_by_role("group", name="Condition 2").get_by_role("combobox", name="Urgency")
    await urgencies.click()
    await anna.page.get_by_role("option", name="Low urgency").click()
    await anna.page.keyboard.press("Escape")

    await anna.button("Try it").click()
    trial = anna.page.get_by_role("region", name="What would change")
    await expect(trial.get_by_text("Would go elsewhere, for example")).to_be_visible()
    await expect(trial.get_by_role("link", name="Support → Domains")).to_be_visible()
    await saved(anna)
    await expect(anna.page.get_by_role("heading", name="Submission rules")).to_be_visible()

    rule = await _named(provider, "/api/routing/submission-rules", "Names")
    assert rule["then"]["department_id"] == other["id"]
    assert rule["conditions"]["kind"] == "all"
    subject, negated = rule["conditions"]["of"]
    assert (subject["kind"], subject["matches"]) == ("subject", "(?i)dns")
    assert negated == {"kind": "not", "of": {"kind": "urgency", "values": ["low"]}}


async def test_a_target_and_a_weight_rule(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/targets/new")
    await field(anna, "Name").fill("Urgent ones")
    await choose(anna, "Urgency", "High urgency")
    await anna.page.keyboard.press("Escape")
    await field(anna, "First answer: hours").fill("1")
    await anna.page.get_by_label("Make it weigh more").check()
    await anna.button("Try it").click()
    await expect(anna.page.get_by_text("Would be breaches")).to_be_visible()
    await saved(anna)
    await expect(anna.page.get_by_role("link", name="Urgent ones")).to_be_visible()
    history = anna.page.get_by_role("region", name="History")
    await history.get_by_role("button", name="Show").click()
    await expect(history.get_by_role("listitem").first).to_contain_text("Urgent ones")
    [target] = (await provider.admin.get("/api/sla/targets")).json()["targets"]
    assert (target["urgencies"], target["first_response_seconds"]) == (["high"], 3600)
    assert target["escalation"] == {"on": "breach", "points": 50}

    await anna.page.goto(f"{anna.url}/settings/weight-rules/new")
    await field(anna, "Name").fill("Big ones")
    await choose(anna, "Counted", "For each so many services")
    await field(anna, "Points").fill("3")
    await field(anna, "At most").fill("30")
    await saved(anna)
    rule = await _named(provider, "/api/routing/weight-rules", "Big ones")
    assert (rule["points"], rule["per"], rule["cap"]) == (3, "service", 30)


async def test_an_account_with_a_user_and_an_address_that_is_taken(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/groups/new")
    await field(anna, "Name").fill("Resellers")
    await saved(anna)
    await anna.page.goto(f"{anna.url}/settings/accounts/new")
    await field(anna, "Name").fill("Globex")
    await choose(anna, "Group", "Resellers")
    await choose(anna, "Attitude", "Bad customer")
    await anna.button("Add a service").click()
    await field(anna, "Product type").fill("vps")
    await field(anna, "Price").fill("19.90")
    await anna.sees("Expenses together: 19.9")
    await saved(anna)

    await anna.page.get_by_role("link", name="New user").click()
    await field(anna, "Name").fill("Hank")
    email = anna.page.get_by_role("textbox", name="E-mail")
    await email.fill("jane@acme.example")
    await anna.button("Save").click()
    await expect(anna.page.get_by_text("Somebody else has this address")).to_be_visible()
    await expect(email).to_have_attribute("aria-invalid", "true")
    await email.fill("hank@globex.example")
    await saved(anna)
    await expect(anna.page.get_by_role("link", name="Hank")).to_be_visible()

    account = await _named(provider, "/api/accounts/accounts?name=Globex", "Globex")
    assert (account["attitude"], account["services"]) == ("bad", [{"product_type": "vps", "price": "19.90"}])
    user = await _named(provider, f"/api/accounts/users?account_id={account['id']}", "Hank")
    assert user["email"] == "hank@globex.example"


async def test_an_administrator_is_offered_what_their_rights_allow(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/administrators/new")
    await field(anna, "Name").fill("Mia")
    await anna.page.get_by_role("textbox", name="E-mail").fill("mia@provider.example")
    await anna.page.get_by_role("textbox", name="Password").fill(SECRET)
    await anna.page.get_by_role("radio", name="Manager").check()
    await anna.page.get_by_role("checkbox", name="Unblock what others answer").check()
    await saved(anna)
    mia = await _named(provider, "/api/accounts/administrators", "Mia")
    assert (mia["role"], mia["rights"]) == ("manager", ["unblock"])

    other = await _signed_in(visit, "/settings/administrators/new", email="mia@provider.example", password=SECRET)
    await expect(other.page.get_by_role("radio", name="Agent")).to_be_visible()
    await expect(other.page.get_by_role("radio", name="Owner")).to_have_count(0)
    await expect(other.page.get_by_role("checkbox", name="Manage settings")).to_have_count(0)
    sections = other.page.get_by_role("navigation", name="Settings")
    await expect(sections.get_by_role("link", name="Accounts")).to_be_visible()
    await expect(sections.get_by_role("link", name="Departments")).to_have_count(0)
    await other.page.goto(f"{other.url}/settings/departments")
    await other.sees("You may not do this")


async def test_a_key_is_shown_once_and_can_be_revoked(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/api-keys/new")
    await field(anna, "Name").fill("Billing")
    await anna.page.get_by_role("checkbox", name="people:read").check()
    await anna.button("Make the key").click()
    secret = await anna.page.locator("code").inner_text()
    session = await provider.admin.http.post("/api/accounts/session", json={"api_key": secret})
    assert session.is_success, session.text

    await anna.page.get_by_role("link", name="Done").click()
    await anna.page.get_by_role("link", name="Billing").click()
    await expect(anna.page.get_by_text("people:read")).to_be_visible()
    assert secret not in await anna.page.content()
    await anna.button("Revoke").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(anna.page.get_by_text("Revoked")).to_be_visible()
    session = await provider.admin.http.post("/api/accounts/session", json={"api_key": secret})
    assert session.status_code == 401


async def test_nothing_is_parked_webhooks_and_wordings(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/parked")
    await expect(anna.page.get_by_text("Nothing is parked")).to_have_count(5)

    await anna.page.goto(f"{anna.url}/settings/webhooks/new")
    await field(anna, "Name").fill("Chat")
    await field(anna, "Address").fill("https://chat.example/hook")
    types = anna.page.get_by_role("combobox", name="Types of events")
    await types.fill("ticket.unheard_of.v1")
    await types.press("Enter")
    await types.press("Escape")
    await anna.button("Save").click()
    await anna.sees("Not types of events that are told here")
    await types.press("Backspace")
    await types.fill("ticket.opened.v1")
    await types.press("Enter")
    await types.press("Escape")
    await anna.button("Save").click()
    await expect(anna.page.locator("code")).to_be_visible()
    hook = await _named(provider, "/api/notify/webhooks", "Chat")
    assert (hook["url"], hook["types"]) == ("https://chat.example/hook", ["ticket.opened.v1"])

    await anna.page.goto(f"{anna.url}/settings/templates/closed-en")
    await field(anna, "Subject").fill("Solved: {{ ticket.subjekt }}")
    await anna.button("Save").click()
    await expect(field(anna, "Subject")).to_have_attribute("aria-invalid", "true")
    await field(anna, "Subject").fill("Solved: {{ ticket.subject }}")
    await anna.button("Preview").click()
    await expect(anna.page.get_by_role("region", name="Preview")).to_contain_text("Solved: ")
    await saved(anna)
    wordings = (await provider.admin.get("/api/notify/templates")).json()["items"]
    assert [each["subject"] for each in wordings if each["id"]] == ["Solved: {{ ticket.subject }}"]


async def test_what_is_typed_outlives_what_others_do_and_is_not_left_unasked(
    provider: Provider, visit: NewVisitor
) -> None:
    category = f"/api/routing/categories/{provider.category_id}"
    anna = await visit()
    # Told of the change in time, the form would be saved upon it, and not be refused.
    await anna.page.route("**/api/query/live?*", lambda route: route.abort())
    await anna.sign_in(**ADMINISTRATOR, path=f"/settings/categories/{provider.category_id}")
    await field(anna, "Name").fill("Mail and lists")
    assert (await provider.admin.patch(category, product_types=["mail"])).is_success
    await anna.button("Save").click()
    await anna.sees("Somebody else has changed this meanwhile")
    await expect(anna.page.get_by_text("mail", exact=True)).to_be_visible()
    await expect(field(anna, "Name")).to_have_value("Mail and lists")

    # Neither another page, nor signing out, nor another address takes it away unasked.
    await anna.page.get_by_role("link", name="Webhooks").click()
    question = anna.page.get_by_role("dialog", name="Leave without saving?")
    await question.get_by_role("button", name="Stay here").click()
    await expect(question).to_be_hidden()
    await anna.page.get_by_role("button", name="settings and sign-out").click()
    await anna.page.get_by_role("menuitem", name="Sign out").click()
    await question.get_by_role("button", name="Stay here").click()
    await expect(question).to_be_hidden()
    async with anna.page.expect_event("dialog") as asked:
        leaving = asyncio.ensure_future(anna.page.evaluate("location.reload()"))
    dialog = await asked.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    leaving.cancel()
    await saved(anna)
    kept = (await provider.admin.get(category)).json()
    assert (kept["name"], kept["product_types"]) == ("Mail and lists", ["mail"])

    await anna.page.get_by_role("link", name="Mail and lists").click()
    await field(anna, "Name").fill("Nothing much")
    await anna.page.get_by_role("link", name="Webhooks").click()
    await question.get_by_role("button", name="Leave").click()
    await expect(anna.page.get_by_role("heading", name="Webhooks")).to_be_visible()


async def test_what_was_changed_is_told_and_open_tickets_are_judged_again(
    provider: Provider, visit: NewVisitor
) -> None:
    other = await provider.admin.made("/api/routing/departments", name="Domains")
    submitted = await provider.submit(subject="DNS is down")
    await provider.listed(submitted.headers["Consistency-Token"])
    category = f"/api/routing/categories/{provider.category_id}"
    assert (await provider.admin.patch(category, name="Letters", default_department_id=other["id"])).is_success

    anna = await _signed_in(visit, f"/settings/categories/{provider.category_id}")
    await anna.button("Show").click()
    history = anna.page.get_by_role("list", name="History").get_by_role("listitem")
    await expect(history.first).to_contain_text("Administrator changed it")
    await expect(history.first).to_contain_text("Mail → Letters")
    await expect(history.first).to_contain_text("Support → Domains")
    await expect(history.last).to_contain_text("made it")

    await anna.page.get_by_role("link", name="Submission rules").click()
    await anna.button("Judge them again").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="Judge them again").click()
    await anna.sees("1 of 1 looked at, 1 changed")
    await anna.page.goto(f"{anna.url}/tickets")
    await expect(anna.row("DNS is down")).to_contain_text("Domains")


async def test_an_account_is_handed_out_and_erased_once_its_name_is_typed(
    provider: Provider, visit: NewVisitor
) -> None:
    anna = await _signed_in(visit, f"/settings/accounts/{provider.account_id}?tab=data")
    for name, said in {"Account and users": "jane@acme.example", "Tickets": "The very first"}.items():
        async with anna.page.expect_download() as download:
            await anna.button(name).click()
        assert said in (await (await download.value).path()).read_text()
    await anna.button("Erase the account").click()
    question = anna.page.get_by_role("dialog")
    erase = question.get_by_role("button", name="Erase the account")
    await question.get_by_role("textbox").fill("Acm")
    await expect(erase).to_be_disabled()
    await question.get_by_role("textbox").fill("Acme")
    await erase.click()
    await expect(anna.page.get_by_role("heading", name="Accounts")).to_be_visible()
    gone = await provider.admin.get(f"/api/accounts/accounts/{provider.account_id}")
    assert gone.status_code == 404


async def test_a_signing_key_is_put_in_the_place_of_another(provider: Provider, visit: NewVisitor) -> None:
    anna = await _signed_in(visit, "/settings/signing-keys")
    keys = anna.page.get_by_role("list", name="Signing keys").get_by_role("listitem")
    await expect(keys).to_have_count(1)
    await anna.button("New key").click()
    await anna.page.get_by_role("dialog").get_by_role("button", name="New key").click()
    await expect(keys).to_have_count(2)
    await expect(keys.first).to_contain_text("Signs now")
    assert len((await provider.admin.get("/api/accounts/signing-keys")).json()["items"]) == 2
