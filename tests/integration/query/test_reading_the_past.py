"""What may be asked of the past, by whom, and what the answer says of itself."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import accounts, intake
from libs.service.rights import Role
from services.query.api.models import Details, HistoryPage, TicketPage, Weight
from services.query.domain.past import TABLES
from tests.integration.query.query_world import PATIENCE_SECONDS, World

PAST = ("", "/history", "/weight")
HOUR = timedelta(hours=1)


async def instant(world: World) -> datetime:
    """Between what has happened and what happens next."""
    return await world.players["intake"].log.now()


async def renamed(world: World) -> None:
    changed = accounts.AccountChanged(name="Acme & Sons", attitude=accounts.Attitude.BAD)
    await world.players["accounts"].tell(world.account, changed)


async def test_a_ticket_and_its_list_are_shown_as_they_were(world: World) -> None:
    ticket = await world.open_ticket(subject="Mail", urgency="high")
    then = await instant(world)
    tell, staff = world.players["intake"].tell, world.cause(f"user:{world.ann}")
    answer = intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Fixed")
    await tell(ticket, answer, cause=staff)
    rated = [intake.AnswerRated(message_id=answer.message_id, user_id=world.user, rating=stars) for stars in (2, 5)]
    await tell(ticket, rated[0])
    between = await instant(world)
    await tell(ticket, rated[1])
    await tell(ticket, intake.TicketClosed(), cause=staff)
    await renamed(world)
    await world.caught_up()
    assert (await world.found("tickets"))["items"] == []

    page = await world.found("tickets", as_of=then.isoformat())
    (row,) = page["items"]
    assert datetime.fromisoformat(page["as_of"]) == then
    assert (row["state"], row["unread"], row["delay_seconds"] >= 0) == ("active", True, True)
    assert (row["account"]["name"], row["account"]["attitude"]) == ("Acme", "good")
    asked = await world.get(f"tickets/{ticket}", as_of=then.isoformat())
    details = asked.json()
    assert "ETag" not in asked.headers
    assert {name: details[name] for name in row} == row
    assert [message["text"] for message in details["messages"]] == ["It is broken"]
    history = await world.found(f"tickets/{ticket}/history", as_of=then.isoformat())
    assert [entry["type"] for entry in history["items"]] == ["ticket.opened.v1"]
    assert history["names"][str(world.account)] == "Acme"
    weight = await world.found(f"tickets/{ticket}/weight", as_of=then.isoformat())
    assert (weight["weight"], weight["as_of"]) == (0, page["as_of"])

    for at, stars in ((between, 2), (await instant(world), 5)):
        messages = (await world.found(f"tickets/{ticket}", as_of=at.isoformat()))["messages"]
        assert messages[1]["rating"]["rating"] == stars
    for model, document in ((TicketPage, page), (Details, details), (HistoryPage, history), (Weight, weight)):
        model.model_validate(document)


async def test_pages_of_the_past_go_on_at_its_instant(world: World) -> None:
    opened = [str(await world.open_ticket()) for _ in range(3)]
    then = (await instant(world)).isoformat()
    await world.open_ticket()
    await world.caught_up()
    found, cursor = [], None
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = await world.found("tickets", sort="id", order="asc", limit=2, as_of=then, **more)
        found += [row["id"] for row in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
        last = cursor
    assert found == opened
    later = (await instant(world)).isoformat()
    answer = await world.get("tickets", sort="id", order="asc", as_of=later, cursor=last)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/cursor")


async def test_a_text_is_looked_for_in_the_messages_there_were_and_in_present_subjects_and_names(world: World) -> None:
    ticket = await world.open_ticket(subject="Wrong invoice", text="The printer smokes")
    then, tell = (await instant(world)).isoformat(), world.players["intake"].tell
    await tell(ticket, intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="An escalation awaits"))
    facts: dict[str, Any] = {"category_id": uuid4(), "urgency": intake.Urgency.LOW, "tags": [], "project_id": None}
    edited = intake.TicketEdited(changed=[intake.Property.SUBJECT], subject="Mailbox moved", **facts)
    await tell(ticket, edited)
    later = (await instant(world)).isoformat()
    await tell(ticket, intake.TicketClosed())
    await renamed(world)
    await world.caught_up()
    for text, is_found in {
        "printers": (True, True),
        "escalation": (False, True),
        "box mo": (True, True),
        "invoice": (False, False),
        "me & Sons": (True, True),
        "1001": (True, True),
        "1002": (False, False),
    }.items():
        found = [bool((await world.found("tickets", as_of=at, text=text))["items"]) for at in (then, later)]
        assert found == [*is_found], text


async def test_what_is_to_come_is_refused_and_what_was_not_yet_is_not_there(world: World) -> None:
    before = await instant(world)
    ticket = await world.open_ticket()
    await world.caught_up()
    for path in ("tickets", *(f"tickets/{ticket}{part}" for part in PAST)):
        future = await world.get(path, as_of=(await instant(world) + HOUR).isoformat())
        assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "query/as_of")
        assert (await world.get(path, as_of="yesterday")).status_code == 422
        assert (await world.get(path, as_of="2026-01-05T09:00:00")).status_code == 422, "without an offset"
    for part in PAST:
        assert (await world.get(f"tickets/{ticket}{part}", as_of=before.isoformat())).status_code == 404
    assert (await world.found("tickets", as_of=before.isoformat()))["items"] == []


@pytest.mark.parametrize("part", PAST)
async def test_the_past_of_a_deleted_ticket_is_gone_with_it(world: World, part: str) -> None:
    instants = [await instant(world)]
    ticket = await world.open_ticket()
    instants.append(await instant(world))
    await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001), cause=world.cause("user:x"))
    instants.append(await instant(world))
    await world.caught_up()
    for then in instants:
        answer = await world.get(f"tickets/{ticket}{part}", as_of=then.isoformat())
        assert (answer.status_code, answer.json()["number"]) == (410, 1001), "a tombstone at every instant"
        assert (await world.found("tickets", as_of=then.isoformat(), state="all"))["items"] == []
    for table in (*(kept.table for kept in TABLES), "periods", "waits"):
        assert not await world.pool.fetchval(f"select exists (select from {table} where ticket_id = $1)", ticket)  # noqa: S608


async def test_a_name_that_was_erased_is_gone_from_the_past(world: World) -> None:
    ticket = await world.open_ticket()
    then, tell = (await instant(world)).isoformat(), world.players["accounts"].tell
    await renamed(world)
    await tell(world.user, accounts.UserChanged(account_id=world.account, name="Jane Roe", email="j@x.example"))
    later = (await instant(world)).isoformat()
    await tell(world.account, accounts.AccountDeleted())
    await tell(world.user, accounts.UserDeleted())
    await world.caught_up()
    for at in (then, later):
        details = await world.found(f"tickets/{ticket}", as_of=at)
        assert (details["account"]["name"], details["user"]["name"]) == (None, None)
        assert details["messages"][0]["author"]["name"] is None
        history = await world.found(f"tickets/{ticket}/history", as_of=at)
        assert not {str(world.account), str(world.user)} & set(history["names"])
    for table in ("names", "name_versions", "accounts", "account_versions"):
        erased = [world.account, world.user]
        assert not await world.pool.fetchval(f"select exists (select from {table} where id = any($1))", erased)  # noqa: S608


async def test_a_restricted_administrator_sees_of_the_past_what_they_may_see_now_and_might_then(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent = await world.employ(own, role=Role.AGENT)
    came, went, stayed = [await world.open_ticket() for _ in range(3)]
    for ticket, department in ((came, other), (went, own), (stayed, own)):
        await world.place(ticket, department)
    then = (await instant(world)).isoformat()
    await world.place(came, own)
    await world.place(went, other)
    await world.caught_up()
    me = world.staff_as(agent)
    assert await _listed(world, me, state="all") == {came, stayed}
    assert await _listed(world, me, as_of=then, state="all") == {stayed}
    assert await _listed(world, me, as_of=then) == {stayed}
    assert await _listed(world, world.staff(), as_of=then) == {came, went, stayed}
    for ticket in (came, went):
        for part in PAST:
            assert (await world.get(f"tickets/{ticket}{part}", me, as_of=then)).status_code == 404
    await world.players["intake"].tell(went, intake.TicketAssigned(responsible_id=agent))
    await world.caught_up()
    assert await _listed(world, me, as_of=then) == {went, stayed}
    assert (await world.get(f"tickets/{went}", me, as_of=then)).status_code == 200


async def _listed(world: World, headers: dict[str, str], **asked: Any) -> set[UUID]:
    return {UUID(row["id"]) for row in (await world.found("tickets", headers, **asked))["items"]}


@pytest.mark.parametrize("part", PAST)
async def test_the_past_is_for_the_staff(world: World, part: str) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    answer = await world.get(f"tickets/{ticket}{part}", world.client(), as_of=(await instant(world)).isoformat())
    assert answer.status_code == 403


async def test_an_answer_is_final_once_all_logs_are_known_to_be_complete(world: World) -> None:
    ticket = await world.open_ticket()
    then = (await instant(world)).isoformat()
    await world.caught_up()
    await world.pool.execute("update completeness set instant = 'infinity' where source <> 'sla'")
    await world.pool.execute("delete from completeness where source = 'sla'")
    assert (await world.found("tickets", as_of=then))["final"] is False
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (page := await world.found("tickets", as_of=then))["final"]:  # noqa: ASYNC110 - markers come each second
            await asyncio.sleep(0.1)
    assert [row["id"] for row in page["items"]] == [str(ticket)]
    assert "final" not in await world.found("tickets")
    await world.pool.execute("insert into parked (source, position, entity, type) values ('sla', 1, 'x', 'y')")
    assert (await world.found(f"tickets/{ticket}", as_of=then))["final"] is False
