"""What administrators may do to a ticket, by their role and by where it is."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.service.rights import Right, Role
from tests.integration.intake.conftest import World

ANSWERING: dict[str, dict[str, Any]] = {
    "block": {},
    "block/renew": {"token": 1},
    "replies": {"text": "x", "token": 1},
    "notes": {"text": "x"},
    "close": {},
    "reopen": {},
}


async def refusal(world: World, who: UUID, ticket: UUID, what: str) -> tuple[int, str | None]:
    """Status and missing right of an attempt to do this to a ticket."""
    headers, path = world.staff(who), f"/api/intake/tickets/{ticket}"
    if what == "delete":
        answer = await world.http.delete(path, headers=headers)
    elif what == "release":
        answer = await world.http.delete(f"{path}/block", params={"token": 1}, headers=headers)
    else:
        anyhow = {"If-Match": "*"} if what == "take" else {}
        answer = await world.act(ticket, what, {**headers, **anyhow}, **ANSWERING.get(what, {}))
    return answer.status_code, answer.json().get("right")


NEEDED = dict.fromkeys([*ANSWERING, "release"], Right.ANSWER) | {
    "take": Right.ASSIGN,
    "unblock": Right.UNBLOCK,
    "delete": Right.DELETE,
}


async def test_an_observer_sees_and_may_do_nothing_else(world: World) -> None:
    ticket = await world.submit()
    await world.place(ticket, world.department)
    observer = await world.hire(Role.OBSERVER, in_departments=[world.department])
    for what, right in NEEDED.items():
        assert await refusal(world, observer, ticket, what) == (403, right), what
    assert await world.events(ticket) == ["opened", "routed"]


async def test_what_is_in_another_department_is_not_there(world: World) -> None:
    ticket = await world.submit()
    await world.place(ticket, world.department)
    agent = await world.hire(Role.AGENT)
    unknown = await world.act(uuid4(), "block", world.staff(agent))
    for what in (*NEEDED, "read"):
        assert (await refusal(world, agent, ticket, what))[0] == 404, what
    refused = await world.act(ticket, "block", world.staff(agent))
    same = ("type", "title", "status")
    assert [refused.json()[name] for name in same] == [unknown.json()[name] for name in same]


async def test_an_agent_works_in_their_department_and_takes_no_block_away(world: World) -> None:
    ticket = await world.submit()
    await world.place(ticket, world.department)
    agent = await world.hire(Role.AGENT, in_departments=[world.department])
    block = (await world.act(ticket, "block", world.staff(agent))).json()["block"]
    answered = await world.act(ticket, "replies", world.staff(agent), text="Done", token=block["token"])
    assert answered.status_code == 200
    assert answered.headers["ETag"] == f'"{answered.json()["version"]}"'
    await world.act(ticket, "block", world.staff(world.ann))
    assert await refusal(world, agent, ticket, "unblock") == (403, "unblock")


async def test_a_single_right_more_than_the_role_s_counts_where_one_reads(world: World) -> None:
    ticket, elsewhere = await world.submit(), await world.submit()
    await world.place(elsewhere, world.department)
    agent = await world.hire(Role.AGENT, Right.DELETE)
    assert await refusal(world, agent, elsewhere, "delete") == (404, None)
    assert (await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(agent))).status_code == 204


async def test_what_only_an_observer_has_opened_is_still_unread(world: World) -> None:
    ticket = await world.submit()
    observer = await world.hire(Role.OBSERVER)
    assert (await world.act(ticket, "read", world.staff(observer))).status_code == 200
    assert await world.events(ticket) == ["opened"]
    assert (await world.act(ticket, "read", world.staff(world.ann))).status_code == 200
    assert await world.events(ticket) == ["opened", "read"]


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 201), (Role.OBSERVER, 403)])
async def test_who_answers_somewhere_submits_for_clients(world: World, role: Role, status: int) -> None:
    who = await world.hire(role)
    submission = world.submission(user_id=str(world.user))
    submitted = await world.http.post("/api/intake/tickets", json=submission, headers=world.staff(who))
    assert submitted.status_code == status


async def test_a_retry_by_somebody_who_lost_sight_of_the_ticket_shows_next_to_nothing(world: World) -> None:
    ticket = await world.submit()
    agent = await world.hire(Role.AGENT)
    headers = world.staff(agent)
    first = await world.act(ticket, "block", headers)
    await world.place(ticket, world.department)
    again = await world.act(ticket, "block", headers)
    assert (first.json()["block"]["holder_id"], again.json()["block"]) == (str(agent), None)
    assert (again.status_code, again.json()["department_id"]) == (200, None)


async def test_clients_are_told_no_versions_to_edit_by(world: World) -> None:
    ticket = await world.submit()
    assert "ETag" not in (await world.act(ticket, "close", world.client())).headers
