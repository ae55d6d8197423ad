"""A wait of a client's, laid over the departments that had the ticket and their plans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from uuid import UUID

from libs.events.catalogue.sla import DeadlineSet, EscalateOn, Escalation, TicketEscalated
from libs.worktime import Stretch, Timeline
from libs.worktime.instants import MICROSECOND
from services.sla.domain.plan import Aim, Clock, DepartmentRegime, Plans, ProfileSince


@dataclass(frozen=True, slots=True)
class Placement:
    """From `since` on this department had the ticket."""

    since: datetime
    department_id: UUID


@dataclass(frozen=True, slots=True)
class Wait:
    """A client waited since `since`, until answered, closed or deleted; None while still waiting.

    For a resolution: since the ticket was opened or reopened, until it was closed or deleted.
    """

    since: datetime
    until: datetime | None = None
    clock: Clock = Clock.FIRST

    def covers(self, at: datetime) -> bool:
        """Whether somebody still waited just after `at`: an answer exactly at the deadline is in time."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Facts:
    """What others say of one ticket: waits by their beginning, placements in the order they were made, what it was when."""

    waits: Sequence[Wait] = ()
    placements: Sequence[Placement] = ()
    profiles: Sequence[ProfileSince] = ()

    @property
    def answers(self) -> list[Wait]:
        return [wait for wait in self.waits if wait.clock is not Clock.RESOLUTION]

    @property
    def resolutions(self) -> list[Wait]:
        return [wait for wait in self.waits if wait.clock is Clock.RESOLUTION]


def timeline(wait: Wait, facts: Facts, plans: Plans) -> Timeline[DepartmentRegime]:
    """Without stretches while no department is known."""
    return Timeline.of(wait.since, list(_regimes(wait, facts, plans)))


def _regimes(wait: Wait, facts: Facts, plans: Plans) -> Iterator[DepartmentRegime]:
    # A ticket has a department from its beginning, though the first one is found out a little later: after an answer, even.
    known = [placed for number, placed in enumerate(facts.placements) if not number or wait.covers(placed.since)]
    begins = [*accumulate((placed.since for placed in known), max)]
    begins[:1] = [min(begin, wait.since) for begin in begins[:1]]
    for placed, (since, until) in zip(known, pairwise([*begins, wait.until]), strict=True):
        assert since is not None
        if until is None or until > wait.since:
            yield from plans.regimes(placed.department_id, wait.clock, facts.profiles, max(since, wait.since), until)


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
        target_id=last.regime.aim.id,
    )


def breached_at(wait: Wait, over: Timeline[DepartmentRegime]) -> datetime | None:
    deadline = over.deadline()
    return deadline.at if deadline and wait.covers(deadline.at) else None


def warned_at(wait: Wait, over: Timeline[DepartmentRegime]) -> datetime | None:
    """When the share that calls for a warning was used; None if the deadline itself came no later."""
    warned = _warned(wait, over)
    return warned[0] if warned else None


def escalated(wait: Wait, over: Timeline[DepartmentRegime]) -> TicketEscalated | None:
    """On what the target in force then says; on a breach, too, if it was to be on a warning and none came."""
    deadline, warned = over.deadline(), _warned(wait, over)
    if warned and (wanted := warned[1].escalation) and wanted.on is EscalateOn.WARNING:
        return _escalation(wait, warned[0], warned[1], wanted, EscalateOn.WARNING)
    if deadline and wait.covers(deadline.at) and (wanted := deadline.stretch.regime.aim.escalation):
        return _escalation(wait, deadline.at, deadline.stretch.regime.aim, wanted, EscalateOn.BREACH)
    return None


def _escalation(wait: Wait, at: datetime, aim: Aim, wanted: Escalation, on: EscalateOn) -> TicketEscalated:
    assert aim.id is not None
    assert aim.name is not None
    return TicketEscalated(
        waiting_since=wait.since, at=at, on=on, points=wanted.points, target_id=aim.id, name=aim.name
    )


def _warned(wait: Wait, over: Timeline[DepartmentRegime]) -> tuple[datetime, Aim] | None:
    shares = ((_share_used(stretch), stretch.regime.aim) for stretch in over.stretches)
    at, aim = next(((at, aim) for at, aim in shares if at), (None, None))
    deadline = over.deadline()
    if at is None or aim is None or not wait.covers(at) or (deadline and deadline.at <= at):
        return None
    return at, aim


def _share_used(stretch: Stretch[DepartmentRegime]) -> datetime | None:
    warning = stretch.regime.warning
    return None if warning is None else stretch.reaches(warning)
