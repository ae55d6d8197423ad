"""What routing decides on tickets, with events from real logs."""

from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.accounts import AccountChanged, Attitude
from libs.events.catalogue.intake import (
    ClientReplied,
    Property,
    StrangerWrote,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    Urgency,
)
from tests.infrastructure.unheeded import made_of_events
from tests.integration.routing.conftest import World, services

ANSWERED = TicketAnswered(message_id=uuid4(), author_id=uuid4(), text="done")


async def test_a_ticket_gets_its_categorys_department_and_the_points_of_all_rules_that_match(world: World) -> None:
    department = await world.department()
    category = await world.category(department)
    high = await world.rule("Urgent", 10, {"urgencies": ["high"]})
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    big = await world.rule("Big customers", 2, per="expenses", unit="10", cap=5)
    await world.register(**services("19.99", "20"))
    ticket = await world.open_ticket(category, urgency=Urgency.HIGH)
    decided, weighed = await world.decided(ticket)
    assert (decided["type"], weighed["type"]) == ("ticket.department_decided.v1", "ticket.weighed.v1")
    assert decided["data"] == {
        "department_id": str(department),
        "responsible_id": None,
        "judged_version": 1,
        "urgency": None,
        "tags": [],
        "explanation": None,
    }
    assert weighed["data"] == {
        "points": 15,
        "breakdown": [
            {"rule_id": str(high), "name": "Urgent", "points": 10},
            {"rule_id": str(big), "name": "Big customers", "points": 5},
        ],
        "judged_version": 1,
        "account_version": 1,
    }
    assert weighed["actor"] == "service:routing"
    cause = await world.intake.log.pool.fetchval("select id from log where entity = $1", ticket)
    assert decided["causationid"] == weighed["causationid"] == str(cause)


async def test_a_ticket_that_no_rule_matches_is_told_to_weigh_nothing(world: World) -> None:
    ticket = await world.open_ticket(await world.category())
    assert await world.points(ticket) == [0]


async def test_the_decision_can_be_looked_up_by_staff_only(world: World) -> None:
    await world.rule("Always", 3)
    ticket = await world.open_ticket(await world.category())
    await world.consumed()
    answer = (await world.http.get(f"tickets/{ticket}/decision", headers=world.staff())).json()
    assert [part["name"] for part in answer["weight"]["breakdown"]] == ["Always"]
    assert answer["department"]["judged_version"] == 1
    assert (await world.http.get(f"tickets/{ticket}/decision", headers=world.client())).status_code == 403
    assert (await world.http.get(f"tickets/{uuid4()}/decision", headers=world.staff())).status_code == 404


async def test_a_changed_account_weighs_only_its_waiting_tickets_again(world: World) -> None:
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    category = await world.category()
    await world.register()
    waiting, answered, closed, by_staff, reopened = [
        await world.open_ticket(category, waiting=n != 3) for n in range(5)
    ]
    await world.intake.tell(answered, ANSWERED)
    await world.intake.tell(closed, TicketClosed())
    await world.intake.tell(reopened, ANSWERED)
    again = ClientReplied(message_id=uuid4(), author_id=uuid4(), text="?", waiting_since=await world.intake.log.now())
    await world.intake.tell(reopened, again)
    await world.consumed()
    await world.accounts.tell(world.account, AccountChanged(name="Acme", attitude=Attitude.BAD))
    assert [await world.points(ticket) for ticket in (waiting, reopened)] == [[0, -5], [0, -5]]
    assert [await world.points(ticket) for ticket in (answered, closed, by_staff)] == [[0], [0], [0]]


async def test_a_client_who_writes_again_is_weighed_by_the_account_as_it_is_now(world: World) -> None:
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    await world.register()
    ticket = await world.open_ticket(await world.category())
    await world.intake.tell(ticket, ANSWERED)
    await world.consumed()
    await world.accounts.tell(world.account, AccountChanged(name="Acme", attitude=Attitude.BAD))
    assert await world.points(ticket) == [0]
    again = ClientReplied(message_id=uuid4(), author_id=uuid4(), text="?", waiting_since=await world.intake.log.now())
    await world.intake.tell(ticket, again)
    assert await world.points(ticket) == [0, -5]


async def test_an_account_change_that_makes_no_difference_is_not_told(world: World) -> None:
    await world.rule("Two servers", 4, {"min_services": 2})
    await world.register(**services("1", "1"))
    ticket = await world.open_ticket(await world.category())
    await world.consumed()
    await world.accounts.tell(world.account, AccountChanged(name="Acme", **services("1", "1", "1")))
    assert await world.points(ticket) == [4]


