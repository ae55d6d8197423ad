"""Streams of lists and views over HTTP: what comes in, what goes out, counts, and what becomes of a view that is changed."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import accounts, intake
from libs.service.rights import Role
from tests.integration.query.query_world import World
from tests.integration.query.test_live_updates import Said, Stream, watching
from tests.integration.query.test_named_views import EVERYBODY, made, patch


async def told(stream: Stream, event: str) -> Said:
    """The next event of a kind."""
    while (said := await stream.next()).event != event:
        pass
    return said


async def test_a_list_is_told_what_comes_in_what_changes_and_what_goes_out(world: World) -> None:
    tell = world.players["intake"].tell
    async with watching(world, asked={"responsible_id": "me"}) as stream:
        await told(stream, "ready")
        other, ticket = await world.open_ticket(), await world.open_ticket()
        await tell(ticket, intake.TicketAssigned(responsible_id=world.ann))
        said = await told(stream, "ticket")
        assert (said.data["id"], said.data["in"], said.data["responsible"]["name"]) == (str(ticket), True, "Ann")
        await tell(ticket, intake.TicketRead(reader_id=world.ann))
        said = await told(stream, "ticket")
        assert (said.data["unread"], "in" in said.data) == (False, False)
        await tell(other, intake.TicketRead(reader_id=world.ann))
        await tell(ticket, intake.TicketAssigned(responsible_id=None))
        assert (await told(stream, "ticket")).data == {"id": str(ticket), "out": True}
        await tell(ticket, intake.TicketAssigned(responsible_id=world.ann))
        assert (await told(stream, "ticket")).data["in"]
        await tell(ticket, intake.TicketDeleted(number=1002))
        assert (await told(stream, "ticket")).data == {"id": str(ticket), "gone": True}


async def test_a_ticket_out_of_sight_is_gone_and_one_out_of_the_list_is_out(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent = await world.employ(own)
    tickets = [await world.open_ticket() for _ in range(2)]
    for ticket in tickets:
        await world.place(ticket, own)
    await world.caught_up()
    async with watching(world, world.staff_as(agent), asked={"department_id": "mine"}) as stream:
        await told(stream, "ready")
        await world.players["intake"].tell(tickets[0], intake.TicketClosed())
        assert (await told(stream, "ticket")).data == {"id": str(tickets[0]), "out": True}
        await world.place(tickets[1], other)
        assert (await told(stream, "ticket")).data == {"id": str(tickets[1]), "gone": True}


async def test_who_comes_back_to_a_list_is_told_what_came_in_and_went_out(world: World) -> None:
    tell = world.players["intake"].tell
    tickets = [await world.open_ticket() for _ in range(4)]
    await world.caught_up()
    asked = {"waiting": "true"}
    async with watching(world, asked=asked) as stream:
        ready = await told(stream, "ready")
    await tell(tickets[0], intake.TicketClosed())
    new = await world.open_ticket()
    await tell(tickets[1], intake.TicketRead(reader_id=world.ann))
    idle = await world.open_ticket(waiting_since=None)
    await world.caught_up()
    async with watching(world, last=ready.id, asked=asked) as stream:
        first, second, third = [await stream.next() for _ in range(3)]
        assert first.data == {"id": str(tickets[0]), "out": True}
        assert (second.data["id"], second.data["in"]) == (str(new), True)
        assert (third.data["id"], third.data.get("in")) == (str(tickets[1]), None)
        await tell(idle, intake.TicketRead(reader_id=world.ann))
        await tell(new, intake.TicketClosed())
        while (said := await stream.next()).data["id"] == str(tickets[1]):
            pass  # it may be told again
        assert said.data == {"id": str(new), "out": True}
    async with watching(world, last=ready.id, asked={"waiting": "false"}) as stream:
        assert (await stream.next()).event == "reset", "that was another list"


async def test_a_shared_view_is_each_readers_own_and_is_watched_as_it_is_changed(world: World) -> None:
    agent = await world.employ()
    view = (await made(world, world.staff(), filters={"responsible_id": ["me"]}, sharing=EVERYBODY))["id"]
    ticket = await world.open_ticket()
    async with (
        watching(world, asked={"view": view}) as ann,
        watching(world, world.staff_as(agent), asked={"view": view}) as theirs,
    ):
        await told(ann, "ready")
        last = await told(theirs, "ready")
        await world.players["intake"].tell(ticket, intake.TicketAssigned(responsible_id=agent))
        assert (await told(theirs, "ticket")).data["in"]
        await patch(world, view, world.staff(), name="Only its name")
        await patch(world, view, world.staff(), filters={"unread": True})
        for stream in (ann, theirs):
            assert (await stream.next()).event == "reset"
        second = await world.open_ticket()
        assert (await told(ann, "ticket")).data["id"] == str(second)
        await world.http.delete(f"/api/query/views/{view}", headers=world.staff())
        for stream in (ann, theirs):
            with pytest.raises(EOFError):
                await told(stream, "reset")
    answer = await world.get("live", world.staff_as(agent), view=view)
    assert answer.status_code == 404
    async with watching(world, world.staff_as(agent), last=last.id, asked={"unread": "true"}) as stream:
        assert (await stream.next()).event == "reset"


async def test_counts_come_whole_at_first_and_then_as_they_change(world: World) -> None:
    await world.open_ticket()
    await world.caught_up()
    everything = (await made(world, world.staff(), name="All"))["id"]
    mine = (await made(world, world.staff(), name="Mine", filters={"responsible_id": ["me"]}))["id"]
    async with watching(world, asked={"counts": "true"}) as stream:
        assert (await told(stream, "counts")).data == {everything: 1, mine: 0}
        ticket = await world.open_ticket()
        assert (await told(stream, "counts")).data == {everything: 2}
        await world.players["intake"].tell(ticket, intake.TicketAssigned(responsible_id=world.ann))
        assert (await told(stream, "counts")).data == {mine: 1}
        closed = (await made(world, world.staff(), filters={"state": "closed"}))["id"]
        assert (await told(stream, "views")).data == {}
        await world.players["intake"].tell(ticket, intake.TicketClosed())
        found: dict[str, Any] = {}
        while found != {everything: 1, mine: 0, closed: 1}:
            found |= (await told(stream, "counts")).data


async def test_counts_of_the_lists_that_everybody_has_change_with_the_tickets(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    async with watching(world, asked={"counts": "true", "usual": "true"}) as stream:
        whole = {"active": 1, "mine": 0, "nobodys": 1, "unread": 1, "overdue": 0, "blocked": 0}
        counts: dict[str, Any] = {}
        while counts != whole:  # on a busy machine they may be counted one after the other
            counts |= (await told(stream, "counts")).data
        await world.players["intake"].tell(ticket, intake.TicketAssigned(responsible_id=world.ann))
        assert (await told(stream, "counts")).data == {"mine": 1, "nobodys": 0}


async def test_counts_are_narrowed_by_the_chosen_account(world: World) -> None:
    other = uuid4()
    await world.open_ticket(account_id=other)
    await world.open_ticket()
    await world.caught_up()
    view = (await made(world, world.staff()))["id"]
    async with watching(world, asked={"counts": "true", "account_id": str(other), "urgency": "high"}) as stream:
        assert (await told(stream, "counts")).data == {view: 1}


async def test_an_accounts_attitude_brings_its_tickets_in_and_out(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    tell = world.players["accounts"].tell
    async with watching(world, asked={"attitude": "bad"}) as stream:
        await told(stream, "ready")
        await tell(world.account, accounts.AccountChanged(name="Acme", attitude=accounts.Attitude.BAD))
        said = await told(stream, "ticket")
        assert (said.data["id"], said.data["in"], said.data["account"]["attitude"]) == (str(ticket), True, "bad")
        await tell(world.account, accounts.AccountChanged(name="Acme", attitude=accounts.Attitude.GOOD))
        assert (await told(stream, "ticket")).data == {"id": str(ticket), "out": True}


async def test_new_departments_make_another_list_of_mine(world: World) -> None:
    """Also of an owner's, who sees the same tickets as before."""
    department = uuid4()
    owner = await world.employ(role=Role.OWNER)
    ticket = await world.open_ticket()
    await world.place(ticket, department)
    await world.caught_up()
    async with watching(world, world.staff_as(owner), asked={"department_id": "mine"}) as stream:
        await told(stream, "ready")
        await world.manned(department, owner)
        await told(stream, "reset")
        found = await world.found("tickets", world.staff_as(owner), department_id="mine")
        assert [UUID(one["id"]) for one in found["items"]] == [ticket]


async def test_clients_choose_no_list(world: World) -> None:
    assert (await world.get("live", world.client(), waiting="true")).status_code == 403
    assert (await world.get("live", world.client(), view=str(uuid4()))).status_code == 403
    assert (await world.get("live", luck="true")).status_code == 422
