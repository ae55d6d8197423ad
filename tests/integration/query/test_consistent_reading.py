"""A reader who brings a token is kept waiting until what it names is there, and judged if that is asked for."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from libs.events.catalogue import intake, routing, sla
from libs.service.http import ConsistencyToken
from tests.integration.query.query_world import World, replica


def ahead(token: ConsistencyToken) -> ConsistencyToken:
    return replace(token, position=token.position + 1)


async def test_the_answer_waits_for_the_fact(world: World) -> None:
    await world.open_ticket()
    token = await world.token("intake")
    waiting = asyncio.create_task(world.get("tickets", after=str(ahead(token))))
    await world.get("tickets", after=str(token))
    assert not waiting.done()
    await world.open_ticket()
    answer = await waiting
    assert answer.headers["Consistency-Reached"] == "true"
    assert len(answer.json()["items"]) == 2


async def test_a_reader_is_shown_what_they_may_see_once_the_fact_is_there(world: World) -> None:
    department, other = uuid4(), uuid4()
    agent = await world.employ(department)
    ticket = await world.open_ticket()
    await world.place(ticket, department)
    await world.caught_up()
    for path, expected in (("tickets", 200), (f"tickets/{ticket}", 404), (f"tickets/{ticket}/weight", 404)):
        await world.manned(department, agent)
        await world.manned(other, agent)
        token = await world.token("routing")
        assert (await world.get("tickets", world.staff_as(agent), after=str(token))).json()["items"]
        waiting = asyncio.create_task(world.get(path, world.staff_as(agent), after=str(ahead(token))))
        await world.get("tickets", after=str(token))
        await world.manned(department)
        answer = await waiting
        assert (answer.status_code, answer.json().get("items")) == (expected, [] if expected == 200 else None)


async def test_the_token_may_come_as_a_header(world: World) -> None:
    await world.open_ticket()
    token = await world.token("intake")
    answer = await world.get("tickets", {**world.staff(), **token.headers})
    assert answer.headers["Consistency-Reached"] == "true"
    assert "Consistency-Reached" not in (await world.get("tickets")).headers


async def test_what_is_no_token_is_refused_wherever_it_stands(world: World) -> None:
    good = await world.token("intake")
    for headers, asked in (
        ({"Consistency-Token": "0"}, {}),
        ({}, {"after": ""}),
        ({"Consistency-Token": "0"}, {"after": str(good)}),
    ):
        answer = await world.http.get("/api/query/tickets", params=asked, headers={**world.staff(), **headers})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:helpdesk:problem:invalid")


async def test_a_token_of_another_epoch_is_answered_at_once(world: World) -> None:
    await world.open_ticket()
    await world.caught_up()
    token = replace(await world.token("intake"), epoch=str(uuid4()))
    async with asyncio.timeout(world.settings.consistency_seconds / 2):
        answer = await world.get("tickets", after=str(token))
    assert answer.headers["Consistency-Reached"] == "false"
    assert len(answer.json()["items"]) == 1


async def test_waiting_is_bounded(world: World) -> None:
    await world.open_ticket()
    async with replica(world, consistency_seconds=0.1) as http:
        answer = await http.get(
            "/api/query/tickets", params={"after": str(ahead(await world.token("intake")))}, headers=world.staff()
        )
    assert answer.headers["Consistency-Reached"] == "false"


async def test_settled_waits_for_each_judge_in_turn(world: World) -> None:
    ticket = await world.open_ticket()
    asked = await world.token("intake")
    answering = asyncio.create_task(world.get(f"tickets/{ticket}", after=str(asked), settled=True))
    department = uuid4()

    await world.players["routing"].tell(ticket, routing.TicketWeighed(points=9, breakdown=[], judged_version=1))
    await world.judge("routing", intake=asked)
    await world.players["intake"].tell(ticket, intake.TicketRouted(department_id=department, decision_id=uuid4()))
    await world.caught_up()
    assert not answering.done()

    adopted = await world.token("intake")
    await world.judge("intake", routing=await world.token("routing"))
    await world.judge("sla", intake=asked)
    await world.caught_up()
    assert not answering.done()

    since = await world.pool.fetchval("select waiting_since from tickets")
    deadline = sla.DeadlineSet(
        waiting_since=since,
        due_at=since,
        department_id=department,
        calendar_version=0,
        target_seconds=0,
        worked_when_due=0,
    )
    await world.players["sla"].tell(ticket, deadline)
    await world.judge("sla", intake=adopted)
    await world.caught_up()
    assert not answering.done(), "routing may weigh what was adopted"

    weighed = routing.TicketWeighed(points=19, breakdown=[], judged_version=2)
    await world.players["routing"].tell(ticket, weighed)
    await world.judge("routing", intake=adopted)
    answer = await answering
    assert answer.headers["Consistency-Reached"] == "true"
    details = answer.json()
    assert (details["weight"], details["department"]["id"], details["overdue"]) == (19, str(department), True)


async def test_a_replica_whose_consumer_stands_by_knows_as_well(world: World) -> None:
    async with replica(world) as http:
        await world.open_ticket()
        asked = str(await world.token("intake"))
        answer = await http.get("/api/query/tickets", params={"after": asked}, headers=world.staff())
        assert answer.headers["Consistency-Reached"] == "true"
        assert len(answer.json()["items"]) == 1
        other = replace(await world.token("intake"), epoch=str(uuid4()))
        answer = await http.get("/api/query/tickets", params={"after": str(other)}, headers=world.staff())
        assert answer.headers["Consistency-Reached"] == "false"
