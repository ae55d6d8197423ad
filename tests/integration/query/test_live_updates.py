"""Viewers are told what changes, may come back to where they were, and are told when they cannot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from libs.events.catalogue import accounts, intake
from libs.events.rebuild import request_rebuild
from tests.integration.query.query_world import World, replica


@dataclass
class Said:
    """A server-sent event."""

    id: str
    event: str
    data: Any


class Stream:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> Said:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line and fields:
                return Said(fields["id"], fields["event"], orjson.loads(fields["data"]))
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise EOFError

    async def until(self, ticket: UUID, *, gone: bool = False) -> Said:
        """The next word on a ticket."""
        while True:
            said = await self.next()
            if said.data.get("id") == str(ticket) and said.data.get("gone", False) is gone:
                return said


@asynccontextmanager
async def watching(
    world: World,
    headers: dict[str, str] | None = None,
    last: str | None = None,
    http: httpx.AsyncClient | None = None,
    asked: dict[str, str] | None = None,
) -> AsyncIterator[Stream]:
    headers = {**(headers or world.staff()), **({"Last-Event-ID": last} if last else {})}
    async with (http or world.http).stream("GET", "/api/query/live", headers=headers, params=asked) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer.aiter_lines())


async def test_viewers_are_told_the_row_that_the_list_shows(world: World) -> None:
    async with watching(world) as stream:
        assert (await stream.next()).event == "ready"
        ticket = await world.open_ticket()
        said = await stream.until(ticket)
        (row,) = (await world.found("tickets"))["items"]
        assert {**row, "delay_seconds": None} == {**said.data, "delay_seconds": None}

        await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001))
        assert (await stream.until(ticket, gone=True)).data == {"id": str(ticket), "gone": True}


async def test_who_comes_back_is_told_what_was_missed(world: World) -> None:
    one = await world.open_ticket()
    await world.caught_up()
    async with watching(world) as stream:
        ready = await stream.next()
    other = await world.open_ticket()
    await world.players["intake"].tell(one, intake.TicketClosed())
    await world.caught_up()
    async with watching(world, last=ready.id) as stream:
        first, second = await stream.next(), await stream.next()
        assert (first.data["id"], second.data["id"]) == (str(other), str(one))
        assert second.data["state"] == "closed"
        third = await world.open_ticket()
        assert (await stream.next()).data["id"] == str(third)


async def test_a_rebuild_resets_viewers_and_those_who_come_back(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    async with watching(world) as stream:
        ready = await stream.next()
        generation = await request_rebuild(world.pool, "test")
        said = await stream.next()
        assert said.event == "reset"
        assert said.id.startswith(f"{generation}:")
        await world.players["intake"].tell(ticket, intake.TicketClosed())
        assert (await stream.until(ticket)).data["state"] == "closed"
    async with watching(world, last=ready.id) as stream:
        assert (await stream.next()).event == "reset"


async def test_who_was_away_too_long_is_reset(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    async with watching(world) as stream:
        ready = await stream.next()
    for _ in range(3):
        await world.players["intake"].tell(ticket, intake.TicketRead(reader_id=world.ann))
        await world.caught_up()
    await world.pool.execute("delete from changes where seq < (select max(seq) from changes)")
    async with watching(world, last=ready.id) as stream:
        assert (await stream.next()).event == "reset"
    async with watching(world, last="what is this") as stream:
        assert (await stream.next()).event == "reset"


async def test_a_client_is_told_of_the_own_account_only(world: World) -> None:
    async with watching(world, world.client()) as stream:
        await stream.next()
        foreign = await world.open_ticket(account_id=uuid4())
        own = await world.open_ticket()
        said = await stream.next()
        assert said.data["id"] == str(own) != str(foreign)
        assert "weight" not in said.data
        await world.players["intake"].tell(foreign, intake.TicketDeleted(number=1001))
        await world.players["intake"].tell(own, intake.TicketDeleted(number=1002))
        assert (await stream.next()).data == {"id": str(own), "gone": True}


async def test_a_new_name_asks_viewers_to_look_again(world: World) -> None:
    async with watching(world) as stream:
        await stream.next()
        await world.players["accounts"].tell(world.account, accounts.AccountChanged(name="Acme & Sons"))
        assert (await stream.next()).event == "refresh"


async def test_a_replica_whose_consumer_stands_by_tells_its_viewers(world: World) -> None:
    async with replica(world, live_poll_seconds=0.02) as http, watching(world, http=http) as stream:
        await stream.next()
        ticket = await world.open_ticket()
        await stream.until(ticket)


async def test_an_agent_is_told_of_what_they_may_see_and_when_it_leaves_their_sight(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent = await world.employ(own)
    elsewhere = await world.open_ticket()
    await world.place(elsewhere, other)
    await world.caught_up()
    async with watching(world, world.staff_as(agent)) as stream:
        await stream.next()
        await world.players["intake"].tell(elsewhere, intake.TicketRead(reader_id=world.ann))
        ticket = await world.open_ticket()
        assert (await stream.next()).data["id"] == str(ticket)
        await world.place(ticket, own)
        assert (await stream.next()).data["department"]["id"] == str(own)
        await world.place(ticket, other)
        assert (await stream.next()).data == {"id": str(ticket), "gone": True}
        await world.players["intake"].tell(ticket, intake.TicketRead(reader_id=world.ann))
        await world.players["intake"].tell(elsewhere, intake.TicketAssigned(responsible_id=agent))
        assert (await stream.next()).data["id"] == str(elsewhere)
        await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1002))
        await world.players["intake"].tell(elsewhere, intake.TicketDeleted(number=1001))
        assert (await stream.next()).data == {"id": str(elsewhere), "gone": True}


async def test_who_comes_back_learns_what_left_their_sight_meanwhile(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent = await world.employ(own)
    leaving, staying, passing = [await world.open_ticket() for _ in range(3)]
    for ticket in (leaving, staying):
        await world.place(ticket, own)
    await world.place(passing, other)
    await world.caught_up()
    async with watching(world, world.staff_as(agent)) as stream:
        ready = await stream.next()
    await world.place(leaving, other)
    await world.players["intake"].tell(leaving, intake.TicketRead(reader_id=world.ann))
    await world.players["intake"].tell(staying, intake.TicketRead(reader_id=world.ann))
    await world.players["intake"].tell(passing, intake.TicketRead(reader_id=world.ann))
    await world.caught_up()
    async with watching(world, world.staff_as(agent), last=ready.id) as stream:
        first, second = await stream.next(), await stream.next()
        assert first.data == {"id": str(leaving), "gone": True}
        assert (second.data["id"], second.data["unread"]) == (str(staying), False)


async def test_new_rights_or_departments_reset_ones_own_view_and_nobody_elses(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent, colleague = await world.employ(own), await world.employ(uuid4())
    ticket = await world.open_ticket()
    await world.place(ticket, other)
    await world.caught_up()
    async with watching(world, world.staff_as(agent)) as stream, watching(world, world.staff_as(colleague)) as theirs:
        await stream.next()
        await theirs.next()
        await world.manned(other, agent)
        said = await stream.next()
        assert said.event == "reset"
        (row,) = (await world.found("tickets", world.staff_as(agent)))["items"]
        assert row["id"] == str(ticket)
        assert (await stream.next()).event == "refresh"
        assert (await theirs.next()).event == "refresh"
        await world.players["intake"].tell(ticket, intake.TicketRead(reader_id=world.ann))
        assert (await stream.next()).data["id"] == str(ticket)
    async with watching(world, world.staff_as(agent), last=said.id) as stream:
        assert (await stream.next()).event == "reset", "what was seen before may not be seen any more"


async def test_who_is_no_administrator_any_more_is_told_nothing_more(world: World) -> None:
    agent = await world.employ()
    async with watching(world, world.staff_as(agent)) as stream:
        await stream.next()
        changed = accounts.AdministratorChanged(name="Agent", email="a@x.example", enabled=False)
        await world.players["accounts"].tell(agent, changed)
        with pytest.raises(EOFError):
            await stream.next()


async def test_a_client_is_not_told_when_the_staff_does_something_that_is_none_of_theirs(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    tell = world.players["intake"].tell
    async with watching(world, world.client()) as stream:
        await stream.next()
        await tell(ticket, intake.TicketRead(reader_id=world.ann))
        await tell(ticket, intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="psst"))
        await tell(ticket, intake.TicketAssigned(responsible_id=world.ann))
        await world.place(ticket, uuid4())
        await world.caught_up()
        await tell(ticket, intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Fixed"))
        said = await stream.next()
        assert (said.data["id"], said.data["unread_answers"]) == (str(ticket), 1)
