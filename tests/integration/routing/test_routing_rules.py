"""What submission rules decide on real tickets."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.accounts import AccountDeleted, Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    Property,
    TicketAssigned,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketRouted,
    Urgency,
)
from libs.events.catalogue.sla import CalendarCompiled, WorkingHoursChanged
from libs.worktime import Calendar, WorkingTime
from tests.integration.routing.conftest import World, services

NEVER = {"time_zone": "Europe/Berlin", "weekly": {}}


async def decision(world: World, ticket: UUID) -> dict[str, Any]:
    """The last one on the department."""
    found = [event["data"] for event in await world.decided(ticket) if "department_id" in event["data"]]
    last: dict[str, Any] = found[-1]
    return last


async def set_hours(world: World, department: UUID, calendar: dict[str, Any]) -> None:
    now, month = await world.sla.log.now(), timedelta(days=60)
    table = WorkingTime(Calendar.model_validate(calendar), now).table(now - month, now + month)
    hours = uuid4()
    events: list[EventData] = [
        WorkingHoursChanged(department_id=department, version=1, calendar=calendar),
        CalendarCompiled(department_id=department, version=1, **table.model_dump()),
    ]
    for event in events:
        await world.sla.tell(hours, event)
    await world.consumed()


async def test_a_ticket_says_which_rule_decided_and_why_those_before_did_not_match(world: World) -> None:
    second, category = await world.department(), await world.category()
    low = {"kind": "urgency", "values": ["low"]}
    first = await world.submission_rule(
        {"tags": ["lazy"]}, name="Low", order=1, conditions={"kind": "all", "of": [{"kind": "all"}, low]}
    )
    down = {"kind": "text", "matches": r"(?i)\bdown\b"}
    then = {"department_id": str(second), "tags": ["outage"]}
    words = await world.submission_rule(then, name="Outage", order=2, conditions=down)
    ticket = await world.open_ticket(category, text="The server is DOWN again", subject="Help")
    decided = await decision(world, ticket)
    assert (decided["department_id"], decided["tags"]) == (str(second), ["outage"])
    assert decided["explanation"] == {
        "applied": [{"rule_id": str(words), "name": "Outage", "gave": ["department", "tags"]}],
        "passed": [
            {"rule_id": str(first), "name": "Low", "because": "/conditions/of/1", "kind": "urgency", "known": True}
        ],
        "left_out": 0,
    }
    told = (await world.http.get(f"tickets/{ticket}/decision", headers=world.staff())).json()
    assert told["department"]["explanation"] == decided["explanation"]


async def test_rules_are_applied_again_when_the_category_changes(world: World) -> None:
    second = await world.department()
    mail, web = await world.category(), await world.category()
    await world.submission_rule({"department_id": str(second)}, conditions={"category_ids": [str(web)]})
    ticket = await world.open_ticket(mail)
    assert (await decision(world, ticket))["department_id"] != str(second)
    edited = TicketEdited(changed=[Property.CATEGORY], category_id=web, urgency=Urgency.MEDIUM)
    await world.intake.tell(ticket, edited)
    decided = await decision(world, ticket)
    assert (decided["department_id"], decided["judged_version"]) == (str(second), 2)


async def test_a_rule_about_the_account_waits_for_the_account(world: World) -> None:
    second, category = await world.department(), await world.category()
    two = {"kind": "services", "product_types": ["vps"], "at_least": 2}
    await world.submission_rule({"department_id": str(second)}, conditions=two)
    ticket = await world.open_ticket(category)
    assert [event["type"] for event in await world.decided(ticket)] == ["ticket.weighed.v1"]
    await world.register(**services("1", "1"))
    assert (await decision(world, ticket))["department_id"] == str(second)


async def test_the_least_loaded_of_those_on_duty_becomes_responsible(world: World) -> None:
    bob, eve = await world.hire("Bob"), await world.hire("Eve")
    department = await world.department(member_ids=[str(bob), str(eve)])
    category = await world.category(department)
    loads = [await world.open_ticket(category) for _ in range(3)]
    for ticket in loads:
        await world.intake.tell(ticket, TicketAssigned(responsible_id=bob))
    await world.intake.tell(await world.open_ticket(category), TicketAssigned(responsible_id=eve))
    await world.consumed()
    await world.submission_rule({"responsible": {"by": "least_loaded"}})
    # What intake has not adopted yet counts all the same.
    chosen = [(await decision(world, await world.open_ticket(category)))["responsible_id"] for _ in range(2)]
    assert chosen == [str(eve), str(eve)]
    for ticket in loads:
        await world.intake.tell(ticket, TicketClosed())
    assert (await decision(world, await world.open_ticket(category)))["responsible_id"] == str(bob)


async def test_turns_go_round_among_members_and_nobody_gets_one_outside_of_hours(world: World) -> None:
    members = sorted([await world.hire(name) for name in ("Bob", "Eve", "Joe")])
    department = await world.department(member_ids=[str(member) for member in members])
    category = await world.category(department)
    await world.submission_rule({"responsible": {"by": "round_robin"}})
    chosen = [(await decision(world, await world.open_ticket(category)))["responsible_id"] for _ in range(6)]
    assert chosen == [str(member) for member in members] * 2
    await set_hours(world, department, NEVER)
    decided = await decision(world, await world.open_ticket(category))
    assert (decided["department_id"], decided["responsible_id"]) == (str(department), None)


async def test_rules_know_working_hours(world: World) -> None:
    department, night = await world.department(), await world.department()
    category = await world.category(department)
    outside = {"kind": "working_hours", "inside": False}
    await world.submission_rule({"department_id": str(night)}, conditions=outside)
    await world.rule("At night", 7, {**outside, "department_id": str(department)})
    open_then = await world.open_ticket(category)
    assert (await decision(world, open_then))["department_id"] == str(department)
    await set_hours(world, department, NEVER)
    closed_then = await world.open_ticket(category)
    assert (await decision(world, closed_then))["department_id"] == str(night)
    assert [await world.points(ticket) for ticket in (open_then, closed_then)] == [[0], [7]]


async def test_what_a_rule_made_of_the_urgency_counts_for_the_weight(world: World) -> None:
    await world.rule("Urgent", 10, {"urgencies": ["high"]})
    ticket = await world.open_ticket(await world.category())
    routed = TicketRouted(department_id=uuid4(), decision_id=uuid4(), urgency=Urgency.HIGH)
    await world.intake.tell(ticket, routed)
    assert await world.points(ticket) == [0, 10]


async def test_what_was_written_is_forgotten_with_the_ticket_and_an_account_with_all_its_versions(world: World) -> None:
    await world.register(attitude=Attitude.GOOD)
    ticket = await world.open_ticket(await world.category(), subject="secret", text="words")
    edited = TicketEdited(changed=[Property.SUBJECT], subject="other", category_id=uuid4(), urgency=Urgency.MEDIUM)
    await world.intake.tell(ticket, edited)
    await world.consumed()
    assert await world.pool.fetchval("select subject || text from ticket_words") == "otherwords"
    await world.intake.tell(ticket, TicketDeleted(number=1))
    await world.accounts.tell(world.account, AccountDeleted())
    await world.consumed()
    assert await world.pool.fetchval("select count(*) from ticket_words") == 0
    assert await world.pool.fetchval("select count(*) from account_versions") == 0
