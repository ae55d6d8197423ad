"""Open tickets are judged again when somebody asks for it: in the background, on from where it was, until stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from libs.events.catalogue.accounts import AccountChanged, Attitude
from libs.events.catalogue.intake import TicketClosed, TicketDeleted
from libs.events.log import TimePassed
from tests.integration.routing.conftest import PATIENCE_SECONDS, Stage, World


async def ask(world: World, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await world.http.post("rejudgements", headers=headers or world.staff())
    assert answer.status_code == 202, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


async def finished(world: World, run: str) -> dict[str, Any]:
    rejudging = world.app.state.runtime.rejudging
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (stepped := rejudging.stepped) and (shown := await shown_as(world, run))["state"] == "running":
            await stepped.wait()
    return shown


async def shown_as(world: World, run: str) -> dict[str, Any]:
    answer = await world.http.get(f"rejudgements/{run}", headers=world.staff())
    shown: dict[str, Any] = answer.json()
    return shown


async def departments(world: World, ticket: UUID) -> list[str]:
    found = [event["data"] for event in await world.decided(ticket)]
    return [data["department_id"] for data in found if "department_id" in data]


async def test_open_tickets_are_judged_by_the_rules_of_today_if_asked(world: World) -> None:
    first, second = await world.department(), await world.department()
    category = await world.category(first)
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    await world.register()
    tickets = [await world.open_ticket(category) for _ in range(60)]
    await world.intake.tell(tickets[0], TicketClosed())
    await world.intake.tell(tickets[1], TicketDeleted(number=1))
    await world.consumed()
    await world.submission_rule({"department_id": str(second)})
    await world.rule("Always", 3)
    assert await departments(world, tickets[2]) == [str(first)], "rules are for new tickets"
    run = await ask(world)
    assert (run["state"], run["total"], run["actor"]) == ("running", 58, f"user:{world.ann}")
    shown = await finished(world, run["id"])
    assert (shown["state"], shown["done"], shown["changed"]) == ("done", 58, 58)
    assert await departments(world, tickets[0]) == [str(first)]
    for ticket in (tickets[2], tickets[-1]):
        assert await departments(world, ticket) == [str(first), str(second)]
        assert await world.points(ticket) == [0, 3]
    await world.accounts.tell(world.account, AccountChanged(name="Acme", attitude=Attitude.BAD))
    assert (await world.points(tickets[2]))[-1] == -2, "and they stay so, whatever comes next"
    again = await finished(world, (await ask(world))["id"])
    assert (again["done"], again["changed"]) == (58, 0)
    listed = (await world.http.get("rejudgements", headers=world.staff())).json()["items"]
    assert [one["id"] for one in listed] == [again["id"], run["id"]]


async def test_one_run_at_a_time_and_a_retry_is_the_same(world: World) -> None:
    world.app.state.runtime.rejudging.step = _nothing
    headers = world.staff()
    run = await ask(world, headers)
    assert await ask(world, headers) == run
    assert (await world.http.post("rejudgements", headers=world.staff())).status_code == 409
    stopped = await world.http.delete(f"rejudgements/{run['id']}", headers=world.staff())
    assert stopped.json()["state"] == "stopped"
    assert await ask(world, headers) == stopped.json()
    assert (await ask(world))["id"] != run["id"]


async def _nothing() -> bool:
    return False


async def _stepped(step: Callable[[], Awaitable[bool]]) -> bool:
    """Whether some were judged; not on a machine that is too slow this time."""
    try:
        return await step()
    except TimePassed:
        return False


async def test_a_run_goes_on_after_a_restart_and_judges_none_twice(stage: Stage) -> None:
    async with stage.routing() as world:
        await world.populate()
        first, second = await world.department(), await world.department()
        category = await world.category(first)
        tickets = [await world.open_ticket(category) for _ in range(120)]
        await world.consumed()
        await world.submission_rule({"department_id": str(second)})
        rejudging = world.app.state.runtime.rejudging
        step = rejudging.step
        rejudging.step = _nothing
        run = await ask(world)
        while not await _stepped(step):
            pass
    async with stage.routing() as again:
        again.ann = world.ann
        again.key = world.key
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "k" not in again.key_ring.kids:  # noqa: ASYNC110 - a key ring tells nobody of its keys
                await asyncio.sleep(0.01)
        shown = await finished(again, run["id"])
        assert (shown["state"], shown["done"], shown["changed"]) == ("done", 120, 120)
        for ticket in tickets:
            assert await departments(again, ticket) == [str(first), str(second)]
