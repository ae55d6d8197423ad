"""Hours and targets together: what was in force when, for a ticket in a department."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, Self, TypeVar
from uuid import UUID

from libs.events.catalogue.sla import Escalation, ListedTarget
from libs.worktime import BEGINNING, Regime, WorkingTime, to_instant
from services.sla.domain.hours import ALWAYS, Hours
from services.sla.domain.target import DEFAULT_SHARE, Target
from services.sla.domain.target_list import Profile, TargetList, first_match

EVER = to_instant(BEGINNING)


class _Change(Protocol):
    @property
    def since(self) -> datetime: ...


C = TypeVar("C", bound=_Change)


class Clock(StrEnum):
    """What is waited for."""

    FIRST = "first"
    """A first answer."""
    NEXT = "next"
    """Another answer."""
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class HoursInForce:
    since: datetime
    version: int
    working_time: WorkingTime


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it is meant for one clock; without a name it is the department's own."""

    seconds: timedelta | None = None
    warning_share: float = DEFAULT_SHARE
    id: UUID | None = None
    name: str | None = None
    escalation: Escalation | None = None


@dataclass(frozen=True, slots=True)
class AimInForce:
    since: datetime
    aim: Aim


@dataclass(frozen=True, slots=True)
class ListInForce:
    since: datetime
    targets: Sequence[ListedTarget]


@dataclass(frozen=True, slots=True)
class ProfileSince:
    since: datetime
    profile: Profile


@dataclass(frozen=True, kw_only=True)
class DepartmentRegime(Regime):
    """Hours of one department and a target, until the next change."""

    department_id: UUID
    calendar_version: int
    aim: Aim

    @property
    def warning(self) -> timedelta | None:
        return None if self.target is None else self.target * self.aim.warning_share

    def is_like(self, other: "DepartmentRegime") -> bool:
        """Whether nothing but the time of their beginning sets them apart."""
        mine, its = (
            (regime.department_id, regime.calendar_version, regime.aim, regime.hours) for regime in (self, other)
        )
        return mine == its


# Where hours were never set, W(t) is t in microseconds since 1970: nobody has to be told a table of that.
_ALWAYS_OPEN = HoursInForce(EVER, 0, WorkingTime(ALWAYS, to_instant(0)))
_NO_TARGET = AimInForce(EVER, Aim())
_NO_LIST = ListInForce(EVER, ())
_UNKNOWN = ProfileSince(EVER, Profile())


@dataclass(frozen=True, slots=True)
class Plan:
    """Of one department. Oldest first; the first of each is in force since ever."""

    department_id: UUID
    hours: Sequence[HoursInForce] = (_ALWAYS_OPEN,)
    targets: Sequence[AimInForce] = (_NO_TARGET,)

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
                *(_own(c.at, c.response_seconds, c.warning_share) for c in (target.changes if target else ())),
            ),
        )


@dataclass(frozen=True)
class Plans:
    """Of some departments, and the list of targets that is common to all."""

    departments: Mapping[UUID, Plan]
    lists: Sequence[ListInForce] = field(default=(_NO_LIST,))

    @classmethod
    def of(cls, departments: Mapping[UUID, Plan], targets: TargetList) -> Self:
        return cls(departments, (_NO_LIST, *(ListInForce(change.at, change.targets) for change in targets.changes)))

    def regimes(
        self, department: UUID, clock: Clock, profiles: Sequence[ProfileSince], since: datetime, until: datetime | None
    ) -> Iterator[DepartmentRegime]:
        """One from `since` on, and one for each later change before `until` that makes a difference."""
        plan = self.departments[department]
        # Nothing counts from before its own instant: what was said by then could not have known it.
        known = [_UNKNOWN, *profiles]
        changes = {change.since for changes in (plan.hours, plan.targets, self.lists, known) for change in changes}
        later = {at for at in changes if since < at and (until is None or at < until)}
        regimes = [self._regime(plan, clock, known, at) for at in (since, *sorted(later))]
        yield regimes[0]
        yield from (after for before, after in pairwise(regimes) if not after.is_like(before))

    def _regime(self, plan: Plan, clock: Clock, profiles: Sequence[ProfileSince], at: datetime) -> DepartmentRegime:
        hours, profile = last(plan.hours, at), last(profiles, at).profile
        listed = first_match(last(self.lists, at).targets, plan.department_id, profile)
        aim = _aim(listed, clock) if listed else _AS_OWN[clock](last(plan.targets, at).aim)
        return DepartmentRegime(
            since=at,
            hours=hours.working_time,
            target=aim.seconds,
            department_id=plan.department_id,
            calendar_version=hours.version,
            aim=aim,
        )


_AS_OWN: Mapping[Clock, Callable[[Aim], Aim]] = {
    Clock.FIRST: lambda own: own,
    Clock.NEXT: lambda own: own,
    Clock.RESOLUTION: lambda _: Aim(),
}
"""A department's own target is about answers."""


def last(changes: Sequence[C], at: datetime) -> C:
    """The one in force: a change counts from its own instant on."""
    return changes[bisect_right(changes, at, key=lambda change: change.since) - 1]


def _own(since: datetime, seconds: int | None, share: float) -> AimInForce:
    return AimInForce(since, Aim(None if seconds is None else timedelta(seconds=seconds), share))


def _aim(target: ListedTarget, clock: Clock) -> Aim:
    seconds = {
        Clock.FIRST: target.first_response_seconds,
        Clock.NEXT: target.next_response_seconds,
        Clock.RESOLUTION: target.resolution_seconds,
    }[clock]
    escalation = None if clock is Clock.RESOLUTION else target.escalation
    allowed = None if seconds is None else timedelta(seconds=seconds)
    return Aim(allowed, target.warning_share, target.id, target.name, escalation)
