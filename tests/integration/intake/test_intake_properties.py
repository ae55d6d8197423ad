"""Editing, taking, assigning and transferring over HTTP."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.events.catalogue.accounts import ProjectCreated
from libs.events.catalogue.routing import CategoryChanged, DepartmentCreated, DepartmentDecided
from libs.service.rights import Role
from tests.infrastructure.cast import until
from tests.integration.intake.conftest import World


async def edit(world: World, ticket: UUID, version: str | None = "*", **body: Any) -> httpx.Response:
    headers = {**world.staff(world.ann), **({"If-Match": version} if version else {})}
    return await world.http.patch(f"/api/intake/tickets/{ticket}", json=body, headers=headers)


async def change(world: World, ticket: UUID, what: str, who: UUID, version: str | None = "*", **body: Any) -> Any:
    headers = {**world.staff(who), **({"If-Match": version} if version else {})}
    return await world.act(ticket, what, headers, **body)


async def test_an_edit_says_which_version_it_changes(world: World) -> None:
    ticket = await world.submit()
    edited = await edit(world, ticket, '"1"', subject="Mail", urgency="high", tags=[" IMAP ", "vip", "imap"])
    assert edited.status_code == 200, edited.text
    assert (edited.headers["ETag"], edited.json()["tags"], edited.json()["urgency"]) == ('"2"', ["imap", "vip"], "high")
    assert (await edit(world, ticket, '"1"', tags=[])).status_code == 412
    assert (await edit(world, ticket, None, tags=[])).status_code == 428
    assert await world.events(ticket) == ["opened", "edited"]


async def test_what_is_as_wanted_already_is_no_event(world: World) -> None:
    ticket = await world.submit()
    same = world.submission()
    assert (await edit(world, ticket, subject=same["subject"], category_id=same["category_id"])).status_code == 200
    assert (await edit(world, ticket, subject="Once")).status_code == 200
    assert (await edit(world, ticket, subject="Once")).status_code == 200
    assert await world.events(ticket) == ["opened", "edited"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"tags": [f"t{n}" for n in range(21)]}, "/tags"),
        ({"tags": ["x" * 41]}, "/tags/0"),
        ({"tags": [" "]}, "/tags/0"),
        ({"subject": None}, "/subject"),
        ({"urgency": "soon"}, "/urgency"),
        ({"colour": "red"}, "/colour"),
        ({"project_id": str(uuid4())}, "/project_id"),
        ({"category_id": str(uuid4())}, "/category_id"),
    ],
)
async def test_bad_edits_are_told_where_they_are_wrong(world: World, body: dict[str, Any], pointer: str) -> None:
    ticket = await world.submit()
    refused = await edit(world, ticket, **body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await world.events(ticket) == ["opened"]


async def test_a_category_must_be_open_to_the_account_only_when_it_is_a_new_one(world: World) -> None:
    ticket = await world.submit()
    assert (await edit(world, ticket, category_id=str(world.vps_category))).status_code == 422
    await world.order_vps()
    assert (await edit(world, ticket, category_id=str(world.vps_category))).status_code == 200
    closed = CategoryChanged(name="VPS", default_department_id=world.department, enabled=False)
    await world.routing.tell(world.vps_category, closed)
    await world.consumed()
    assert (await edit(world, ticket, category_id=str(world.vps_category), tags=["a"])).status_code == 200


async def test_a_ticket_moves_to_another_project_and_to_none(world: World) -> None:
    ticket, project = await world.submit(), uuid4()
    await world.accounts.tell(project, ProjectCreated(name="Brand"))
    await world.consumed()
    assert (await edit(world, ticket, project_id=str(project))).json()["project_id"] == str(project)
    assert (await edit(world, ticket, project_id=None)).json()["project_id"] is None


async def test_clients_edit_nothing_and_agents_what_they_may_answer(world: World) -> None:
    ticket = await world.submit()
    path, anyhow = f"/api/intake/tickets/{ticket}", {"If-Match": "*"}
    assert (await world.http.patch(path, json={}, headers={**world.client(), **anyhow})).status_code == 403
    observer = await world.hire(Role.OBSERVER)
    refused = await world.http.patch(path, json={}, headers={**world.staff(observer), **anyhow})
    assert (refused.status_code, refused.json()["right"]) == (403, "answer")


async def test_tags_and_subjects_are_gone_with_the_ticket(world: World) -> None:
    ticket = await world.submit()
    await edit(world, ticket, subject="unspeakable", tags=["shameful"])
    await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
    for table, column in (("log", "envelope"), ("entities", "state")):
        left = f"select count(*) from {table} where {column}::text ~ 'unspeakable|shameful'"  # noqa: S608 - ours
        assert await world.database.fetchval(left) == 0


async def test_take_assign_and_transfer_say_which_version_they_change(world: World) -> None:
    ticket, department = await world.submit(), await _department(world)
    for what, body in (
        ("take", {}),
        ("assign", {"responsible_id": str(world.bob)}),
        ("transfer", {"department_id": str(department)}),
    ):
        assert (await change(world, ticket, what, world.ann, None, **body)).status_code == 428
        assert (await change(world, ticket, what, world.ann, '"9"', **body)).status_code == 412
    taken = await change(world, ticket, "take", world.ann, '"1"')
    assert (taken.status_code, taken.json()["responsible_id"]) == (200, str(world.ann))
    bob = str(world.bob)
    assigned = await change(world, ticket, "assign", world.ann, taken.headers["ETag"], responsible_id=bob)
    assert assigned.json()["responsible_id"] == bob
    etag = assigned.headers["ETag"]
    transferred = await change(world, ticket, "transfer", world.ann, etag, department_id=str(department))
    assert (transferred.json()["department_id"], transferred.json()["responsible_id"]) == (str(department), None)
    back = await change(world, ticket, "assign", world.ann, responsible_id=None)
    assert back.status_code == 200
    assert await world.events(ticket) == ["opened", "assigned", "assigned", "transferred"]


async def test_a_retry_of_a_change_is_answered_though_the_version_is_another_now(world: World) -> None:
    ticket = await world.submit()
    headers = {**world.staff(world.ann), "If-Match": '"1"'}
    for _ in range(2):
        assert (await world.act(ticket, "take", headers)).status_code == 200
    assert await world.events(ticket) == ["opened", "assigned"]


async def test_nobody_unknown_or_disabled_becomes_responsible(world: World) -> None:
    ticket = await world.submit()
    for who in (uuid4(), world.user):
        refused = await change(world, ticket, "assign", world.ann, responsible_id=str(who))
        assert refused.json()["errors"][0]["pointer"] == "/responsible_id"
    assert await world.events(ticket) == ["opened"]


async def test_tickets_go_only_to_departments_that_are_enabled(world: World) -> None:
    ticket, disabled = await world.submit(), await _department(world, enabled=False)
    for department in (disabled, uuid4()):
        refused = await change(world, ticket, "transfer", world.ann, department_id=str(department))
        assert refused.json()["errors"][0]["pointer"] == "/department_id"
    assert await world.events(ticket) == ["opened"]


async def test_an_agent_gives_a_ticket_away_and_sees_it_again_when_they_are_made_responsible(world: World) -> None:
    ticket, agent, elsewhere = await world.submit(), await world.hire(Role.AGENT), await _department(world)
    assert (await change(world, ticket, "transfer", agent, department_id=str(elsewhere))).status_code == 200
    assert (await change(world, ticket, "take", agent)).status_code == 404
    assert (await change(world, ticket, "assign", world.ann, responsible_id=str(agent))).status_code == 200
    assert (await world.act(ticket, "block", world.staff(agent))).status_code == 200


async def test_a_department_chosen_by_hand_is_kept_from_the_rules(world: World) -> None:
    ticket, by_hand = await world.submit(), await _department(world)
    await world.place(ticket, world.department)
    await change(world, ticket, "transfer", world.ann, department_id=str(by_hand))
    await world.order_vps()
    edited = await edit(world, ticket, category_id=str(world.vps_category))
    decision = DepartmentDecided(department_id=world.department, judged_version=edited.json()["version"])
    await world.routing.tell(ticket, decision)
    await world.consumed()
    assert await world.events(ticket) == ["opened", "routed", "transferred", "edited"]


async def test_another_category_s_decision_is_adopted_and_the_one_before_is_not(world: World) -> None:
    ticket, other = await world.submit(), uuid4()
    await world.order_vps()
    edited = await edit(world, ticket, category_id=str(world.vps_category))
    await world.routing.tell(
        ticket,
        DepartmentDecided(department_id=world.department, judged_version=1),
        DepartmentDecided(department_id=other, judged_version=edited.json()["version"]),
    )
    await until(world.has_event, ticket, "routed")
    shown = await world.act(ticket, "read", world.staff(world.ann))
    assert shown.json()["department_id"] == str(other)
    assert await world.events(ticket) == ["opened", "edited", "routed", "read"]


async def _department(world: World, *, enabled: bool = True) -> UUID:
    department = uuid4()
    await world.routing.tell(department, DepartmentCreated(name="Other", enabled=enabled))
    await world.consumed()
    return department
