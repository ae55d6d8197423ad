"""When departments are open around now, for whoever counts remaining time down."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from libs.events.catalogue.sla import CalendarCompiled
from libs.worktime import to_micros
from tests.integration.query.query_world import World

HOUR = timedelta(hours=1)


async def compiled(world: World, department: UUID, version: int, *opened: tuple[datetime, datetime]) -> None:
    """The department is open at these times of a month ahead, and of none behind."""
    now = datetime.now(UTC)
    sums = [0]
    for opens, closes in opened:
        sums.append(sums[-1] + to_micros(closes) - to_micros(opens))
    await world.players["sla"].tell(
        uuid4(),
        CalendarCompiled(
            department_id=department,
            version=version,
            since=to_micros(now - 30 * 24 * HOUR),
            until=to_micros(now + 30 * 24 * HOUR),
            opens=[to_micros(opens) for opens, _ in opened],
            closes=[to_micros(closes) for _, closes in opened],
            sums=sums,
        ),
    )
    await world.caught_up()


async def test_the_hours_in_force_are_told_as_far_as_they_are_near(world: World) -> None:
    department, closed, now = uuid4(), uuid4(), datetime.now(UTC)
    await compiled(world, department, 1, (now, now + HOUR))
    await compiled(
        world,
        department,
        2,
        (now - 9 * HOUR, now + HOUR),
        (now + 12 * HOUR, now + 13 * HOUR),
        (now + 700 * HOUR, now + 701 * HOUR),
    )
    await compiled(world, closed, 1)

    found = await world.found("calendars", world.staff())

    hours = {UUID(each["department_id"]): each for each in found["items"]}
    assert hours.keys() == {department, closed}
    assert hours[closed]["opens"] == hours[closed]["closes"] == []
    since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
    opens = [datetime.fromisoformat(one) for one in hours[department]["opens"]]
    closes = [datetime.fromisoformat(one) for one in hours[department]["closes"]]
    assert opens == [since, now + 12 * HOUR]
    assert closes == [now + HOUR, now + 13 * HOUR]
    assert since < datetime.fromisoformat(found["as_of"]) < until


async def test_hours_are_the_staffs_to_know(world: World) -> None:
    answer = await world.get("calendars", world.client())
    assert answer.status_code == 403
