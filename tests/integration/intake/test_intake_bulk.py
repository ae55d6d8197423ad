"""One request on many tickets."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.events.catalogue.routing import DepartmentChanged, DepartmentCreated
from libs.events.log import Executor, Key
from libs.service.rights import Role
from services.intake.store import bulk
from tests.infrastructure.cast import until
from tests.integration.intake.conftest import World


async def many(world: World, tickets: list[UUID], headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    sent = {"ticket_ids": [str(ticket) for ticket in tickets], **body}
    return await world.http.post("/api/intake/tickets/bulk", json=sent, headers=headers or world.staff(world.ann))


def results(answer: httpx.Response) -> list[tuple[int, str | None]]:
    assert answer.status_code == 200, answer.text
    return [
        (one["status"], one["problem"] and one["problem"]["type"].rpartition(":")[2])
        for one in answer.json()["results"]
    ]


async def submitted(world: World, count: int) -> list[UUID]:
    return [await world.submit() for _ in range(count)]


async def test_it_is_no_ticket_that_could_be_edited_or_deleted(world: World) -> None:
    for method in ("PATCH", "DELETE"):
        answer = await world.http.request(method, "/api/intake/tickets/bulk", headers=world.staff(world.ann))
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_one_that_is_refused_stops_no_other(world: World) -> None:
    closed, blocked, free = await submitted(world, 3)
    await world.act(closed, "close", world.client())
    await world.act(blocked, "block", world.staff(world.bob))
    unknown = uuid4()
    answer = await many(world, [closed, unknown, blocked, free], action="close")
    assert results(answer) == [(409, "ticket-closed"), (404, "ticket-not-found"), (409, "ticket-blocked"), (200, None)]
    assert [one["ticket_id"] for one in answer.json()["results"]] == [
        str(one) for one in (closed, unknown, blocked, free)
    ]
    assert answer.json()["results"][2]["problem"]["holder_id"] == str(world.bob)
    assert await world.events(free) == ["opened", "closed"]
    position = await world.database.fetchval("select max(position) from log where entity = $1", free)
    assert answer.headers["Consistency-Token"].endswith(f".{position}")


async def test_a_retry_answers_the_same_whatever_has_happened_since(world: World) -> None:
    blocked, free = await submitted(world, 2)
    await world.act(blocked, "block", world.staff(world.bob))
    headers = world.staff(world.ann)
    first = await many(world, [blocked, free], headers, action="close")
    await world.act(blocked, "unblock", world.staff(world.ann))
    await world.act(free, "reopen", world.client())
    again = await many(world, [blocked, free], headers, action="close")
    assert again.json() == first.json()
    assert await world.events(blocked) == ["opened", "blocked", "unblocked"]
    assert await world.events(free) == ["opened", "closed", "reopened"]
    other = await many(world, [free], headers, action="close")
    assert (other.status_code, other.json()["type"].rpartition(":")[2]) == (422, "idempotency-key-reused")


async def test_a_retry_does_what_was_left_undone_when_the_first_try_died(world: World) -> None:
    done, left = await submitted(world, 2)
    headers = world.staff(world.ann)
    await many(world, [done, left], headers, action="close")
    # As if the process had been killed before the second: its events and its key are not there.
    await world.database.execute("delete from log where entity = $1 and version = 2", left)
    await world.database.execute("delete from idempotency where entity = $1 and key like '%:%'", left)
    opened = "select state from entities where id = $1"
    state = await world.database.fetchval(opened, await world.submit())
    await world.database.execute("update entities set version = 1, state = $2 where id = $1", left, state)
    again = await many(world, [done, left], headers, action="close")
    assert results(again) == [(200, None), (200, None)]
    assert await world.events(done) == await world.events(left) == ["opened", "closed"]


async def test_the_same_request_sent_twice_at_once_is_carried_out_once(world: World) -> None:
    tickets = await submitted(world, 10)
    await world.act(tickets[0], "close", world.client())
    headers = world.staff(world.ann)
    answers = await asyncio.gather(*(many(world, tickets, headers, action="close") for _ in range(3)))
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert results(answers[0]) == [(409, "ticket-closed"), *[(200, None)] * 9]
    assert [await world.events(ticket) for ticket in tickets] == [["opened", "closed"]] * 10


async def test_who_comes_second_with_a_key_is_told_what_the_first_has_kept(world: World) -> None:
    key = Key(str(uuid4()), "f")
    async with world.database.acquire() as first, asyncio.TaskGroup() as tasks, first.transaction():
        assert await bulk.begin(first, key)
        others = [tasks.create_task(bulk.begin(world.database, Key(key.value, said))) for said in "fx"]
        await until(_are_held_up, first, len(others))
    assert [other.result() for other in others] == [True, False]


async def _are_held_up(connection: Executor, count: int) -> bool:
    waiting = "select count(*) from pg_locks where not granted and locktype = 'transactionid'"
    return bool(await connection.fetchval(waiting) >= count)


async def test_blocks_are_taken_away_from_several_tickets(world: World) -> None:
    tickets = await submitted(world, 3)
    for ticket in tickets[:2]:
        await world.act(ticket, "block", world.staff(world.bob))
    assert results(await many(world, tickets, action="unblock")) == [(200, None)] * 3
    assert [(await world.events(ticket))[-1] for ticket in tickets] == ["unblocked", "unblocked", "opened"]


async def test_several_are_assigned_and_transferred(world: World) -> None:
    tickets, department = await submitted(world, 2), uuid4()
    await world.routing.tell(department, DepartmentCreated(name="Other"))
    await world.consumed()
    assert results(await many(world, tickets, action="assign", responsible_id=str(world.bob))) == [(200, None)] * 2
    headers = world.staff(world.ann)
    transferred = await many(world, tickets, headers, action="transfer", department_id=str(department))
    assert results(transferred) == [(200, None)] * 2
    assert await world.events(tickets[1]) == ["opened", "assigned", "transferred"]
    await world.routing.tell(department, DepartmentChanged(name="Other", enabled=False))
    await world.consumed()
    again = await many(world, tickets, headers, action="transfer", department_id=str(department))
    assert again.json() == transferred.json()
    other = await world.submit()
    refused = await many(world, [other], action="transfer", department_id=str(department))
    assert results(refused) == [(422, "invalid")]
    assert results(await many(world, [other], action="assign", responsible_id=str(uuid4()))) == [(422, "invalid")]


async def test_several_are_deleted_and_the_answer_holds_nothing_of_them(world: World) -> None:
    tickets = await submitted(world, 3)
    headers = world.staff(world.ann)
    assert results(await many(world, tickets, headers, action="delete")) == [(200, None)] * 3
    assert await world.database.fetchval("select count(*) from log where envelope::text like '%broken%'") == 0
    assert results(await many(world, tickets, headers, action="delete")) == [(200, None)] * 3
    assert results(await many(world, tickets, action="delete")) == [(404, "ticket-not-found")] * 3


async def test_each_ticket_is_judged_by_what_one_may_do_to_it(world: World) -> None:
    here, elsewhere = await submitted(world, 2)
    await world.place(elsewhere, world.department)
    agent = await world.hire(Role.AGENT)
    headers = world.staff(agent)
    assert results(await many(world, [here, elsewhere], headers, action="close")) == [
        (200, None),
        (404, "ticket-not-found"),
    ]
    assert results(await many(world, [here, elsewhere], world.staff(agent), action="delete")) == [
        (403, "forbidden"),
        (404, "ticket-not-found"),
    ]
    assert (await many(world, [here], world.client(), action="close")).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"action": "close", "ticket_ids": []},
        {"action": "close", "ticket_ids": [str(uuid4()) for _ in range(201)]},
        {"action": "answer", "ticket_ids": [str(uuid4())]},
        {"action": "transfer", "ticket_ids": [str(uuid4())]},
        {"ticket_ids": [str(uuid4())]},
    ],
)
async def test_bad_requests_are_refused_whole(world: World, body: dict[str, Any]) -> None:
    answer = await world.http.post("/api/intake/tickets/bulk", json=body, headers=world.staff(world.ann))
    assert answer.status_code == 422


async def test_two_hundred_tickets_are_one_request(world: World) -> None:
    tickets = await submitted(world, 5)
    unknown = [uuid4() for _ in range(195)]
    assert results(await many(world, [*tickets, *unknown], action="close")) == [
        *[(200, None)] * 5,
        *[(404, "ticket-not-found")] * 195,
    ]
    await until(world.has_event, tickets[4], "closed")
