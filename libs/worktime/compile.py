"""From a calendar's rules, in local wall-clock time, to a table of segments in UTC."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from libs.worktime.calendar import Calendar
from libs.worktime.instants import BEGINNING, FOREVER, to_instant
from libs.worktime.rules import Rules
from libs.worktime.segments import Segment, clipped, merged
from libs.worktime.table import CompiledCalendar


def compile_calendar(calendar: Calendar, since: int, until: int, *, is_final: bool = True) -> CompiledCalendar:
    """The table of `calendar` from `since` to `until`, both in microseconds; its W counts from `since`.

    Hours that from some date on are open always, or never again, make a complete table at no cost, if they are final: no
    date of theirs will become known later.
    """
    if not BEGINNING <= since <= until <= FOREVER:
        raise ValueError("a working-time table lies between 1900 and 2100, its end not before its start")
    rules = Rules(calendar)
    if is_final and rules.settled is not None and to_instant(until).date() > rules.settled:
        until = FOREVER
    segments = list(clipped(merged(sorted(_segments(rules, since, until))), since, until))
    return CompiledCalendar(
        since=since,
        until=until,
        opens=tuple(start for start, _ in segments),
        closes=tuple(end for _, end in segments),
        sums=tuple(accumulate((end - start for start, end in segments), initial=0)),
    )


def _segments(rules: Rules, since: int, until: int) -> Iterator[Segment]:
    """The open segments, in microseconds, of all dates that can touch the range."""
    first, last = _dates(since, until)
    if rules.settled is not None and until == FOREVER:
        last = max(first, rules.settled)
        yield from _ever_after(rules, last)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for span in rules.spans(day):
            yield rules.segment(day, span)


def _ever_after(rules: Rules, settled: date) -> Iterator[Segment]:
    if rules.always:
        yield rules.segment(settled, (0, 0))[0], FOREVER


def _dates(since: int, until: int) -> tuple[date, date]:
    """Zones are up to a date away from UTC, and the night before may reach in from one date earlier."""
    return to_instant(since).date() - timedelta(days=2), to_instant(until).date() + timedelta(days=1)
