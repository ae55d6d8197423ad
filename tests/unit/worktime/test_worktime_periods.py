"""What is counted by the week is what is counted segment by segment."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.worktime import BEGINNING, FOREVER, Calendar, compile_calendar, to_micros
from libs.worktime.instants import DAY, SECOND
from libs.worktime.periods import Periods
from libs.worktime.zones import load_zone, zone_clock, zone_names
from tests.unit.worktime.wall_walk import WEEKDAYS
from tests.unit.worktime.worktime_builders import EVERY_DAY, NINE_TO_FIVE, calendar, hours, local, utc, working_time
from tests.unit.worktime.worktime_strategies import World, amounts, instants, worlds

ZONES = sorted(zone_names())
_clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30, 59]))
_hours = st.lists(st.tuples(_clocks, st.just("24:00") | _clocks), max_size=2)


@st.composite
def calendars_for_years(draw: st.DrawFn) -> tuple[Calendar, int, int]:
    """Any zone in any years, with special dates strewn over them."""
    since = utc("1901-01-01 00:00") + timedelta(days=draw(st.integers(0, 71_000)), minutes=draw(st.integers(0, 1440)))
    days = draw(st.integers(1, 500))
    dates = st.integers(-3, days + 3).map(lambda number: (since + timedelta(days=number)).date())
    rules = {
        "time_zone": draw(st.sampled_from(ZONES)),
        "weekly": draw(st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(WEEKDAYS, _hours))),
        "holidays": draw(st.lists(dates, max_size=6)),
        "exceptions": draw(st.dictionaries(dates, _hours, max_size=6)),
    }
    return Calendar.model_validate(rules), to_micros(since), to_micros(since + timedelta(days=days))


@settings(max_examples=150, deadline=None)
@given(calendars_for_years(), st.data())
def test_any_calendar_in_any_zone_and_year_counts_by_the_week_as_by_the_segment(
    drawn: tuple[Calendar, int, int], data: st.DataObject
) -> None:
    rules, since, until = drawn
    periods, table = Periods(rules, since, until), compile_calendar(rules, since, until)
    edges = [edge for segment in zip(table.opens, table.closes, strict=True) for edge in segment if edge <= until]
    somewhere = st.integers(since, until) | st.sampled_from([since, until, *edges])
    for at in data.draw(st.lists(somewhere, min_size=5, max_size=20)):
        assert periods.worked(at) == table.worked(at)
        if at < until:
            assert periods.is_open(at) == table.is_open(at)
    assert periods.worked(until) == table.worked(until)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.data())
def test_where_clocks_are_set_it_answers_like_a_table(world: World, data: st.DataObject) -> None:
    periods = Periods(world.calendar, BEGINNING, FOREVER)
    table = compile_calendar(world.calendar, world.since, world.until)
    start, end, amount = data.draw(instants(world)), data.draw(instants(world)), data.draw(amounts)
    assert periods.used(start, end) == table.used(start, end)
    due = periods.due(start, amount)
    if due is not None and due <= world.until:
        assert due == table.due(start, amount)
    else:
        assert table.used(start, world.until) < amount
    change = periods.next_change(start)
    if change is not None and change < world.until:
        assert change == table.next_change(start)
    else:
        assert table.used(start, world.until) in {0, world.until - start}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe", "UTC"])
def test_the_clock_of_a_zone_knows_each_time_it_is_set(zone: str) -> None:
    """Asked day by day, which is what the library need not do."""
    clock, wall = zone_clock(zone), load_zone(zone)
    noons = range(BEGINNING + DAY // 2, FOREVER, DAY)
    for noon in noons:
        offset = datetime.fromtimestamp(noon // SECOND, wall).utcoffset()
        assert offset is not None
        assert clock.offset(noon) == offset // timedelta(microseconds=1)
    instants = [change.at for change in clock.changes]
    crossed = {bisect_right(instants, noon) for noon in noons}
    assert len(crossed) == len(instants) + 1, "no two changes on one day"


def test_a_century_is_counted_without_looking_at_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr("libs.worktime.rules.Rules.spans", lambda _, day: looked_at.append(day))
    always_the_same = calendar(NINE_TO_FIVE, EVERY_DAY, zone="Asia/Kathmandu")
    periods = Periods(always_the_same, to_micros(utc("2000-01-01 00:00")), FOREVER)
    assert periods.used(periods.since, FOREVER) == 8 * 3600 * SECOND * 36_525
    assert not looked_at


def test_ten_years_with_24_closed_days_each_are_laid_out_by_the_closed_days() -> None:
    closed = tuple(
        f"{year}-{month:02}-{day}" for year in range(2025, 2035) for month in range(1, 13) for day in (11, 22)
    )
    department = working_time(NINE_TO_FIVE, EVERY_DAY, zone="UTC", holidays=closed)
    used = department.used(utc("2025-01-01 00:00"), utc("2035-01-01 00:00"))
    assert used == hours(8 * (3652 - 240))


def test_a_calendar_open_once_a_century_is_found_to_open() -> None:
    once = working_time([], exceptions={"2090-01-02": [["09:00", "10:00"]]})
    assert once.next_change(utc("2025-01-01 00:00")) == local("2090-01-02 09:00")
    assert once.due(utc("2025-01-01 00:00"), hours(1)) == local("2090-01-02 10:00")
    assert once.due(utc("2025-01-01 00:00"), hours(1.5)) is None
    assert once.never_opens(datetime(2090, 1, 3, tzinfo=UTC))
