"""Working time as a table: what costs a walk over the calendar is paid once, a question is a bisect."""

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, model_validator

from libs.worktime.instants import FOREVER, to_instant


class Bounded(Protocol):
    """Something that knows of the time from `since` until `until`, in microseconds."""

    @property
    def since(self) -> int: ...

    @property
    def until(self) -> int: ...


class OutsideTableError(ValueError):
    """The answer depends on `instant` (microseconds), of which this table knows nothing."""

    def __init__(self, instant: int, table: Bounded) -> None:
        since, until = to_instant(table.since), to_instant(table.until)
        super().__init__(f"this needs a working-time table beyond the one from {since} to {until}")
        self.instant = instant


class CompiledCalendar(BaseModel):
    """A calendar's open segments in UTC between `since` and `until`, and their prefix sums.

    Every figure is an integer of microseconds; instants count from 1970. Segment i is open from
    `opens[i]` up to, not including, `closes[i]`. W(t), the working time from the table's origin to t,
    is `sums[0]` at `since` and `sums[i + 1]` at `closes[i]`. A table whose `until` is FOREVER is
    complete: what it does not hold never comes. A question that needs what lies outside raises
    OutsideTableError.
    """

    model_config = ConfigDict(frozen=True)

    since: int
    until: int
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    sums: tuple[int, ...]

    def worked(self, at: int) -> int:
        """W(at); it is below zero before the table's origin."""
        if not self.since <= at <= self.until:
            raise OutsideTableError(at, self)
        opened = bisect_right(self.opens, at)
        if not opened:
            return self.sums[0]
        still_open = self.closes[opened - 1] - at
        return self.sums[opened] - still_open if still_open > 0 else self.sums[opened]

    def used(self, start: int, end: int) -> int:
        """Working time from `start` to `end`; 0 for a reversed range."""
        return self.worked(end) - self.worked(start) if end > start else 0

    def remaining(self, now: int, due: int) -> int:
        """Working time left until `due`, below zero once it is past."""
        return self.worked(due) - self.worked(now)

    def due(self, start: int, amount: int) -> int | None:
        """The earliest instant by which `amount` has been worked since `start`; None if it never is.

        An amount used up exactly at closing time is due then; nothing, or less, is due at the start.
        """
        if amount <= 0:
            return start
        target = self.worked(start) + amount
        closed = bisect_left(self.sums, target)
        if closed < len(self.sums):
            return self.closes[closed - 1] - (self.sums[closed] - target)
        self._expect_nothing_later()
        return None

    def is_open(self, at: int) -> bool:
        if not self.since <= at < self.until:
            raise OutsideTableError(at, self)
        opened = bisect_right(self.opens, at)
        return opened > 0 and at < self.closes[opened - 1]

    def next_change(self, at: int) -> int | None:
        """The first opening or closing after `at`; None if there is none any more."""
        if not self.since <= at < self.until:
            raise OutsideTableError(at, self)
        closed = bisect_right(self.closes, at)
        if closed < len(self.closes):
            change = self.opens[closed] if at < self.opens[closed] else self.closes[closed]
            if change < self.until:
                return change
        self._expect_nothing_later()
        return None

    def counted_on(self, worked: int) -> "CompiledCalendar":
        """The same table with W(since) = `worked`."""
        more = worked - self.sums[0]
        return self.model_copy(update={"sums": tuple(sum_ + more for sum_ in self.sums)})

    def _expect_nothing_later(self) -> None:
        if self.until < FOREVER:
            raise OutsideTableError(self.until, self)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        edges = [edge for segment in zip(self.opens, self.closes, strict=True) for edge in segment]
        bounded = not edges or (self.since <= edges[0] and edges[-1] <= self.until)
        if self.since > self.until or not bounded or any(a >= b for a, b in pairwise(edges)):
            raise ValueError("a working-time table's segments lie in order, apart, and inside its bounds")
        lengths = [closes - opens for opens, closes in zip(self.opens, self.closes, strict=True)]
        if [b - a for a, b in pairwise(self.sums)] != lengths or not self.sums:
            raise ValueError("a working-time table's sums add up its segments")
        return self
