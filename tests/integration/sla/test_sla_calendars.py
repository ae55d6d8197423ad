"""Calendars over HTTP: public holidays, previews, history."""

from datetime import timedelta

from tests.infrastructure.cast import until
from tests.integration.sla.conftest import World
from tests.integration.sla.test_sla_calculate import NINE_TO_FIVE

BERLIN = {"country": "DE", "subdivision": "BE"}


async def test_public_holidays_are_closed_and_previewed(world: World) -> None:
    department = await world.department()
    path = f"departments/{department}/working-hours"
    response = await world.put(path, {"calendar": NINE_TO_FIVE, "public_holidays": BERLIN})
    assert response.status_code == 200, response.text
    assert response.json()["public_holidays"] == BERLIN
    assert response.json()["public_holidays_known_until"] == "2028-12-31"
    days = (await world.get(f"departments/{department}/special-days")).json()["items"]
    by_date = {day["date"]: (day["why"], day["name"]) for day in days}
    assert by_date["2026-01-07"] == ("exception", None)
    assert by_date["2026-03-08"] == ("public_holiday", "Women's Day")
    assert max(by_date) <= "2027-01-06"
    asked = {"op": "due", "start": "2026-04-02T15:00:00Z", "seconds": 3600}
    response = await world.post("calculate", {"department_id": str(department), "calculations": [asked]})
    assert response.json()["results"] == [{"due_at": "2026-04-07T08:00:00Z"}], "Easter is left out"


async def test_a_region_can_be_looked_at_before_it_is_chosen(world: World) -> None:
    listed = {one["country"]: one["subdivisions"] for one in (await world.get("public-holidays")).json()["items"]}
    assert "BE" in listed["DE"]
    found = (await world.get("public-holidays/DE?subdivision=BE")).json()["items"]
    assert {"date": "2026-03-08", "name": "Women's Day"} in found
    assert [day["date"] for day in found] == sorted(day["date"] for day in found)
    assert (await world.get("public-holidays/XX")).status_code == 404
    assert (await world.get("public-holidays/DE?subdivision=XX")).status_code == 422


async def test_a_region_that_is_not_known_is_refused_where_it_is_set(world: World) -> None:
    department = await world.department()
    for body in (
        {"calendar": NINE_TO_FIVE, "public_holidays": {"country": "DE", "subdivision": "XX"}},
        {"calendar": None, "public_holidays": BERLIN},
    ):
        assert (await world.put(f"departments/{department}/working-hours", body)).status_code == 422
    assert (await world.get(f"departments/{department}/working-hours")).json()["version"] == 0


async def test_the_history_tells_who_set_which_hours_the_newest_first(world: World) -> None:
    department = await world.department()
    path = f"departments/{department}/working-hours"
    assert (await world.get(f"{path}/history")).json() == {"items": [], "next_cursor": None}
    for calendar in (NINE_TO_FIVE, None, NINE_TO_FIVE):
        await world.set_hours(department, calendar)
    page = (await world.get(f"{path}/history?limit=2")).json()
    assert [(item["version"], item["actor"]) for item in page["items"]] == [(v, f"user:{world.ann}") for v in (3, 2)]
    assert page["items"][1]["calendar"] is None
    rest = (await world.get(f"{path}/history?limit=2&cursor={page['next_cursor']}")).json()
    assert [item["version"] for item in rest["items"]] == [1]
    assert rest["next_cursor"] is None


async def test_the_next_table_brings_the_next_years_holidays_and_judges_waiting_tickets_again(world: World) -> None:
    department = await world.department()
    hours = {"calendar": {"time_zone": "UTC"}, "public_holidays": BERLIN}
    assert (await world.put(f"departments/{department}/working-hours", hours)).status_code == 200
    await world.set_target(department, 3 * 365 * 86_400)
    ticket = await world.opened(department)

    async def deadlines() -> int:
        return (await world.types(ticket)).count("deadline_set")

    async def told() -> bool:
        return await deadlines() == 1

    await until(told)
    first = await world.due(ticket)
    world.move_to(world.at(days=602))

    async def told_again() -> bool:
        return await deadlines() > 1

    await until(told_again)
    assert first is not None
    later = await world.due(ticket)
    assert later is not None
    assert later >= first + timedelta(days=1), "the holidays of 2029 have become known"
