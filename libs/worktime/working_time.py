"""Working time over a calendar at any instant: what is laid out behind it grows towards whatever is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from libs.worktime.calendar import Calendar
from libs.worktime.compile import compile_calendar
from libs.worktime.instants import BEGINNING, DAY, FOREVER, MICROSECOND, to_instant, to_micros
from libs.worktime.periods import Periods
from libs.worktime.table import CompiledCalendar, OutsideTableError

Answer = TypeVar("Answer")

_YEAR = 366 * DAY


class WorkingTime:
    """Answers for aware datetimes from 1900 to 2100; others are an OutsideTableError.

    What would be due after that, in practice on a calendar that never opens again, is never due: None.
    Results are in UTC, to the microsecond. An instance may be kept and shared.
    """

    def __init__(self, calendar: Calendar, origin: datetime) -> None:
        """W counts from `origin`, such as when the calendar came into force; what is laid out grows from there."""
        self.calendar = calendar
        self._origin = min(max(to_micros(origin), BEGINNING), FOREVER)
        self._lay_out(self._origin, self._origin)

    def worked(self, at: datetime) -> timedelta:
        """W: the working time since the origin, below zero before it."""
        instant = to_micros(at)
        return self._worked(instant) * MICROSECOND

    def used(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero for a reversed range."""
        since, until = to_micros(start), to_micros(end)
        return self._ask(lambda laid: laid.used(since, until)) * MICROSECOND

    def remaining(self, now: datetime, due: datetime) -> timedelta:
        """Working time left until `due`, below zero once it is past."""
        return self.worked(due) - self.worked(now)

    def due(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest instant by which `amount` has been worked since `start`; None if it never is.

        An amount used up exactly at closing time is due then; nothing, or less, is due at the start.
        """
        since, target = to_micros(start), amount // MICROSECOND
        return _instant(self._ask(lambda laid: laid.due(since, target)))

    def is_open(self, at: datetime) -> bool:
        instant = to_micros(at)
        return self._ask(lambda laid: laid.is_open(instant))

    def next_change(self, at: datetime) -> datetime | None:
        """The first opening or closing after `at`; None if there is none any more."""
        instant = to_micros(at)
        return _instant(self._ask(lambda laid: laid.next_change(instant)))

    def never_opens(self, at: datetime) -> bool:
        """Whether it is closed at `at` and for ever after, so that nothing is ever due."""
        return not self.is_open(at) and self.next_change(at) is None

    def table(self, since: datetime, until: datetime, *, is_final: bool = True) -> CompiledCalendar:
        """What to publish: W has the same figures in every table of one calendar and origin.

        If it is final, hours that do not change any more make a table without an end.
        """
        first, last = to_micros(since), to_micros(until)
        return compile_calendar(self.calendar, first, last, is_final=is_final).counted_on(self._worked(first))

    def _worked(self, at: int) -> int:
        return self._ask(lambda laid: laid.worked(at)) - self._zero

    def _ask(self, question: Callable[[Periods], Answer]) -> Answer:
        while True:
            try:
                return question(self._laid_out)
            except OutsideTableError as outside:
                self._reach(outside)

    def _reach(self, outside: OutsideTableError) -> None:
        """Twice as far as asked, so that what grows step by step is laid out few times."""
        if not BEGINNING <= outside.instant < FOREVER:
            raise outside
        distance = 2 * max(abs(outside.instant - self._origin), _YEAR)
        since, until = self._laid_out.since, self._laid_out.until
        if outside.instant < self._origin:
            since = max(self._origin - distance, BEGINNING)
        else:
            until = min(self._origin + distance, FOREVER)
        self._lay_out(since, until)

    def _lay_out(self, since: int, until: int) -> None:
        self._laid_out = Periods(self.calendar, since, until)
        self._zero = self._laid_out.worked(self._origin)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else to_instant(micros)
