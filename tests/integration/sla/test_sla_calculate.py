"""Working time as a pure calculation over HTTP."""

from typing import Any
from uuid import uuid4

from tests.integration.sla.conftest import World

NINE_TO_FIVE = {
    "time_zone": "Europe/Berlin",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2026-01-06"],
    "exceptions": {"2026-01-07": [["22:00", "02:00"]], "2026-01-08": []},
}
FRIDAY = "2026-01-09T15:30:00Z"


async def asked(world: World, *calculations: dict[str, Any], **about: Any) -> list[Any]:
    response = await world.post("calculate", {**about, "calculations": list(calculations)})
    assert response.status_code == 200, response.text
    results: list[Any] = response.json()["results"]
    return results


async def test_a_calendar_that_comes_along_answers_each_kind_of_question_in_order(world: World) -> None:
    results = await asked(
        world,
        {"op": "due", "start": FRIDAY, "seconds": 3600},
        {"op": "used", "start": "2026-01-05T15:00:00Z", "end": "2026-01-09T09:00:00Z"},
        {"op": "open", "at": "2026-01-05T08:00:00+01:00"},
        {"op": "open", "at": "2026-01-05T09:00:00+01:00"},
        {"op": "next_change", "at": FRIDAY},
        calendar=NINE_TO_FIVE,
    )
    assert results == [
        {"due_at": "2026-01-12T08:30:00Z"},
        {"seconds": (1 + 4 + 1) * 3600},
        {"open": False},
        {"open": True},
        {"at": "2026-01-09T16:00:00Z", "opens": False},
    ]


async def test_a_department_answers_by_the_hours_its_deadlines_are_made_with(world: World) -> None:
    department = await world.department()
    await world.set_hours(department, NINE_TO_FIVE)
    await world.set_target(department, 5 * 3600)
    ticket = await world.opened(department)
    question = {"op": "due", "start": world.clock.now().isoformat(), "seconds": 5 * 3600}
    (result,) = await asked(world, question, department_id=str(department))
    await world.until_due(ticket, world.at(hours=5))
    assert result == {"due_at": world.at(hours=5).isoformat().replace("+00:00", "Z")}


async def test_hours_nobody_has_set_are_always_open(world: World) -> None:
    department = await world.department()
    results = await asked(
        world, {"op": "next_change", "at": FRIDAY}, {"op": "open", "at": FRIDAY}, department_id=str(department)
    )
    assert results == [{"at": None, "opens": None}, {"open": True}]


async def test_what_cannot_be_answered_says_so_in_its_place(world: World) -> None:
    results = await asked(
        world,
        {"op": "open", "at": "1850-01-01T00:00:00Z"},
        {"op": "used", "start": FRIDAY, "end": "2150-01-01T00:00:00Z"},
        {"op": "due", "start": FRIDAY, "seconds": 1},
        {"op": "due", "start": FRIDAY, "seconds": 6e9},
        calendar=NINE_TO_FIVE,
    )
    assert [list(result) for result in results] == [["error"], ["error"], ["due_at"], ["due_at"]]
    assert results[3] == {"due_at": None}


async def test_nothing_at_all_is_kept(world: World) -> None:
    department, before = await world.department(), await world.everything()
    await asked(world, {"op": "open", "at": FRIDAY}, department_id=str(department))
    assert await world.everything() == before
    assert await world.database.fetchval("select count(*) from idempotency") == 0


async def test_a_thousand_at_once_and_no_more(world: World) -> None:
    one = {"op": "due", "start": FRIDAY, "seconds": 3600}
    assert len(await asked(world, *[one] * 1000, calendar=NINE_TO_FIVE)) == 1000
    response = await world.post("calculate", {"calendar": NINE_TO_FIVE, "calculations": [one] * 1001})
    assert response.status_code == 422


async def test_bad_questions_are_refused_with_the_place_of_the_mistake(world: World) -> None:
    good = {"op": "open", "at": FRIDAY}
    for body, pointer in (
        ({"calendar": NINE_TO_FIVE, "calculations": [good, {"op": "open", "at": "2026-01-09T15:30:00"}]}, "/1/"),
        ({"calendar": NINE_TO_FIVE, "calculations": [{"op": "guess", "at": FRIDAY}]}, "/calculations/0"),
        ({"calendar": {"time_zone": "Mars/Olympus"}, "calculations": [good]}, "/calendar/time_zone"),
        ({"calendar": {"time_zone": "UTC", "weekly": {"mon": [["8", "9"]]}}, "calculations": [good]}, "/weekly/mon"),
        ({"department_id": str(uuid4()), "calculations": [good]}, "/department_id"),
        ({"calculations": [good]}, ""),
        ({"calendar": NINE_TO_FIVE, "department_id": str(uuid4()), "calculations": [good]}, ""),
        ({"calendar": NINE_TO_FIVE, "calculations": []}, "/calculations"),
    ):
        response = await world.post("calculate", body)
        assert response.status_code == 422, body
        assert pointer in response.json()["errors"][0]["pointer"]
