"""Working time over any span: what repeats is counted by the week, and only what does not is laid out in segments.

Nearly all of a calendar repeats week by week. What does not is around a holiday, a date of its own, and an instant at
which the clocks are set. So the time is cut into pieces, regular ones and listed ones in turn, with W at each piece's
start. A question costs one bisection to find its piece and one within it, however long the span; making the pieces costs
by the number of those exceptions, and no date without one is ever looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Protocol

from libs.worktime.calendar import Calendar
from libs.worktime.instants import DAY, EPOCH, FOREVER, SECOND
from libs.worktime.rules import Rules
from libs.worktime.segments import Segment, clipped, merged
from libs.worktime.table import OutsideTableError
from libs.worktime.zones import ZoneClock, zone_clock

_MINUTE = 60 * SECOND
_WEEK = 7 * DAY
_MONDAY = 4 * DAY
"""The first Monday of 1970, on the wall."""
_EPOCH_DAY = EPOCH.date().toordinal()

Dates = tuple[int, int]
"""From and until, in days since 1970 on the wall."""


class Piece(Protocol):
    """A part of the time; whoever asks has found out that the answer lies within it, or lets it end at its end."""

    def worked(self, at: int) -> int:
        """Working time since the piece's start."""

    def reaches(self, amount: int) -> int:
        """The earliest instant by which so much has been worked since the piece's start; it is more than nothing."""

    def first(self, at: int, *, wanted: bool) -> int | None:
        """The first instant, not before `at`, at which it is open, or closed, as wanted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Open segments one by one; closed between them."""

    opens: Sequence[int]
    closes: Sequence[int]
    sums: Sequence[int]

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> "Listed":
        return cls(
            [start for start, _ in segments],
            [end for _, end in segments],
            [*accumulate((end - start for start, end in segments), initial=0)],
        )

    def worked(self, at: int) -> int:
        opened = bisect_right(self.opens, at)
        if not opened:
            return 0
        still_open = self.closes[opened - 1] - at
        return self.sums[opened] - still_open if still_open > 0 else self.sums[opened]

    def reaches(self, amount: int) -> int:
        closed = bisect_left(self.sums, amount)
        return self.closes[closed - 1] - (self.sums[closed] - amount)

    def first(self, at: int, *, wanted: bool) -> int | None:
        closed = bisect_right(self.closes, at)
        if closed == len(self.closes):
            return None if wanted else at
        if wanted:
            return max(at, self.opens[closed])
        return at if at < self.opens[closed] else self.closes[closed]


@dataclass(frozen=True, slots=True)
class Regular:
    """The hours of a week over and over, while the clocks are not set."""

    week: Listed
    """From 0, which is Monday 00:00, to the end of Sunday."""
    shift: int
    """What an instant lacks to be a time on the wall, counted from a Monday."""
    before: int
    """What the weeks have worked at the piece's start."""

    @classmethod
    def since(cls, at: int, week: Listed, offset: int) -> "Regular":
        piece = cls(week, offset - _MONDAY, 0)
        return cls(week, piece.shift, piece.worked(at))

    def worked(self, at: int) -> int:
        weeks, rest = divmod(at + self.shift, _WEEK)
        return weeks * self.week.sums[-1] + self.week.worked(rest) - self.before

    def reaches(self, amount: int) -> int:
        weeks, rest = divmod(amount + self.before - 1, self.week.sums[-1])
        return weeks * _WEEK + self.week.reaches(rest + 1) - self.shift

    def first(self, at: int, *, wanted: bool) -> int | None:
        """Looks at the rest of this week, and then at the next: what is not in it never comes."""
        weeks, rest = divmod(at + self.shift, _WEEK)
        found = self.week.first(rest, wanted=wanted)
        if found is None or found >= _WEEK:
            weeks, found = weeks + 1, self.week.first(0, wanted=wanted)
        return None if found is None or found >= _WEEK else weeks * _WEEK + found - self.shift


