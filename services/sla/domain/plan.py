"""A department's hours and targets together: what was in force when."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, Self, TypeVar
from uuid import UUID

from libs.worktime import BEGINNING, Regime, WorkingTime, to_instant
from services.sla.domain.hours import ALWAYS, Hours
from services.sla.domain.target import DEFAULT_SHARE, Target

_EVER = to_instant(BEGINNING)


class _Change(Protocol):
    @property
    def since(self) -> datetime: ...


C = TypeVar("C", bound=_Change)


@dataclass(frozen=True, slots=True)
class HoursInForce:
    since: datetime
    version: int
    working_time: WorkingTime


@dataclass(frozen=True, slots=True)
class TargetInForce:
    since: datetime
    response: timedelta | None
    warning_share: float


@dataclass(frozen=True, kw_only=True)
class DepartmentRegime(Regime):
    """Hours and target of one department, until the next change."""

    department_id: UUID
    calendar_version: int
    warning_share: float

    @property
    def warning(self) -> timedelta | None:
        return None if self.target is None else self.target * self.warning_share


# Where hours were never set, W(t) is t in microseconds since 1970: nobody has to be told a table of that.
_ALWAYS_OPEN = HoursInForce(_EVER, 0, WorkingTime(ALWAYS, to_instant(0)))
_NO_TARGET = TargetInForce(_EVER, None, DEFAULT_SHARE)


@dataclass(frozen=True, slots=True)
class Plan:
    """Oldest first; the first of each is in force since ever."""

    department_id: UUID
    hours: Sequence[HoursInForce] = (_ALWAYS_OPEN,)
    targets: Sequence[TargetInForce] = (_NO_TARGET,)

    @classmethod
    def of(cls, department_id: UUID, hours: Hours | None, target: Target | None) -> Self:
        return cls(
            department_id,
            (
                _ALWAYS_OPEN,
                *(HoursInForce(c.at, c.version, c.working_time()) for c in (hours.changes if hours else ())),
            ),
            (
                _NO_TARGET,
                *(_in_force(c.at, c.response_seconds, c.warning_share) for c in (target.changes if target else ())),
            ),
        )

    def regimes(self, since: datetime, until: datetime | None) -> Iterator[DepartmentRegime]:
        """One from `since` on, and one for each change before `until`."""
        changes = {hours.since for hours in self.hours} | {target.since for target in self.targets}
        later = {at for at in changes if since < at and (until is None or at < until)}
        for at in (since, *sorted(later)):
            yield self._regime(at)

    def _regime(self, at: datetime) -> DepartmentRegime:
        hours, target = _last(self.hours, at), _last(self.targets, at)
        return DepartmentRegime(
            since=at,
            hours=hours.working_time,
            target=target.response,
            department_id=self.department_id,
            calendar_version=hours.version,
            warning_share=target.warning_share,
        )


def _in_force(since: datetime, seconds: int | None, share: float) -> TargetInForce:
    return TargetInForce(since, None if seconds is None else timedelta(seconds=seconds), share)


def _last(changes: Sequence[C], at: datetime) -> C:
    """A change counts from its own instant on."""
    return changes[bisect_right(changes, at, key=lambda change: change.since) - 1]
