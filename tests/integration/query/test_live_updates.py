"""Viewers are told what changes, may come back to where they were, and are told when they cannot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson

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
    world: World, headers: dict[str, str] | None = None, last: str | None = None, http: httpx.AsyncClient | None = None
) -> AsyncIterator[Stream]:
    seen = {"Last-Event-ID": last} if last else {}
    async with (http or world.http).stream(
        "GET", "/api/query/live", headers={**(headers or world.staff()), **seen}
    ) as answer:
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
