"""From a calendar's rules, in local wall-clock time, to a table of segments in UTC."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate

from libs.worktime.calendar import Calendar, Intervals
from libs.worktime.instants import BEGINNING, FOREVER, to_instant
from libs.worktime.segments import Segment, clipped, merged
from libs.worktime.table import CompiledCalendar
from libs.worktime.zones import load_zone, readings

_DAY = 24 * 60
_WEEK = 7 * _DAY
_ALWAYS: Intervals = (("00:00", "24:00"),)


def compile_calendar(calendar: Calendar, since: int, until: int) -> CompiledCalendar:
    """The table of `calendar` from `since` to `until`, both in microseconds; its W counts from `since`.

    Hours that from some date on are open always, or never again, make a complete table at no cost.
    """
    if not BEGINNING <= since <= until <= FOREVER:
        raise ValueError("a working-time table lies between 1900 and 2100, its end not before its start")
    rules = _Rules(calendar)
    if rules.settled is not None and to_instant(until).date() > rules.settled:
        until = FOREVER
    segments = list(clipped(merged(sorted(rules.segments(since, until))), since, until))
    return CompiledCalendar(
        since=since,
        until=until,
        opens=tuple(start for start, _ in segments),
        closes=tuple(end for _, end in segments),
        sums=tuple(accumulate((end - start for start, end in segments), initial=0)),
    )


class _Rules:
    """What a calendar says about each date: spans in minutes from that date's midnight."""

    def __init__(self, calendar: Calendar) -> None:
        week = calendar.weekly.days() if calendar.weekly else (_ALWAYS,) * 7
        special = dict.fromkeys(calendar.holidays, ()) | calendar.exceptions
        self.zone = load_zone(calendar.time_zone)
        self.week = [_spans(intervals) for intervals in week]
        self.special = {day: _spans(intervals) for day, intervals in special.items()}

    def segments(self, since: int, until: int) -> Iterator[Segment]:
        """The open segments, in microseconds, of all dates that can touch the range."""
        first, last = _dates(since, until)
        if self.settled is not None and until == FOREVER:
            last = max(first, self.settled)
            yield from self._ever_after(last)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            for start, end in self.special.get(day, self.week[day.weekday()]):
                yield self._segment(day, start, end)

    def _ever_after(self, settled: date) -> Iterator[Segment]:
        if self._always:
            yield self._segment(settled, 0, 0)[0], FOREVER

    def _segment(self, day: date, start: int, end: int) -> Segment:
        """A repeated time starts at its first and ends at its last reading."""
        midnight = datetime.combine(day, time.min)
        opens, _ = readings(midnight + timedelta(minutes=start), self.zone)
        _, closes = readings(midnight + timedelta(minutes=end), self.zone)
        return opens, closes

    @cached_property
    def settled(self) -> date | None:
        """The date from which on it is always open, or never; None if the hours of a week come and go."""
        if not self._always and any(self.week):
            return None
        return max(self.special, default=date.min) + timedelta(days=2)

    @cached_property
    def _always(self) -> bool:
        """Whether the regular hours leave no gap, seen over one week and the night that leads into it."""
        spans = ((day, span) for day in range(-1, 7) for span in self.week[day % 7])
        week = merged(sorted((day * _DAY + start, day * _DAY + end) for day, (start, end) in spans))
        return any(start <= 0 and end >= _WEEK for start, end in week)


def _dates(since: int, until: int) -> tuple[date, date]:
    """Zones are up to a date away from UTC, and the night before may reach in from one date earlier."""
    return to_instant(since).date() - timedelta(days=2), to_instant(until).date() + timedelta(days=1)


def _spans(intervals: Intervals) -> list[Segment]:
    """An end that is not after its start lies on the next date."""
    clocks = ((_minutes(start), _minutes(end)) for start, end in intervals)
    return [(start, end if end > start else end + _DAY) for start, end in clocks]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
