"""Working time over a calendar at any instant: the table behind it grows towards whatever is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from libs.worktime.calendar import Calendar
from libs.worktime.compile import compile_calendar
from libs.worktime.instants import BEGINNING, DAY, FOREVER, MICROSECOND, to_instant, to_micros
from libs.worktime.table import CompiledCalendar, OutsideTableError

Answer = TypeVar("Answer")

_YEAR = 366 * DAY


class WorkingTime:
    """Answers for aware datetimes from 1900 to 2100; others are an OutsideTableError.

    What would be due after that, in practice on a calendar that never opens again, is never due: None.
    Results are in UTC, to the microsecond. An instance holds one table and may be kept and shared.
    """

    def __init__(self, calendar: Calendar, origin: datetime) -> None:
        """W counts from `origin`, such as when the calendar came into force; the table grows from there."""
        self.calendar = calendar
        self._origin = to_micros(origin)
        self._table = self._compiled(self._origin, self._origin)

    def worked(self, at: datetime) -> timedelta:
        """W: the working time since the origin, below zero before it."""
        instant = to_micros(at)
        return self._ask(lambda table: table.worked(instant)) * MICROSECOND

    def used(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero for a reversed range."""
        since, until = to_micros(start), to_micros(end)
        return self._ask(lambda table: table.used(since, until)) * MICROSECOND

    def remaining(self, now: datetime, due: datetime) -> timedelta:
        """Working time left until `due`, below zero once it is past."""
        return self.worked(due) - self.worked(now)

    def due(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest instant by which `amount` has been worked since `start`; None if it never is.

        An amount used up exactly at closing time is due then; nothing, or less, is due at the start.
        """
        since, target = to_micros(start), amount // MICROSECOND
        return _instant(self._ask(lambda table: table.due(since, target)))

    def is_open(self, at: datetime) -> bool:
        instant = to_micros(at)
        return self._ask(lambda table: table.is_open(instant))

    def next_change(self, at: datetime) -> datetime | None:
        """The first opening or closing after `at`; None if there is none any more."""
        instant = to_micros(at)
        return _instant(self._ask(lambda table: table.next_change(instant)))

    def never_opens(self, at: datetime) -> bool:
        """Whether it is closed at `at` and for ever after, so that nothing is ever due."""
        return not self.is_open(at) and self.next_change(at) is None

    def table(self, since: datetime, until: datetime) -> CompiledCalendar:
        """What to publish: W has the same figures in every table of one calendar and origin."""
        first, last = to_micros(since), to_micros(until)
        return self._ask(lambda table: table.window(first, last))

    def _ask(self, question: Callable[[CompiledCalendar], Answer]) -> Answer:
        while True:
            try:
                return question(self._table)
            except OutsideTableError as outside:
                self._reach(outside)

    def _reach(self, outside: OutsideTableError) -> None:
        """Twice as far as asked, so that a table which grows step by step is compiled few times."""
        if not BEGINNING <= outside.instant < FOREVER:
            raise outside
        distance = 2 * max(abs(outside.instant - self._origin), _YEAR)
        since, until = self._table.since, self._table.until
        if outside.instant < self._origin:
            since = max(self._origin - distance, BEGINNING)
        else:
            until = min(self._origin + distance, FOREVER)
        self._table = self._compiled(since, until)

    def _compiled(self, since: int, until: int) -> CompiledCalendar:
        return compile_calendar(self.calendar, since, until).counted_from(self._origin)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else to_instant(micros)
