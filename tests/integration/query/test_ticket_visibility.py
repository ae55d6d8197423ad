"""A ticket is there only for those who may know of it: those of its department, who is responsible, and owners."""

import asyncio
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import accounts, intake
from libs.service.auth import Caller
from libs.service.rights import Role
from tests.integration.query.query_world import PATIENCE_SECONDS, World

OWN, OTHER = uuid4(), uuid4()


async def numbers(world: World, headers: dict[str, str], **asked: object) -> set[UUID]:
    return {UUID(row["id"]) for row in (await world.found("tickets", headers, state="all", **asked))["items"]}


async def test_an_agent_sees_the_own_departments_those_without_one_and_what_is_assigned(world: World) -> None:
    agent = await world.employ(OWN)
    own, elsewhere, assigned, unplaced = [await world.open_ticket() for _ in range(4)]
    await world.place(own, OWN)
    for ticket in (elsewhere, assigned):
        await world.place(ticket, OTHER)
    await world.players["intake"].tell(assigned, intake.TicketAssigned(responsible_id=agent))
    await world.caught_up()

    seen, headers = {own, assigned, unplaced}, world.staff_as(agent)
    assert await numbers(world, headers) == seen
    assert await numbers(world, world.staff()) == seen | {elsewhere}
    for asked in (
        {"department_id": str(OTHER)},
        {"account_id": str(world.account)},
        {"responsible_id": str(agent)},
        {"department_id": str(UUID(int=0))},
        {"blocked": False},
        {"sort": "id"},
    ):
        everything = await numbers(world, world.staff(), **asked)
        assert await numbers(world, headers, **asked) == everything & seen
    for ticket in (own, elsewhere, assigned, unplaced):
        for path in ("", "/history", "/weight"):
            expected = 200 if ticket in seen else 404
            assert (await world.get(f"tickets/{ticket}{path}", headers)).status_code == expected


async def test_a_ticket_says_what_its_reader_may_do_to_it(world: World) -> None:
    agent, observer = await world.employ(OWN), await world.employ(OTHER, role=Role.OBSERVER)
    own, other = await world.open_ticket(), await world.open_ticket()
    await world.place(own, OWN)
    await world.place(other, OTHER)
    await world.caught_up()
    system = Caller(kind="system", id="billing", scopes=frozenset({"tickets:read"}))
    for headers, ticket, rights in (
        (world.staff(), own, ["answer", "assign", "delete", "read", "unblock"]),
        (world.staff_as(agent), own, ["answer", "assign", "read"]),
        (world.staff_as(observer), other, ["read"]),
        (world.headers(system), own, []),
    ):
        assert (await world.get(f"tickets/{ticket}", headers)).json()["rights"] == rights


async def test_a_ticket_out_of_sight_is_refused_like_one_that_never_was(world: World) -> None:
    agent = world.staff_as(await world.employ(OWN))
    ticket = await world.open_ticket()
    await world.place(ticket, OTHER)
    await world.caught_up()
    for path in ("", "/history", "/weight"):
        hidden = await world.get(f"tickets/{ticket}{path}", agent)
        absent = await world.get(f"tickets/{uuid4()}{path}", agent)
        said = [{**answer.json(), "correlation_id": None} for answer in (hidden, absent)]
        assert said[0] == said[1]


async def test_of_a_deleted_ticket_learn_owners_systems_and_who_deleted_it(world: World) -> None:
    agent, other = await world.employ(OWN), await world.employ()
    ticket = await world.open_ticket()
    await world.place(ticket, OWN)
    cause = world.cause(f"user:{agent}")
    await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001), cause=cause)
    await world.caught_up()
    system = Caller(kind="system", id="billing", scopes=frozenset({"tickets:read"}))
    for headers, status in (
        (world.staff(), 410),
        (world.headers(system), 410),
        (world.staff_as(agent), 410),
        (world.staff_as(other), 404),
        (world.client(), 404),
    ):
        assert (await world.get(f"tickets/{ticket}", headers)).status_code == status
        assert (await world.get(f"tickets/{ticket}/history", headers)).status_code == status


async def test_who_heads_a_department_sees_it_without_being_a_member(world: World) -> None:
    head, department = await world.employ(role=Role.OBSERVER), uuid4()
    ticket = await world.open_ticket()
    await world.place(ticket, department)
    await world.manned(department, head=head)
    await world.caught_up()
    await until_listed(world, head, {ticket})


async def test_new_rights_count_at_once(world: World) -> None:
    agent, ticket = await world.employ(OWN), await world.open_ticket()
    await world.place(ticket, OTHER)
    await world.caught_up()
    assert await numbers(world, world.staff_as(agent)) == set()
    await world.players["accounts"].tell(agent, accounts.AdministratorChanged(name="A", email="a@x", role=Role.OWNER))
    await world.caught_up()
    await until_listed(world, agent, {ticket})
    changed = accounts.AdministratorChanged(name="A", email="a@x", role=Role.OWNER, enabled=False)
    await world.players["accounts"].tell(agent, changed)
    await world.caught_up()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await world.get("tickets", world.staff_as(agent))).status_code != 403:  # noqa: ASYNC110 - as below
            await asyncio.sleep(0.01)


async def until_listed(world: World, administrator: UUID, tickets: set[UUID]) -> None:
    """Rights are read again when they have changed, which is a moment after the lists have."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await numbers(world, world.staff_as(administrator)) != tickets:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("path", ["tickets", f"tickets/{UUID(int=1)}/weight"])
async def test_lists_and_weights_are_no_business_of_clients(world: World, path: str) -> None:
    assert (await world.get(path, world.client())).status_code == 403
