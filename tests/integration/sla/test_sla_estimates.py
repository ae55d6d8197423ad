"""When an answer can be expected: what clients see of hours and targets, and nothing else."""

from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.accounts import AccountCreated, OrderedService
from libs.events.catalogue.routing import CategoryCreated
from tests.integration.sla.conftest import World
from tests.integration.sla.test_sla_calculate import NINE_TO_FIVE
from tests.integration.sla.test_sla_targets import REST, URGENT, set_targets


async def known(world: World, *product_types: str) -> tuple[UUID, UUID, UUID]:
    """A department that works Berlin's hours, a category of it for these products, and an account that has vps."""
    department, category, account = await world.department(), uuid4(), uuid4()
    facts = CategoryCreated(name="Mail", default_department_id=department, product_types=list(product_types))
    await world.players["routing"].tell(category, facts)
    services = [OrderedService(product_type="vps", price=5)]
    await world.players["accounts"].tell(account, AccountCreated(name="Acme", services=services))
    await world.caught_up()
    await world.set_hours(department, NINE_TO_FIVE)
    return department, category, account


async def expected(world: World, path: str, account: UUID) -> Any:
    response = await world.get(path, world.client(account))
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["expected_by"]
    return response.json()["expected_by"]


async def test_a_client_is_told_before_submitting_by_category_and_urgency(world: World) -> None:
    _, category, account = await known(world)
    path = f"estimates?category_id={category}"
    assert await expected(world, path, account) is None, "there is no target yet"
    await set_targets(world, URGENT, REST)
    assert await expected(world, path, account) == "2026-01-05T11:00:00Z"
    assert await expected(world, f"{path}&urgency=high", account) == "2026-01-05T09:30:00Z"
    world.move_to(world.at(hours=6, minutes=30))
    assert await expected(world, path, account) == "2026-01-07T22:30:00Z", "not on the closed dates in between"


async def test_a_client_is_told_only_of_categories_open_to_the_own_account(world: World) -> None:
    _, category, account = await known(world, "mailbox")
    assert (await world.get(f"estimates?category_id={category}", world.client(account))).status_code == 404
    assert (await world.get(f"estimates?category_id={uuid4()}", world.client(account))).status_code == 404
    _, open_one, other = await known(world, "vps")
    of_project = CategoryCreated(name="Brand", default_department_id=uuid4(), project_id=uuid4())
    await world.players["routing"].tell(branded := uuid4(), of_project)
    await world.caught_up()
    assert (await world.get(f"estimates?category_id={branded}", world.client(other))).status_code == 404
    path = f"estimates?category_id={open_one}"
    assert (await world.get(f"{path}&account_id={other}", world.client(account))).status_code == 403
    assert (await world.get(f"{path}&account_id={other}")).status_code == 200
    assert (await world.get(path)).status_code == 422


async def test_a_client_is_told_of_a_ticket_until_it_is_answered_or_late(world: World) -> None:
    department, _, account = await known(world)
    await set_targets(world, REST)
    ticket = await world.opened(department, account=account)
    await world.until_due(ticket, world.at(hours=2))
    path = f"tickets/{ticket}/estimate"
    assert await expected(world, path, account) == "2026-01-05T11:00:00Z"
    world.move_to(world.at(hours=3))
    assert await expected(world, path, account) is None
    await world.answer(ticket)
    await world.caught_up()
    assert await expected(world, path, account) is None


async def test_another_accounts_ticket_is_not_there(world: World) -> None:
    department, _, account = await known(world)
    ticket = await world.opened(department, account=account)
    await world.caught_up()
    assert (await world.get(f"tickets/{ticket}/estimate", world.client(uuid4()))).status_code == 404
    assert (await world.get(f"tickets/{ticket}/estimate")).status_code == 200
    for path in (f"tickets/{ticket}", "targets", f"departments/{department}/working-hours"):
        assert (await world.get(path, world.client(account))).status_code == 403, "nothing else is for clients"
