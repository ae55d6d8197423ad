"""One wait through changes of department, hours and target: time used stays used.

What is left counts on the hours now in force, so the deadline is a function of the facts and their
instants, whenever and in whatever order they became known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress, pairwise, zip_longest
from typing import Generic, Protocol, TypeVar


class Hours(Protocol):
    """What a timeline asks of working hours; `WorkingTime` answers it."""

    def worked(self, at: datetime) -> timedelta: ...
    def used(self, start: datetime, end: datetime) -> timedelta: ...
    def due(self, start: datetime, amount: timedelta) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Regime:
    """From `since` on these hours and this target apply, until the next regime; None is no target.

    Subclass it to carry what else identifies it, such as the department and the calendar's version:
    a timeline gives back the very objects it was made of.
    """

    since: datetime
    hours: Hours
    target: timedelta | None


R = TypeVar("R", bound=Regime)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[R]):
    """The part of a wait, up to but not including `until`, that one regime governs; None is open-ended."""

    regime: R
    since: datetime
    until: datetime | None
    used_before: timedelta

    def used(self, at: datetime) -> timedelta:
        return self.used_before + self.regime.hours.used(self.since, at)

    def reaches(self, target: timedelta) -> datetime | None:
        """When the time used gets to `target`, if that is within this stretch.

        It is the stretch's first instant if an earlier one used more than this regime allows.
        """
        at = self.regime.hours.due(self.since, target - self.used_before)
        return at if at is not None and (self.until is None or at < self.until) else None

    @property
    def limit(self) -> timedelta | None:
        """The target in terms of W: what remains at any instant of this stretch is `limit` - W(then)."""
        if self.regime.target is None:
            return None
        return self.regime.hours.worked(self.since) + self.regime.target - self.used_before


@dataclass(frozen=True, slots=True)
class Deadline(Generic[R]):
    """When the time was used up, and where; a later change of regime does not undo it."""

    at: datetime
    stretch: Stretch[R]


@dataclass(frozen=True, slots=True)
class Timeline(Generic[R]):
    """A wait cut into stretches, in order; none at all while no department is known."""

    stretches: tuple[Stretch[R], ...]

    @classmethod
    def of(cls, start: datetime, regimes: Sequence[R]) -> "Timeline[R]":
        """Of a wait since `start` under `regimes` in the order of their instants.

        The regime in force at `start` counts from there. If there is none yet, the first one does: it was
        only found out later. Of several since the same instant the last one counts.
        """
        return cls(tuple(_stretches(start, regimes)))

    def deadline(self, percent: int = 100) -> Deadline[R] | None:
        """The first instant at which the time used reached `percent` of the target in force then.

        None without a target, or if the hours never get that far.
        """
        for stretch in self.stretches:
            target = stretch.regime.target
            at = None if target is None else stretch.reaches(target * percent / 100)
            if at is not None:
                return Deadline(at, stretch)
        return None

    def used(self, at: datetime) -> timedelta:
        """Working time used up to `at`, if the wait lasts until then."""
        stretch = self._in_force(at)
        return stretch.used(at) if stretch else timedelta()

    def remaining(self, at: datetime) -> timedelta | None:
        """What `at` has left of the target in force then, below zero when overdue; None without a target."""
        stretch = self._in_force(at)
        if stretch is None or stretch.regime.target is None:
            return None
        return stretch.regime.target - stretch.used(at)

    def _in_force(self, at: datetime) -> Stretch[R] | None:
        begun = (stretch for stretch in reversed(self.stretches) if stretch.since <= at)
        return next(begun, self.stretches[0] if self.stretches else None)


def _stretches(start: datetime, regimes: Sequence[R]) -> Iterator[Stretch[R]]:
    lasting = _lasting(start, regimes)
    edges = [start, *(regime.since for regime in lasting[1:])]
    used = timedelta()
    for regime, since, until in zip_longest(lasting, edges[: len(lasting)], edges[1:]):
        stretch = Stretch(regime, since, until, used)
        yield stretch
        used = stretch.used(until) if until else used


def _lasting(start: datetime, regimes: Sequence[R]) -> list[R]:
    """Those that govern some of the wait: not those replaced by its start, or in the instant they began."""
    if any(later.since < earlier.since for earlier, later in pairwise(regimes)):
        raise ValueError("the regimes of a wait come in the order of their instants")
    edges = [max(start, regime.since) for regime in regimes]
    lasts = [begins < ends for begins, ends in pairwise(edges)]
    return list(compress(regimes, [*lasts, True]))
