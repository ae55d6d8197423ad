"""Working time the slow and obvious way: watch the clock on the wall, minute by minute.

It shares nothing with the library but the rules and the zone's clock. Minutes are numbered from the
start of the walk; the calendar's own times are on whole minutes, so each minute is open or closed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from libs.worktime import Calendar, to_micros
from libs.worktime.zones import load_zone

MINUTE = 60_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def clock_on_the_wall(zone: str, start: datetime, minutes: int) -> list[datetime]:
    wall = load_zone(zone)
    instants = (start + timedelta(minutes=minute) for minute in range(minutes))
    return [instant.astimezone(wall).replace(tzinfo=None, fold=0) for instant in instants]


class WallWalk:
    """Which minutes of `days` days from `start`, a UTC midnight, are open."""

    def __init__(self, calendar: Calendar, start: datetime, days: int) -> None:
        assert start.tzinfo is UTC
        self.since = to_micros(start)
        self.clock = clock_on_the_wall(calendar.time_zone, start, days * 24 * 60)
        self.open = bytearray(len(self.clock))
        for number in range(-2, days + 2):
            self._open_date(calendar, (start + timedelta(days=number)).date())

    def _open_date(self, calendar: Calendar, day: date) -> None:
        for start, end in intervals_on(calendar, day):
            for minute in range(self._first(on(day, start)), self._last(end_of(day, start, end))):
                self.open[minute] = True

    def _first(self, wall: datetime) -> int:
        """The first minute at which the clock shows `wall`, or has skipped it."""
        shown = (minute for minute, clock in enumerate(self.clock) if clock >= wall)
        return next(shown, len(self.clock))

    def _last(self, wall: datetime) -> int:
        """The last minute at which the clock shows `wall`, or the first after it has skipped it."""
        minutes = range(len(self.clock) - 1, -1, -1)
        last = next((minute for minute in minutes if self.clock[minute] <= wall), 0)
        return last if self.clock[last] >= wall else last + 1

    def is_open(self, at: int) -> bool:
        return bool(self.open[(at - self.since) // MINUTE])

    def next_change(self, at: int, until: int) -> int | None:
        minutes = range(self.since + ((at - self.since) // MINUTE + 1) * MINUTE, until, MINUTE)
        return next((minute for minute in minutes if self.is_open(minute) != self.is_open(at)), None)

    def used(self, start: int, end: int) -> int:
        return sum(until - since for since, until in self._open_pieces(start, end))

    def due(self, start: int, amount: int, until: int) -> int | None:
        left = amount
        for since, end in self._open_pieces(start, until):
            if left <= end - since:
                return since + left
            left -= end - since
        return None

    def _open_pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """The open minutes from `start` to `end`, the first and the last perhaps in part."""
        pieces = []
        at = start
        while at < end:
            next_minute = self.since + ((at - self.since) // MINUTE + 1) * MINUTE
            if self.is_open(at):
                pieces.append((at, min(end, next_minute)))
            at = next_minute
        return pieces


def intervals_on(calendar: Calendar, day: date) -> tuple[tuple[str, str], ...]:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    if day in calendar.holidays:
        return ()
    if calendar.weekly is None:
        return (("00:00", "24:00"),)
    return tuple(getattr(calendar.weekly, WEEKDAYS[day.weekday()]))


def on(day: date, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime.combine(day, time.min) + timedelta(hours=int(hour), minutes=int(minute))


def end_of(day: date, start: str, end: str) -> datetime:
    ends = on(day, end)
    return ends if ends > on(day, start) else ends + timedelta(days=1)
