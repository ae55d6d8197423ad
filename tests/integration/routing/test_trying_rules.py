"""Rules are tried on tickets that are there, without any effect."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
from starlette.types import Message

from libs.events.catalogue.accounts import AdministratorCreated
from libs.events.catalogue.intake import TicketRouted, Urgency
from libs.service.caller import Caller
from libs.service.rights import Right, Role
from tests.integration.routing.conftest import World

HIGH = {"urgencies": ["high"]}


async def lines(world: World, headers: dict[str, str] | None = None, **body: Any) -> list[dict[str, Any]]:
    answer = await world.http.post("dry-run", json=body, headers=headers or world.staff())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [orjson.loads(line) for line in answer.text.splitlines()]


async def some_tickets(world: World, category: UUID) -> list[UUID]:
    """Three urgent ones, and seven others."""
    opened = [await world.open_ticket(category, urgency=Urgency.HIGH if at < 3 else Urgency.LOW) for at in range(10)]
    await world.consumed()
    return opened


async def test_a_rule_set_is_tried_on_one_ticket(world: World) -> None:
    first, second = await world.department(), await world.department()
    saved = await world.submission_rule({"tags": ["saved"]}, name="Saved")
    ticket = await world.open_ticket(await world.category(first), urgency=Urgency.HIGH)
    before = await world.decided(ticket)
    tried = {
        "submission_rules": [
            {"name": "Low", "conditions": {"urgencies": ["low"]}, "then": {"tags": ["low"]}},
            {
                "id": str(saved),
                "name": "New",
                "then": {"department_id": str(second), "responsible": {"by": "round_robin"}},
            },
        ],
        "weight_rules": [{"name": "Urgent", "points": 7, "conditions": HIGH}],
    }
    answer = await world.http.post(f"tickets/{ticket}/dry-run", json=tried, headers=world.staff())
    assert answer.status_code == 200, answer.text
    now, then = answer.json()["now"], answer.json()["then"]
    assert (now["department_id"], now["tags"], now["points"]) == (str(first), ["saved"], 0)
    assert (then["department_id"], then["tags"], then["points"]) == (str(second), [], 7)
    assert then["responsible"] == {"by": "round_robin", "administrator_id": None}
    assert [one["because"] for one in then["explanation"]["passed"]] == ["/conditions/of/0"]
    assert then["explanation"]["applied"][0]["rule_id"] == str(saved)
    assert await world.decided(ticket) == before


async def test_a_rule_set_is_tried_on_the_tickets_of_the_last_days(world: World) -> None:
    first, second = await world.department(), await world.department()
    category = await world.category(first)
    await world.rule("Always", 1)
    urgent = (await some_tickets(world, category))[:3]
    told = await world.pool.fetchval("select count(*) from log")
    progress = await lines(
        world,
        submission_rules=[{"name": "Urgent", "conditions": HIGH, "then": {"department_id": str(second)}}],
        weight_rules=[{"name": "Urgent", "points": 11, "conditions": HIGH}],
    )
    assert progress[0] == {"done": 0, "total": 10}
    result = progress[-1]["result"]
    assert (progress[-1]["done"], result["tickets"], result["elsewhere"]) == (10, 10, 3)
    assert (result["heavier"], result["lighter"]) == (3, 7)
    assert (result["average_points_now"], result["average_points_then"]) == (1.0, 3.3)
    assert [(one["ticket_id"], one["now"], one["then"]) for one in result["examples"]] == [
        (str(ticket), str(first), str(second)) for ticket in urgent
    ]
    assert await world.pool.fetchval("select count(*) from log") == told


async def test_rules_that_would_not_be_saved_are_not_tried(world: World) -> None:
    rules = [{"name": "A", "then": {"tags": ["a"]}}, {"name": "B", "then": {"department_id": str(uuid4())}}]
    answer = await world.http.post("dry-run", json={"submission_rules": rules}, headers=world.staff())
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/submission_rules/1/then/department_id"]


async def test_examples_are_tickets_that_the_caller_may_read(world: World) -> None:
    first, second = await world.department(), await world.department()
    await some_tickets(world, await world.category(first))
    clerk = uuid4()
    hired = AdministratorCreated(name="C", email="c@x.example", role=Role.AGENT, rights=[Right.MANAGE_SETTINGS])
    await world.accounts.tell(clerk, hired)
    for row in await world.pool.fetch("select id from tickets"):
        await world.intake.tell(row["id"], TicketRouted(department_id=first, decision_id=uuid4()))
    await world.consumed()
    rules = [{"name": "All", "then": {"department_id": str(second)}}]
    for who, named in ((clerk, 0), (world.ann, 10)):
        headers = world._headers(Caller(kind="administrator", id=str(who)), {})
        result = (await lines(world, headers, submission_rules=rules))[-1]["result"]
        assert (result["elsewhere"], len(result["examples"])) == (10, named)


async def test_closing_the_connection_stops_it(world: World) -> None:
    category = await world.category()
    for _ in range(250):
        await world.open_ticket(category)
    await world.consumed()
    sent: list[Message] = []
    begun = asyncio.Event()
    requests = iter([orjson.dumps({"submission_rules": []})])

    async def receive() -> Message:
        """The request, and as soon as the answer has begun, its end."""
        if body := next(requests, None):
            return {"type": "http.request", "body": body, "more_body": False}
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            begun.set()

    headers = [(name.lower().encode(), value.encode()) for name, value in world.staff().items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/routing/dry-run",
        "raw_path": b"/api/routing/dry-run",
        "query_string": b"",
        "root_path": "",
        "headers": [*headers, (b"content-type", b"application/json"), (b"host", b"routing")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await world.app(scope, receive, send)
    said = b"".join(message.get("body", b"") for message in sent)
    assert b'"total":250' in said
    assert b"result" not in said