async def test_a_rule_weighs_tickets_that_are_opened_after_it_and_no_others(world: World) -> None:
    category = await world.category()
    rule = await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    await world.register()
    before = await world.open_ticket(category)
    await world.consumed()
    assert (await world.change(f"weight-rules/{rule}", points=-7)).status_code == 200
    changed = await world.open_ticket(category)
    await world.consumed()
    assert (await world.http.delete(f"weight-rules/{rule}", headers=world.staff())).status_code == 204
    deleted = await world.open_ticket(category)
    await world.consumed()
    await world.accounts.tell(world.account, AccountChanged(name="Acme", attitude=Attitude.BAD))
    assert [await world.points(ticket) for ticket in (before, changed, deleted)] == [[0, -5], [0, -7], [0]]


async def test_a_ticket_without_an_enabled_department_gets_one_as_soon_as_there_is_one(world: World) -> None:
    department = await world.department(enabled=False)
    ticket = await world.open_ticket(await world.category(department))
    assert [event["type"] for event in await world.decided(ticket)] == ["ticket.weighed.v1"]
    answer = await world.change(f"departments/{department}", enabled=True)
    decided = await world.decided_next(ticket, after=1)
    assert decided["data"]["department_id"] == str(department)
    position = int(answer.headers["Consistency-Token"].rpartition(".")[2])
    assert decided["causationid"] == str(await world.pool.fetchval("select id from log where position = $1", position))


def edited(*changed: Property, category: UUID, urgency: Urgency = Urgency.MEDIUM) -> TicketEdited:
    return TicketEdited(changed=list(changed), category_id=category, urgency=urgency)


def departments(decided: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """The departments that were decided, and by which version of the ticket."""
    facts = [event["data"] for event in decided if event["type"] == "ticket.department_decided.v1"]
    return [(one["department_id"], one["judged_version"]) for one in facts]


async def test_a_ticket_that_is_given_another_category_is_routed_and_weighed_again(world: World) -> None:
    first, second = await world.department(), await world.department()
    mail, web = await world.category(first), await world.category(second)
    await world.rule("Web", 7, {"category_ids": [str(web)]})
    await world.rule("Urgent", 10, {"urgencies": ["high"]})
    ticket = await world.open_ticket(mail)
    await world.consumed()
    await world.intake.tell(ticket, edited(Property.CATEGORY, category=web))
    assert departments(await world.decided(ticket)) == [(str(first), 1), (str(second), 2)]
    await world.intake.tell(ticket, edited(Property.URGENCY, category=web, urgency=Urgency.HIGH))
    assert departments(await world.decided(ticket)) == [(str(first), 1), (str(second), 2)]
    assert await world.points(ticket) == [0, 7, 17]


async def test_an_edit_that_matters_to_no_rule_is_not_judged(world: World) -> None:
    category = await world.category()
    ticket = await world.open_ticket(category)
    before = await world.decided(ticket)
    await world.intake.tell(ticket, edited(Property.TAGS, Property.PROJECT, category=category))
    assert await world.decided(ticket) == before


async def test_a_ticket_whose_new_category_leads_nowhere_stays_where_it_was(world: World) -> None:
    first, disabled = await world.department(), await world.department(enabled=False)
    ticket = await world.open_ticket(await world.category(first))
    await world.consumed()
    await world.intake.tell(ticket, edited(Property.CATEGORY, category=await world.category(disabled)))
    assert departments(await world.decided(ticket)) == [(str(first), 1), (str(first), 2)]


async def test_a_deleted_ticket_is_forgotten_and_judged_no_more(world: World) -> None:
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    await world.register()
    ticket = await world.open_ticket(await world.category())
    await world.consumed()
    await world.intake.tell(ticket, TicketDeleted(number=1))
    await world.consumed()  # accounts is another source, and may be read first
    await world.accounts.tell(world.account, AccountChanged(name="Acme", attitude=Attitude.BAD))
    await world.consumed()
    assert await world.points(ticket) == [0]
    assert await world.pool.fetchval("select count(*) from tickets") == 0
    assert (await world.http.get(f"tickets/{ticket}/decision", headers=world.staff())).status_code == 404


async def test_a_mail_in_intake_s_log_is_no_ticket_to_judge(world: World) -> None:
    await world.open_ticket(await world.category(await world.department()))
    await world.consumed()
    before = await made_of_events(world.pool)
    await world.intake.tell(uuid4(), StrangerWrote(gateway_id=uuid4()))
    await world.consumed()
    assert await made_of_events(world.pool) == before
