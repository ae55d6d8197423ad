"""What people choose of mail, and how the provider words it."""

from typing import Any
from uuid import uuid4

import pytest

from libs.events.catalogue import accounts, intake
from tests.infrastructure.cast import until
from tests.infrastructure.mailbox import text_of
from tests.integration.notify.conftest import World

NIGHT = {"since": "22:00", "until": "07:00"}


async def choose(world: World, who: Any, **chosen: Any) -> None:
    await world.done("PUT", "me/preferences", chosen, who)


async def test_who_wants_no_mail_of_a_kind_gets_none(world: World) -> None:
    await choose(world, world.jane, events={"received": "off"})
    ticket = await world.opened()
    await world.answered(ticket)
    await world.mailbox.until(1)
    assert [row["kind"] for row in await world.outbox()] == ["answered"]


async def test_what_falls_into_the_quiet_hours_comes_at_their_end(world: World) -> None:
    await choose(world, world.jane, quiet_hours={"since": "08:00", "until": "12:00"}, time_zone="UTC")
    await world.opened()  # at nine
    await world.caught_up()
    world.notify.wakes.mail.set()
    (row,) = await world.outbox()
    assert (row["state"], row["attempts"], row["next_at"].hour) == ("pending", 0, 12)
    world.clock.advance(3 * 3600)
    await world.mailbox.until(1)


async def test_quiet_hours_that_were_chosen_later_hold_for_what_waits(world: World) -> None:
    world.mailbox.to_addresses = ["451 later"]
    await world.opened()
    await world.until_tried("received", 1)
    await choose(world, world.jane, quiet_hours={"since": "08:00", "until": "12:00"})
    world.clock.advance(60)

    async def is_held() -> bool:
        return bool((await world.outbox())[0]["next_at"].hour == 12)

    await until(is_held)
    assert not world.mailbox.came


async def test_a_digest_is_one_mail_at_its_time_of_day(world: World) -> None:
    await choose(world, world.sam, events={"new_ticket": "digest"}, digest_at="18:00", time_zone="UTC")
    await choose(world, world.kim, events={"new_ticket": "off"})
    for number in range(3):
        ticket = await world.opened(text=f"Number {number}")
        await world.routed(ticket)
    await world.mailbox.until(3)  # Jane's receipts
    await world.caught_up()
    world.clock.advance(9 * 3600)
    await world.mailbox.until(4)
    digest = world.mailbox.came[-1]
    assert digest["Subject"] == "3 notifications"
    assert text_of(digest).count("New: Help") == 3
    await world.until_state("new_ticket", "sent")
    assert len(world.mailbox.came) == 4


async def test_a_digest_that_is_not_taken_goes_again_as_the_same_mail(world: World) -> None:
    await choose(world, world.sam, events={"assigned": "digest"}, digest_at="18:00", time_zone="UTC")
    ticket = await world.opened()
    for _ in range(2):
        responsible = intake.TicketAssigned(responsible_id=world.sam)
        await world.tell("intake", ticket, responsible, cause=world.by(world.kim))
    await world.mailbox.until(1)
    world.mailbox.to_texts = ["drop"]
    await world.caught_up()
    world.clock.advance(9 * 3600)
    await world.until_tried("assigned", 1)
    world.clock.advance(60)
    await world.until_state("assigned", "sent")
    first, second = world.mailbox.came[1:]
    assert first["Message-ID"] == second["Message-ID"]
    assert text_of(first) == text_of(second)


