"""A client's lists: the own account's tickets, and nobody else's."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import accounts, intake
from libs.service.auth import Caller
from tests.integration.query.query_world import World


async def listed(world: World, limit: int = 2, **asked: Any) -> list[UUID]:
    """All pages of a list."""
    seen: list[UUID] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.found("my/tickets", world.client(), limit=limit, **cursor, **asked)
        seen += [UUID(row["id"]) for row in page["items"]]
        if page["next_cursor"] is None:
            return seen
        assert len(page["items"]) == limit
        cursor = {"cursor": page["next_cursor"]}


async def test_the_latest_activity_comes_first_unless_asked_for_numbers(world: World) -> None:
    one, two, three, four, five = [await world.open_ticket() for _ in range(5)]
    await world.open_ticket(account_id=uuid4())
    tell = world.players["intake"].tell
    await tell(two, intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Fixed"))
    await tell(three, intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="none of a client's business"))
    await tell(four, intake.TicketClosed())
    await tell(five, intake.TicketClosed())
    await world.caught_up()
    assert await listed(world) == [two, three, one]
    assert await listed(world, state="closed") == [five, four]
    assert await listed(world, state="all") == [five, four, two, three, one]
    assert await listed(world, state="all", sort="number") == [five, four, three, two, one]


async def test_a_project_is_asked_for_by_its_id(world: World) -> None:
    project = uuid4()
    tickets = [await world.open_ticket(project_id=project if number % 2 else None) for number in range(5)]
    await world.caught_up()
    for sort in ("activity", "number"):
        assert await listed(world, limit=1, project_id=str(project), sort=sort) == [tickets[3], tickets[1]]


async def test_answers_are_unread_until_somebody_of_the_account_opens_the_ticket(world: World) -> None:
    ticket, tell = await world.open_ticket(), world.players["intake"].tell
    for expected in (1, 2):
        await tell(ticket, intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Fixed"))
        await world.caught_up()
        (row,) = (await world.found("my/tickets", world.client()))["items"]
        assert row["unread_answers"] == expected
    await tell(ticket, intake.TicketRead(reader_id=world.ann))
    await tell(ticket, intake.AnswerRead(reader_id=world.user))
    await world.caught_up()
    (row,) = (await world.found("my/tickets", world.client()))["items"]
    assert row["unread_answers"] == 0


async def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    for _ in range(2):
        await world.open_ticket()
    await world.caught_up()
    cursor = (await world.found("my/tickets", world.client(), limit=1))["next_cursor"]
    assert (await world.get("my/tickets", world.client(), cursor=cursor, sort="number")).status_code == 422
    assert (await world.get("my/tickets", world.client(), cursor="!")).status_code == 422


async def test_a_client_reads_who_they_are_and_who_acts_as_them(world: World) -> None:
    jane = {"account": {"id": str(world.account), "name": "Acme"}, "user": {"id": str(world.user), "name": "Jane"}}
    assert await world.found("my/account", world.client()) == {**jane, "acting": None}
    caller = Caller(kind="client", id=str(world.user), account_id=world.account, acting=str(world.ann))
    acting = await world.found("my/account", world.headers(caller))
    assert acting == {**jane, "acting": {"id": str(world.ann), "name": "Ann"}}


@pytest.mark.parametrize("path", ["my/tickets", "my/account"])
async def test_who_has_no_account_has_no_such_list(world: World, path: str) -> None:
    assert (await world.get(path)).status_code == 403


async def test_erased_people_have_no_names_any_more(world: World) -> None:
    ticket = await world.open_ticket()
    told = world.players["accounts"]
    await told.tell(world.user, accounts.UserDeleted())
    await told.tell(world.account, accounts.AccountDeleted())
    await world.caught_up()
    details = await world.found(f"tickets/{ticket}")
    assert details["user"] == {"id": str(world.user), "name": None}
    assert details["messages"][0]["author"] == {"id": str(world.user), "name": None}
    assert details["account"] == {"id": str(world.account), "name": None, "attitude": None, "group": None}
    left = await world.pool.fetchval(
        "select count(*) from names n, accounts a where n.name = 'Jane' or a.name = 'Acme'"
    )
    assert left == 0
