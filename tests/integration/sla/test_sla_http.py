"""Setting hours and targets over HTTP, and asking why."""

from datetime import timedelta
from uuid import uuid4

import orjson

from libs.worktime import CompiledCalendar, to_micros
from tests.infrastructure.cast import until
from tests.integration.sla.conftest import World

NINE_TO_FIVE = {"time_zone": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]]}}


async def test_a_department_that_nobody_has_told_anything_is_always_open_and_has_no_target(world: World) -> None:
    department = await world.department()
    hours = await world.get(f"departments/{department}/working-hours")
    assert hours.json() == {
        "department_id": str(department),
        "calendar": None,
        "public_holidays": None,
        "public_holidays_known_until": None,
        "version": 0,
        "since": None,
        "never_opens": False,
    }
    target = await world.get(f"departments/{department}/target")
    assert (target.json()["response_seconds"], target.json()["version"]) == (None, 0)


async def test_hours_that_were_set_are_read_back_with_their_version(world: World) -> None:
    path = f"departments/{await world.department()}/working-hours"
    response = await world.put(path, {"calendar": NINE_TO_FIVE})
    assert response.status_code == 200
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Consistency-Token"].startswith("sla.")
    read = await world.get(path)
    assert read.headers["ETag"] == '"1"'
    assert read.json()["calendar"]["weekly"]["mon"] == [["09:00", "17:00"]]
    assert read.json() == response.json()


async def test_what_was_set_before_is_only_replaced_by_who_has_seen_it(world: World) -> None:
    path = f"departments/{await world.department()}/target"
    assert (await world.put(path, {"response_seconds": 60})).status_code == 200
    assert (await world.put(path, {"response_seconds": 90})).status_code == 428
    assert (await world.put(path, {"response_seconds": 90}, **{"If-Match": '"0"'})).status_code == 412
    changed = await world.put(path, {"response_seconds": 90}, **{"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


async def test_a_share_is_a_number_and_a_holiday_is_written_out(world: World) -> None:
    """`true` is no share of 1, and 0 is no holiday in 1970, though Python would have it so."""
    path = f"departments/{await world.department()}"
    target = await world.put(f"{path}/target", {"response_seconds": 60, "warning_share": True})
    hours = await world.put(f"{path}/working-hours", {"calendar": {**NINE_TO_FIVE, "holidays": [0]}})
    told = [[error["pointer"] for error in answer.json()["errors"]] for answer in (target, hours)]
    assert told == [["/warning_share"], ["/calendar/holidays/0"]]


async def test_the_same_again_is_no_change(world: World) -> None:
    path = f"departments/{await world.department()}/target"
    for _ in range(2):
        assert (await world.put(path, {"response_seconds": 60})).headers["ETag"] == '"1"'
    assert await world.database.fetchval("select count(*) from log") == 1


async def test_hours_that_never_open_are_taken_and_said_to_be_so(world: World) -> None:
    department = await world.department()
    closed = {"time_zone": "Europe/Berlin", "weekly": {}}
    response = await world.put(f"departments/{department}/working-hours", {"calendar": closed})
    assert (response.status_code, response.json()["never_opens"]) == (200, True)


async def test_an_unknown_department_has_nothing_to_set(world: World) -> None:
    assert (await world.put(f"departments/{uuid4()}/target", {"response_seconds": 60})).status_code == 404
    assert (await world.get(f"departments/{uuid4()}/working-hours")).status_code == 404


async def test_bad_input_is_refused_and_leaves_no_trace(world: World) -> None:
    department = await world.department()
    hours = f"departments/{department}/working-hours"
    many = [[f"{n // 60:02}:{n % 60:02}", f"{n // 60:02}:{n % 60 + 1:02}"] for n in range(0, 1440, 20)]
    for calendar in (
        {**NINE_TO_FIVE, "time_zone": "Europe/Atlantis"},
        {**NINE_TO_FIVE, "weekly": {"mon": [["9", "17"]]}},
        {**NINE_TO_FIVE, "weekly": {"mon": many}},
    ):
        response = await world.put(hours, {"calendar": calendar})
        assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    for target in ({"response_seconds": -1}, {"response_seconds": 60, "warning_share": 2}, {}):
        assert (await world.put(f"departments/{department}/target", target)).status_code == 422
    assert await world.database.fetchval("select count(*) from log") == 0


async def test_only_administrators_may_ask_or_set(world: World) -> None:
    department = await world.department()
    client = world.headers("client")
    for path in (f"departments/{department}/target", f"departments/{department}/working-hours", f"tickets/{uuid4()}"):
        assert (await world.get(path, client)).status_code == 403
        assert (await world.get(path, {})).status_code == 401
    refused = await world.put(f"departments/{department}/target", {"response_seconds": 1}, **client)
    assert refused.status_code == 403


async def test_a_deadline_is_explained_regime_by_regime(world: World) -> None:
    first, second = await world.department(), await world.department()
    await world.set_target(first, 3600)
    await world.set_target(second, 7200)
    ticket = await world.opened(first)
    world.move_to(world.at(minutes=30))
    await world.transfer(ticket, second)
    await world.until_due(ticket, world.at(hours=2))
    world.move_to(world.at(minutes=45))
    found = (await world.get(f"tickets/{ticket}")).json()
    assert (found["used_seconds"], found["remaining_seconds"]) == (45 * 60, 75 * 60)
    assert (found["due_at"], found["breached"]) == ("2026-01-05T11:00:00Z", False)
    assert [(r["department_id"], r["target_seconds"], r["used_before_seconds"]) for r in found["regimes"]] == [
        (str(first), 3600, 0),
        (str(second), 7200, 1800),
    ]


async def test_the_table_of_a_calendar_is_told_and_told_again_before_it_ends(world: World) -> None:
    department = await world.department()
    await world.set_hours(department, NINE_TO_FIVE)
    first = (await _tables(world))[0]
    world.move_to(world.at(days=301))

    async def told_again() -> bool:
        return len(await _tables(world)) == 2

    await until(told_again)
    later = (await _tables(world))[1]
    assert later.until > to_micros(world.at(days=700))
    both = to_micros(world.at(days=350) + timedelta(hours=3))
    assert first.worked(both) == later.worked(both)


async def _tables(world: World) -> list[CompiledCalendar]:
    rows = await world.database.fetch("select envelope from log where type = 'calendar.compiled.v1' order by position")
    return [CompiledCalendar.model_validate(orjson.loads(row["envelope"])["data"]) for row in rows]
