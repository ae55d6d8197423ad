"""Trying a change of hours or targets on what has been, without any effect."""

from contextlib import aclosing
from typing import Any

import orjson

from services.sla import trying
from services.sla.domain.trial import Trial
from tests.integration.sla.conftest import World
from tests.integration.sla.test_sla_targets import REST, set_targets


async def tried(world: World, **body: Any) -> list[dict[str, Any]]:
    response = await world.post("dry-runs", body)
    assert response.status_code == 200, response.text
    return [orjson.loads(line) for line in response.text.splitlines()]


async def three_waits(world: World) -> tuple[Any, list[Any]]:
    """In a department that answers within 2 h: answered after 1 h and after 3 h, and one still waiting after 5 h."""
    department = await world.department()
    await set_targets(world, REST)
    waiting = [await world.opened(department) for _ in range(3)]
    await world.caught_up()
    for hours, ticket in ((1, waiting[0]), (3, waiting[1])):
        world.move_to(world.at(hours=hours))
        await world.answer(ticket)
    world.move_to(world.at(hours=5))
    await world.caught_up()
    return department, waiting


async def test_other_targets_are_tried_on_what_has_been(world: World) -> None:
    _, waiting = await three_waits(world)
    *_, longer = await tried(world, targets={"targets": [{"name": "Longer", "first_response_seconds": 4 * 3600}]})
    assert (longer["done"], longer["waits"]) == (True, 3)
    assert (longer["breaches"], longer["would_be_breaches"], longer["difference"]) == (2, 1, -1)
    assert [example["ticket_id"] for example in longer["examples"]] == [str(waiting[1])]
    assert longer["examples"][0]["would_be_breached_at"] is None
    *_, shorter = await tried(world, targets={"targets": [{"name": "Shorter", "first_response_seconds": 1800}]})
    assert (shorter["newly"], shorter["no_longer"], shorter["difference"]) == (1, 0, 1)


async def test_other_hours_are_tried_on_what_has_been(world: World) -> None:
    department, _ = await three_waits(world)
    afternoon = {"time_zone": "UTC", "weekly": {"mon": [["11:30", "17:00"]]}}
    *_, last = await tried(world, working_hours={"department_id": str(department), "calendar": afternoon})
    assert (last["breaches"], last["would_be_breaches"], last["no_longer"]) == (2, 1, 1)
    hours = {"department_id": str(department), "calendar": afternoon, "public_holidays": {"country": "DE"}}
    assert (await tried(world, working_hours=hours))[-1]["would_be_breaches"] == 1


async def test_it_tells_how_far_it_has_got_and_has_no_effect(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    _, waiting = await three_waits(world)
    for late in waiting[1:]:
        await world.until_said(late, "deadline_breached")
    before = await world.everything(), await world.kept()
    lines = await tried(world, targets={"targets": []}, days=1)
    assert [line.get("waits") for line in lines] == [1, 2, 3, 3]
    assert {line["of"] for line in lines[:-1]} == {3}
    assert (await world.everything(), await world.kept()) == before


async def test_only_the_waits_of_these_days_count(world: World) -> None:
    await three_waits(world)
    world.move_to(world.at(days=3))
    assert (await tried(world, targets={"targets": []}, days=1))[-1]["waits"] == 0
    assert (await tried(world, targets={"targets": []}, days=4))[-1]["waits"] == 3


async def test_it_stops_when_nobody_reads_on(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    await three_waits(world)
    async with aclosing(world.sla.trying.run(Trial(targets=[]), 30)) as steps:
        first = await anext(steps)
    assert first["waits"] == 1
    assert [step async for step in steps] == []


async def test_a_dry_run_of_nothing_or_of_what_cannot_be_is_refused(world: World) -> None:
    assert (await world.post("dry-runs", {})).status_code == 422
    assert (await world.post("dry-runs", {"targets": {"targets": []}, "days": 0})).status_code == 422
    unknown = {"department_id": "01980000-0000-7000-8000-00000000d001", "calendar": None}
    assert (await world.post("dry-runs", {"working_hours": unknown})).status_code == 404