async def test_one_click_unsubscribes_and_a_look_does_not(world: World) -> None:
    ticket = await world.opened()
    await world.mailbox.until(1)
    mail = world.mailbox.came[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = mail["List-Unsubscribe"].strip("<>").removeprefix("https://panel.provider.example")
    page = await world.http.get(path)
    assert (page.status_code, "received" in page.text) == (200, True)
    assert (await world.get("me/preferences", world.jane)).json()["preferences"]["events"] == {}
    assert (await world.http.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 204
    assert (await world.get("me/preferences", world.jane)).json()["preferences"]["events"] == {"received": "off"}
    assert (await world.http.post(f"{path}x")).status_code == 404
    await world.answered(ticket)
    await world.mailbox.until(2)


async def test_preferences_are_one_s_own_and_not_replaced_unseen(world: World) -> None:
    answer = await world.get("me/preferences", world.jane)
    assert (answer.headers["ETag"], "breach" in answer.json()["choices"]) == ('"0"', False)
    path = "/api/notify/me/preferences"
    headers = world.headers(world.jane)
    assert (await world.http.put(path, json={}, headers=headers)).status_code == 200
    assert (await world.http.put(path, json={}, headers=headers)).status_code == 428
    assert (await world.http.put(path, json={}, headers={**headers, "If-Match": '"7"'})).status_code == 412
    assert (await world.http.put(path, json={}, headers={**headers, "If-Match": '"1"'})).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"events": {"password_reset": "off"}},
        {"events": {"nothing": "off"}},
        {"events": {"closed": "sometimes"}},
        {"quiet_hours": {"since": "25:00", "until": "07:00"}},
        {"quiet_hours": {"since": "22:00"}},
        {"digest_at": "8"},
        {"languages": "en"},
    ],
)
async def test_preferences_make_sense(world: World, wrong: dict[str, Any]) -> None:
    answer = await world.send("PUT", "me/preferences", wrong, world.jane)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


# --- wordings --------------------------------------------------------------------------------------


async def test_a_project_s_own_wording_is_for_its_tickets_alone(world: World) -> None:
    project = uuid4()
    await world.tell("accounts", project, accounts.ProjectCreated(name="Brand"))
    await world.caught_up()
    own = {"kind": "received", "language": "en", "subject": "{{ ticket.project }}: {{ ticket.subject }}", "body": "Hi"}
    made = await world.done("PUT", "templates", {**own, "project_id": str(project)})
    ids = {"account_id": world.account, "user_id": world.jane, "category_id": uuid4(), "message_id": uuid4()}
    opened = intake.TicketOpened(number=7, subject="S", text="T", project_id=project, **ids)
    await world.tell("intake", uuid4(), opened)
    await world.opened()
    await world.mailbox.until(2)
    assert sorted(mail["Subject"] for mail in world.mailbox.came) == ["Brand: S", "[#1001] Help"]
    again = await world.done("PUT", "templates", {**own, "project_id": str(project), "subject": "S"})
    assert (again["id"], again["version"]) == (made["id"], 2)
    await world.done("DELETE", f"templates/{made['id']}")
    assert (await world.get(f"templates/{made['id']}")).status_code == 404


async def test_a_wording_is_checked_before_it_is_kept(world: World) -> None:
    wording = {"kind": "received", "language": "en", "subject": "S", "body": "Hello\n{{ ''.__class__ }}"}
    answer = await world.send("PUT", "templates", wording)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body"
    assert "line 2" in answer.json()["errors"][0]["detail"]
    assert (await world.send("PUT", "templates", {**wording, "body": "B"}, world.jane)).status_code == 403
    assert (
        await world.send("PUT", "templates", {**wording, "body": "B", "project_id": str(uuid4())})
    ).status_code == 422
    assert all(item["id"] is None for item in (await world.get("templates")).json()["items"])


async def test_a_preview_shows_a_real_ticket_and_sends_nothing(world: World) -> None:
    ticket = await world.opened(text="It is *broken*")
    await world.mailbox.until(1)
    wording = {"kind": "answered", "language": "en", "subject": "{{ ticket.number }}", "body": "> {{ message }}"}
    shown = await world.done("POST", "templates/preview", {**wording, "ticket_id": str(ticket)})
    assert (shown["subject"], shown["text"]) == ("1001", "> It is *broken*")
    assert "<em>broken</em>" in shown["html"]
    assert (await world.send("POST", "templates/preview", {**wording, "ticket_id": str(uuid4())})).status_code == 404
    assert len(world.mailbox.came) == 1