class Periods:
    """A calendar's working time between `since` and `until`, in microseconds; W counts from `since`.

    It answers as a `CompiledCalendar` of the same range does. A question that needs what lies outside raises
    OutsideTableError.
    """

    def __init__(self, calendar: Calendar, since: int, until: int) -> None:
        self.since, self.until = since, until
        pieces = list(_Cutting(calendar).pieces(since, until)) or [(since, Listed((), (), (0,)))]
        self._starts = [start for start, _ in pieces]
        self._pieces = [piece for _, piece in pieces]
        ends = [*self._starts[1:], until]
        self._sums = [*accumulate((p.worked(end) for p, end in zip(self._pieces, ends, strict=True)), initial=0)]

    def worked(self, at: int) -> int:
        if not self.since <= at <= self.until:
            raise OutsideTableError(at, self)
        number = bisect_right(self._starts, at) - 1
        return self._sums[number] + self._pieces[number].worked(at)

    def used(self, start: int, end: int) -> int:
        return self.worked(end) - self.worked(start) if end > start else 0

    def due(self, start: int, amount: int) -> int | None:
        if amount <= 0:
            return start
        target = self.worked(start) + amount
        number = bisect_left(self._sums, target) - 1
        if number < len(self._pieces):
            return self._pieces[number].reaches(target - self._sums[number])
        self._expect_nothing_later()
        return None

    def is_open(self, at: int) -> bool:
        if not self.since <= at < self.until:
            raise OutsideTableError(at, self)
        return self._pieces[bisect_right(self._starts, at) - 1].first(at, wanted=True) == at

    def next_change(self, at: int) -> int | None:
        wanted = not self.is_open(at)
        number = bisect_right(self._starts, at) - 1
        for piece, start, end in zip(
            self._pieces[number:], self._starts[number:], [*self._starts[number + 1 :], self.until], strict=True
        ):
            found = piece.first(max(at, start), wanted=wanted)
            if found is not None and found < end:
                return found
        self._expect_nothing_later()
        return None

    def _expect_nothing_later(self) -> None:
        if self.until < FOREVER:
            raise OutsideTableError(self.until, self)


class _Cutting:
    """Cuts a calendar's time into pieces."""

    def __init__(self, calendar: Calendar) -> None:
        self._rules = Rules(calendar)
        self._clock: ZoneClock = zone_clock(calendar.time_zone)
        self._week = Listed.of([(start * _MINUTE, end * _MINUTE) for start, end in self._rules.open_week])

    def pieces(self, since: int, until: int) -> Iterator[tuple[int, Piece]]:
        """Each with its start, in order, without a gap."""
        start = since
        for first, end in self._irregular(since, until):
            begins, ends = max(self._midnight(first), since), min(self._midnight(end), until)
            if start < begins:
                yield start, self._regular(start)
            if begins < ends:
                yield begins, Listed.of(list(clipped(self._listed(first, end), begins, ends)))
                start = ends
        if start < until:
            yield start, self._regular(start)

    def _regular(self, start: int) -> Regular:
        return Regular.since(start, self._week, self._clock.offset(start))

    def _irregular(self, since: int, until: int) -> list[Dates]:
        """The dates on which the hours are not those of any week, whatever happens around them."""
        first, last = since // DAY - 3, until // DAY + 3
        special = (day.toordinal() - _EPOCH_DAY for day in self._rules.special)
        dates = [(day, day + 2) for day in special if first <= day <= last]
        for change in self._clock.between(first * DAY, last * DAY):
            shown = sorted(((change.at + change.before) // DAY, (change.at + change.after) // DAY))
            dates.append((shown[0] - 1, shown[1] + 2))
        return merged(sorted(dates))

    def _midnight(self, day: int) -> int:
        """No clock is set within a day of where irregular dates begin and end, and no zone is further from UTC."""
        return day * DAY - self._clock.offset(day * DAY)

    def _listed(self, first: int, end: int) -> list[Segment]:
        """What is open on some dates, also what reaches in from the date before."""
        is_steady = not self._clock.between(self._midnight(first), self._midnight(end))
        offset = self._clock.offset(self._midnight(first))
        segments: list[Segment] = []
        for day in range(first - 1, end):
            on = date.fromordinal(day + _EPOCH_DAY)
            midnight = day * DAY - offset
            for span in self._rules.spans(on):
                opens, closes = span
                steady = (midnight + opens * _MINUTE, midnight + closes * _MINUTE)
                segments.append(steady if is_steady else self._rules.segment(on, span))
        return merged(sorted(segments))
