"""What a calendar says about each date."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property

from libs.worktime.calendar import Calendar, Intervals
from libs.worktime.segments import Segment, merged
from libs.worktime.zones import load_zone, readings

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
_ALWAYS: Intervals = (("00:00", "24:00"),)

Span = tuple[int, int]
"""Open from and until, in minutes from a date's midnight; the end may lie on the next date."""


class Rules:
    """A calendar's intervals as spans: those of a week, and those of the dates that are special."""

    def __init__(self, calendar: Calendar) -> None:
        week = calendar.weekly.days() if calendar.weekly else (_ALWAYS,) * 7
        special = dict.fromkeys(calendar.holidays, ()) | calendar.exceptions
        self.zone = load_zone(calendar.time_zone)
        self.week = [_spans(intervals) for intervals in week]
        self.special = {day: _spans(intervals) for day, intervals in special.items()}

    def spans(self, day: date) -> Sequence[Span]:
        """Those that start on this date."""
        return self.special.get(day, self.week[day.weekday()])

    def segment(self, day: date, span: Span) -> Segment:
        """In microseconds of UTC. A repeated time starts at its first and ends at its last reading."""
        midnight = datetime.combine(day, time.min)
        opens, _ = readings(midnight + timedelta(minutes=span[0]), self.zone)
        _, closes = readings(midnight + timedelta(minutes=span[1]), self.zone)
        return opens, closes

    @cached_property
    def settled(self) -> date | None:
        """The date from which on it is always open, or never; None if the hours of a week come and go."""
        if not self.always and any(self.week):
            return None
        return max(self.special, default=date.min) + timedelta(days=2)

    @cached_property
    def always(self) -> bool:
        """Whether the regular hours leave no gap."""
        return self.open_week == [(0, WEEK_MINUTES)]

    @cached_property
    def open_week(self) -> list[Span]:
        """The regular hours of one week from Monday on, with what the night before leads into it."""
        spans = ((day, span) for day in range(-1, 7) for span in self.week[day % 7])
        week = merged(sorted((day * DAY_MINUTES + start, day * DAY_MINUTES + end) for day, (start, end) in spans))
        return [(max(start, 0), min(end, WEEK_MINUTES)) for start, end in week if end > 0]


def _spans(intervals: Intervals) -> list[Span]:
    """An end that is not after its start lies on the next date."""
    clocks = ((_minutes(start), _minutes(end)) for start, end in intervals)
    return [(start, end if end > start else end + DAY_MINUTES) for start, end in clocks]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
