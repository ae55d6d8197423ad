"""Random calendars around the days on which the clocks of some zone are set."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from libs.worktime import Calendar, CompiledCalendar, compile_calendar, to_micros
from tests.unit.worktime.wall_walk import WEEKDAYS
from tests.unit.worktime.worktime_builders import utc

DAYS_AROUND = 4
ASKED_AROUND = timedelta(days=2)

CLOCKS_SET = [
    ("Europe/Berlin", "2025-03-30"),
    ("Europe/Berlin", "2025-10-26"),
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("Australia/Lord_Howe", "2025-04-05"),  # by half an hour
    ("Australia/Lord_Howe", "2025-10-04"),
    ("Africa/Casablanca", "2025-02-23"),  # for Ramadan
    ("Africa/Casablanca", "2025-04-06"),
    ("America/Sao_Paulo", "2015-10-18"),  # at midnight
    ("America/Sao_Paulo", "2016-02-21"),
    ("America/St_Johns", "2010-11-07"),  # a minute after midnight
    ("Asia/Kathmandu", "1985-12-31"),  # by a quarter of an hour, once
    ("Pacific/Apia", "2011-12-30"),  # by a whole day
    ("Pacific/Kwajalein", "1993-08-21"),  # likewise
    ("Antarctica/Troll", "2025-03-30"),  # by two hours
    ("Asia/Kathmandu", "2025-06-05"),  # not at all
    ("UTC", "2025-06-05"),
]

_TELLING = ["00:00", "00:01", "00:30", "01:00", "01:45", "02:00", "02:15", "02:30", "03:00", "23:00", "23:30"]
_starts = st.sampled_from(_TELLING) | st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
_ends = st.just("24:00") | _starts
_intervals = st.lists(st.tuples(_starts, _ends), max_size=3)
_weeks = st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(WEEKDAYS, _intervals))


class World(NamedTuple):
    """A calendar, and the range that questions may be about."""

    calendar: Calendar
    around: datetime

    @property
    def since(self) -> int:
        return to_micros(self.around - ASKED_AROUND)

    @property
    def until(self) -> int:
        return to_micros(self.around + ASKED_AROUND)

    def table(self) -> CompiledCalendar:
        return compile_calendar(self.calendar, self.since, self.until)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zone, day = draw(st.sampled_from(CLOCKS_SET))
    around = utc(f"{day} 00:00")
    dates = st.integers(-DAYS_AROUND, DAYS_AROUND).map(lambda days: (around + timedelta(days=days)).date())
    calendar = Calendar.model_validate(
        {
            "time_zone": zone,
            "weekly": draw(_weeks),
            "holidays": draw(st.lists(dates, max_size=2)),
            "exceptions": draw(st.dictionaries(dates, _intervals, max_size=2)),
        }
    )
    return World(calendar, around)


def instants(world: World) -> st.SearchStrategy[int]:
    """Any microsecond of the range, and every so often a whole minute, where things change."""
    minutes = st.integers(0, (world.until - world.since) // 60_000_000 - 1)
    return st.integers(world.since, world.until - 1) | minutes.map(lambda n: world.since + n * 60_000_000)


amounts = st.integers(1, 60).map(lambda n: n * 1_800_000_000) | st.integers(1, 10**11)
