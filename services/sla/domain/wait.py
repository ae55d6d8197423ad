"""A wait of a client's, laid over the departments that had the ticket and their plans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from uuid import UUID

from libs.events.catalogue.sla import DeadlineSet
from libs.worktime import Stretch, Timeline
from libs.worktime.instants import MICROSECOND
from services.sla.domain.plan import DepartmentRegime, Plan

Plans = Mapping[UUID, Plan]


@dataclass(frozen=True, slots=True)
class Placement:
    """From `since` on this department had the ticket."""

    since: datetime
    department_id: UUID


@dataclass(frozen=True, slots=True)
class Wait:
    """A client waited since `since`, until answered, closed or deleted; None while still waiting."""

    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether somebody still waited just after `at`: an answer exactly at the deadline is in time."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Facts:
    """What intake says of one ticket: waits by their beginning, placements in the order they were made."""

    waits: Sequence[Wait] = ()
    placements: Sequence[Placement] = ()


def timeline(wait: Wait, placements: Sequence[Placement], plans: Plans) -> Timeline[DepartmentRegime]:
    """Without stretches while no department is known, or when the first was known only after the wait."""
    return Timeline.of(wait.since, list(_regimes(wait, placements, plans)))


def _regimes(wait: Wait, placements: Sequence[Placement], plans: Plans) -> Iterator[DepartmentRegime]:
    known = [placed for placed in placements if wait.covers(placed.since)]
    # A ticket has a department from its beginning, though the first one is found out a little later.
    begins = [*accumulate((placed.since for placed in known), max)]
    begins[:1] = [min(begin, wait.since) for begin in begins[:1]]
    for placed, (since, until) in zip(known, pairwise([*begins, wait.until]), strict=True):
        assert since is not None
        if until is None or until > wait.since:
            yield from plans[placed.department_id].regimes(max(since, wait.since), until)


def deadline_of(wait: Wait, over: Timeline[DepartmentRegime]) -> DeadlineSet | None:
    """What is to be said of a wait; nothing as long as no department is known."""
    if not over.stretches:
        return None
    last, deadline = over.stretches[-1], over.deadline()
    due_at = deadline.at if deadline and last.regime.target is not None else None
    return DeadlineSet(
        waiting_since=wait.since,
        due_at=due_at,
        department_id=last.regime.department_id,
        calendar_version=last.regime.calendar_version,
        target_seconds=None if last.regime.target is None else int(last.regime.target.total_seconds()),
        used_seconds=last.used_before.total_seconds(),
        worked_when_due=None if due_at is None or last.limit is None else last.limit // MICROSECOND,
    )


def breached_at(wait: Wait, over: Timeline[DepartmentRegime]) -> datetime | None:
    deadline = over.deadline()
    return deadline.at if deadline and wait.covers(deadline.at) else None


def warned_at(wait: Wait, over: Timeline[DepartmentRegime]) -> datetime | None:
    """When the share that calls for a warning was used; None if the deadline itself came no later."""
    at = next((at for at in map(_share_used, over.stretches) if at), None)
    deadline = over.deadline()
    if at is None or not wait.covers(at) or (deadline and deadline.at <= at):
        return None
    return at


def _share_used(stretch: Stretch[DepartmentRegime]) -> datetime | None:
    warning = stretch.regime.warning
    return None if warning is None else stretch.reaches(warning)
