"""A list as a file: the pages of the list, whole or cut off, and harmless in a spreadsheet."""

import asyncio
import csv
import io
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from libs.events.catalogue import accounts, intake
from libs.service.auth import Caller
from services.query.api import list_export
from services.query.domain.columns import ALL
from services.query.store import lists
from tests.integration.query.query_world import World

HOSTILE = [
    '=cmd|"/c calc"!A1',
    "+1",
    "-2+3",
    "@SUM(A1)",
    '"quoted", and\r\nbroken\nlines; ünïcödé 漢字 🎫',
    "'=1",
    " =1",
]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def all_pages(world: World, headers: dict[str, str] | None = None, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.found("tickets", headers, limit=3, **asked, **cursor)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


def still(ticket: dict[str, Any]) -> dict[str, Any]:
    """What of a ticket does not move with time."""
    return {
        name: value for name, value in ticket.items() if name not in {"weight", "delay_seconds", "remaining_seconds"}
    }


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_export, "AT_ONCE", 3)


async def test_it_has_what_the_pages_of_the_list_have(world: World) -> None:
    department = uuid4()
    agent = await world.employ(department)
    tickets = [await world.open_ticket() for _ in range(8)]
    await world.place(tickets[2], department)
    await world.place(tickets[3], uuid4())
    await world.players["intake"].tell(tickets[4], intake.TicketClosed())
    await world.caught_up()
    for headers in (world.staff(), world.staff_as(agent)):
        for asked in ({}, {"sort": "id", "order": "asc", "state": "all"}, {"department_id": str(department)}):
            expected = await all_pages(world, headers, **asked)
            lines = (await world.get("tickets/export", headers, format="json", **asked)).text.splitlines()
            assert [still(orjson.loads(line)) for line in lines] == [still(ticket) for ticket in expected]
            rows = table((await world.get("tickets/export", headers, **asked)).text)
            assert [row["number"] for row in rows] == [str(ticket["number"]) for ticket in expected]
            assert all(tuple(row) == ALL for row in rows)


async def test_it_may_be_of_the_past(world: World) -> None:
    tickets = [await world.open_ticket() for _ in range(8)]
    then = (await world.players["intake"].log.now()).isoformat()
    for ticket in tickets[:5]:
        await world.players["intake"].tell(ticket, intake.TicketClosed())
    await world.caught_up()
    expected = await all_pages(world, as_of=then)
    lines = (await world.get("tickets/export", format="json", as_of=then)).text.splitlines()
    assert [orjson.loads(line) for line in lines] == expected
    assert len(expected) == 8


async def test_hostile_texts_stay_texts(world: World) -> None:
    for subject in HOSTILE:
        await world.open_ticket(subject=subject)
    await world.players["accounts"].tell(world.account, accounts.AccountChanged(name="=HYPERLINK()"))
    await world.caught_up()
    answer = await world.get("tickets/export", sort="id", order="asc", columns=["subject", "account"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"].startswith('attachment; filename="tickets-')
    text = answer.content.decode()
    assert text.startswith("subject,account\r\n")
    assert text.endswith("\r\n")
    rows = table(text)
    assert [row["subject"].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in HOSTILE]
    assert not any(row[name].lstrip().startswith(("=", "+", "-", "@")) for row in rows for name in row)
    assert {row["account"] for row in rows} == {"'=HYPERLINK()"}


async def test_columns_are_those_asked_for_or_the_views(world: World) -> None:
    await world.open_ticket()
    await world.caught_up()
    key = {**world.staff(), "Idempotency-Key": "k"}
    body = {"name": "V", "columns": ["number", "urgency"], "filters": {"waiting": True}, "sort": "id"}
    view = (await world.http.post("/api/query/views", json=body, headers=key)).json()["id"]
    assert (await world.get("tickets/export", view=view)).text == "number,urgency\r\n1001,medium\r\n"
    assert (await world.get("tickets/export", view=view, columns="state")).text == "state\r\nactive\r\n"
    assert (await world.get("tickets/export", view=view, unread="false")).text == "number,urgency\r\n"
    assert (await world.get("tickets/export", columns="password")).status_code == 422
    assert (await world.get("tickets/export", world.client())).status_code == 403
    plain = world.headers(Caller(kind="system", id=str(uuid4())))
    assert (await world.get("tickets/export", plain)).status_code == 403
    assert (await world.get("tickets/export", view=str(uuid4()))).status_code == 404


async def test_no_ticket_is_in_it_twice_when_it_comes_further_down_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [await world.open_ticket() for _ in range(5)]
    await world.caught_up()
    read = lists.page

    async def page_after_an_answer(*asked: Any) -> lists.Page:
        page = await read(*asked)
        if asked[1].end is None:
            tell = world.players["intake"].tell
            await tell(tickets[0], intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Done"))
            await world.caught_up()
        return page

    monkeypatch.setattr(lists, "page", page_after_an_answer)
    rows = table((await world.get("tickets/export", sort="delay", columns="number")).text)
    assert sorted(row["number"] for row in rows) == ["1001", "1002", "1003", "1004", "1005"]


async def test_it_is_cut_off_when_the_token_is_not_good_any_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        await world.open_ticket()
    await world.caught_up()
    read = lists.page

    async def page_after_the_end(*asked: Any) -> lists.Page:
        if asked[1].end is not None:
            world.app.state.authenticator.key_ring.retire("k")
        return await read(*asked)

    monkeypatch.setattr(lists, "page", page_after_the_end)
    got = b""
    async with world.http.stream("GET", "/api/query/tickets/export", headers=world.staff()) as answer:
        parts = answer.aiter_bytes()
        got = await anext(parts)
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(parts)
    assert len(table(got.decode())) == 3, "the page that was sent while it was good"


async def test_who_goes_away_is_not_worked_for_any_longer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        await world.open_ticket()
    await world.caught_up()
    read, went, gone = lists.page, asyncio.Event(), asyncio.Event()

    async def page_for_nobody(*asked: Any) -> lists.Page:
        if asked[1].end is not None:
            went.set()
            try:
                await asyncio.Event().wait()
            finally:
                gone.set()
        return await read(*asked)

    monkeypatch.setattr(lists, "page", page_for_nobody)
    async with world.http.stream("GET", "/api/query/tickets/export", headers=world.staff()) as answer:
        await anext(answer.aiter_bytes())
        await went.wait()
    async with asyncio.timeout(30):
        await gone.wait()
