"""The list of targets over HTTP, and what it makes of tickets."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.accounts import AccountChanged, AccountCreated, Attitude, GroupCreated
from libs.events.catalogue.intake import TicketClosed, TicketEdited, TicketRouted, Urgency
from tests.infrastructure.cast import until
from tests.integration.sla.conftest import World

URGENT = {"name": "Urgent", "urgencies": ["high"], "first_response_seconds": 1800, "next_response_seconds": 3600}
REST = {"name": "Everybody", "first_response_seconds": 7200, "next_response_seconds": 7200}


async def set_targets(world: World, *targets: dict[str, Any], match: str = "*") -> dict[str, Any]:
    response = await world.put("targets", {"targets": list(targets)}, **{"If-Match": match})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def edited(world: World, ticket: UUID, urgency: Urgency) -> None:
    await world.intake.tell(ticket, TicketEdited(changed=[], category_id=uuid4(), urgency=urgency))


async def test_a_list_is_read_back_with_its_order_version_and_history(world: World) -> None:
    assert (await world.get("targets")).json() == {"targets": [], "version": 0, "since": None}
    first = await set_targets(world, URGENT, REST)
    assert [one["name"] for one in first["targets"]] == ["Urgent", "Everybody"]
    assert (await world.get("targets")).json() == first
    assert (await world.get("targets")).headers["ETag"] == '"1"'
    turned = await set_targets(world, REST, URGENT, match='"1"')
    assert {one["id"] for one in turned["targets"]} == {one["id"] for one in first["targets"]}
    items = (await world.get("targets/history")).json()["items"]
    assert [(item["version"], item["actor"], item["targets"][0]["name"]) for item in items] == [
        (2, f"user:{world.ann}", "Everybody"),
        (1, f"user:{world.ann}", "Urgent"),
    ]


async def test_a_list_is_only_replaced_by_who_has_seen_it(world: World) -> None:
    await set_targets(world, URGENT)
    assert (await world.put("targets", {"targets": []})).status_code == 428
    assert (await world.put("targets", {"targets": []}, **{"If-Match": '"7"'})).status_code == 412
    assert (await set_targets(world, URGENT, match='"1"'))["version"] == 1, "the same again is no change"


async def test_a_target_that_cannot_work_is_refused_with_its_place(world: World) -> None:
    for target, pointer in (
        ({**REST, "department_ids": [str(uuid4())]}, "/targets/1/department_ids"),
        ({**REST, "group_ids": [str(uuid4())]}, "/targets/1/group_ids"),
        ({**REST, "urgencies": []}, "/targets/1/urgencies"),
        ({**REST, "first_response_seconds": -1}, "/targets/1/first_response_seconds"),
        ({**REST, "warning_share": 0}, "/targets/1/warning_share"),
        ({**REST, "escalation": {"on": "monday", "points": 1}}, "/targets/1/escalation/on"),
        ({**REST, "name": " "}, "/targets/1/name"),
        (URGENT, ""),
    ):
        response = await world.put("targets", {"targets": [URGENT, target]})
        assert response.status_code == 422, target
        assert response.json()["errors"][0]["pointer"].startswith(pointer)
    assert (await world.get("targets")).json()["version"] == 0


async def test_the_first_target_that_matches_counts_and_an_edit_moves_the_deadline(world: World) -> None:
    department = await world.department()
    await set_targets(world, URGENT, REST)
    ticket = await world.opened(department)
    await world.until_due(ticket, world.at(hours=2))
    world.move_to(world.at(minutes=10))
    await edited(world, ticket, Urgency.HIGH)
    await world.until_due(ticket, world.at(minutes=30))
    explained = (await world.get(f"tickets/{ticket}")).json()
    assert [regime["target_name"] for regime in explained["regimes"]] == ["Everybody", "Urgent"]


async def test_an_urgency_that_a_rule_has_given_counts_like_any_other(world: World) -> None:
    department = await world.department()
    await set_targets(world, URGENT, REST)
    ticket = await world.opened()
    routed = TicketRouted(department_id=department, decision_id=uuid4(), urgency=Urgency.HIGH)
    await world.intake.tell(ticket, routed)
    await world.until_due(ticket, world.at(minutes=30))


async def test_a_new_list_judges_the_tickets_of_all_departments_again(world: World) -> None:
    tickets = [await world.opened(await world.department()) for _ in range(3)]
    for ticket in tickets:
        await world.until_due(ticket, None)
    world.move_to(world.at(minutes=1))
    await set_targets(world, REST)
    for ticket in tickets:
        await world.until_due(ticket, world.at(hours=2))


async def test_a_change_of_the_account_moves_its_tickets_deadlines(world: World) -> None:
    department, account, group = await world.department(), uuid4(), uuid4()
    await world.players["accounts"].tell(group, GroupCreated(name="Resellers"))
    await world.players["accounts"].tell(account, AccountCreated(name="Acme"))
    await world.caught_up()
    await set_targets(world, {**URGENT, "urgencies": None, "attitudes": ["bad"], "group_ids": [str(group)]}, REST)
    ticket = await world.opened(department, account=account)
    await world.until_due(ticket, world.at(hours=2))
    world.move_to(world.at(minutes=5))
    changed = AccountChanged(name="Acme", attitude=Attitude.BAD, group_id=group)
    await world.players["accounts"].tell(account, changed)
    await world.until_due(ticket, world.at(minutes=30))


async def test_a_breach_waits_for_accounts_too_if_targets_ask_what_it_tells(world: World) -> None:
    department = await world.department()
    await set_targets(world, {**URGENT, "urgencies": None, "attitudes": ["neutral"], "first_response_seconds": 60})
    account = uuid4()
    await world.players["accounts"].tell(account, AccountCreated(name="Acme"))
    await world.caught_up()
    ticket = await world.opened(department, account=account)
    await world.until_due(ticket, world.at(minutes=1))
    await world.cast.stop("accounts")
    world.move_to(world.at(minutes=30))
    await world.looked_twice()
    assert "deadline_breached" not in await world.types(ticket)
    await world.cast.start("accounts")
    await world.until_said(ticket, "deadline_breached")


async def test_a_breach_escalates_and_a_resolution_has_a_clock_of_its_own(world: World) -> None:
    department = await world.department()
    escalating = {"escalation": {"on": "breach", "points": 50}, "resolution_seconds": 4 * 3600}
    await set_targets(world, {**REST, **escalating, "department_ids": [str(department)]})
    ticket = await world.opened(department)
    await world.until_due(ticket, world.at(hours=2))
    world.move_to(world.at(hours=3))
    await world.until_said(ticket, "escalated")
    await world.intake.tell(ticket, TicketClosed())
    world.move_to(world.at(hours=5))
    await world.known_up_to_now()
    assert await world.types(ticket) == [
        "deadline_set",
        "resolution_set",
        "deadline_warned",
        "deadline_breached",
        "escalated",
    ]
    escalated = (await world.said(ticket))[-1][1]
    assert (escalated["points"], escalated["at"]) == (50, (world.at() + timedelta(hours=2)).strftime("%Y-%m-%dT%XZ"))


async def test_a_rebuild_keeps_what_targets_ask(world: World) -> None:
    department, account = await world.department(), uuid4()
    await world.players["accounts"].tell(account, AccountCreated(name="Acme", attitude=Attitude.BAD))
    ticket = await world.opened(department, account=account)
    await edited(world, ticket, Urgency.HIGH)
    await world.caught_up()
    before = await world.kept()
    rebuilt = await world.http.post("/api/sla/projection/rebuild", headers=world.headers())
    assert rebuilt.is_success, rebuilt.text

    async def is_new() -> bool:
        return bool(await world.database.fetchval("select id > 1 from live.generation"))

    await until(is_new)
    assert await world.kept() == before
