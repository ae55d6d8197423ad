"""A ticket's waits: what has been said of them, and what is to be said now.

Everything is judged anew each time, by all that is known of the ticket; only what is new is said. So nothing depends on
the order in which facts arrive, and judging once more does no harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import (
    DeadlineBreached,
    DeadlineSet,
    DeadlineWarned,
    ResolutionBreached,
    ResolutionSet,
    ResolutionWarned,
    TicketEscalated,
)
from libs.events.log import NewEvent
from libs.worktime import Timeline
from services.sla.domain.plan import DepartmentRegime, Plans
from services.sla.domain.wait import Facts, Wait, breached_at, deadline_of, escalated, timeline, warned_at

_ByTime = tuple[datetime, EventData]
"""What falls due at an instant."""


class Spoken(BaseModel):
    """What has been said of waits of one kind; waits are known by their beginning."""

    model_config = ConfigDict(frozen=True)

    deadline: DeadlineSet | None = None
    """The last one."""
    warned: tuple[AwareDatetime, ...] = ()
    """The waits of which it has been said."""
    breached: tuple[AwareDatetime, ...] = ()
    escalated: tuple[AwareDatetime, ...] = ()

    def of_later(self, wait: Wait) -> bool:
        return self.deadline is not None and self.deadline.waiting_since > wait.since


class Said(Spoken):
    """What has been said of a ticket, of its answers and its resolution: the fold of its events."""

    resolution: Spoken = Spoken()


@dataclass(frozen=True, slots=True)
class Judgement:
    events: Sequence[NewEvent]
    said: Said
    due_at: datetime | None
    """When, by time alone, there is next something to say."""


def judge(said: Said, facts: Facts, plans: Plans, known_until: datetime | None) -> Judgement:
    """What is to be said of the waits in `facts`.

    A warning or a breach is said only if nothing that is still unknown can prevent it: what could is known completely up
    to `known_until`.
    """
    events = [NewEvent(data) for data in _deadlines(said, facts, plans)]
    to_come = sorted(_falling_due(said, facts, plans), key=lambda event: event[0])
    certain = [(at, data) for at, data in to_come if known_until is not None and at <= known_until]
    events += [NewEvent(data, at) for at, data in certain]
    for event in events:
        said = evolve(said, event.data)
    due_at = min((at for at, _ in to_come[len(certain) :]), default=None)
    return Judgement(events, said, due_at)


def _deadlines(said: Said, facts: Facts, plans: Plans) -> Iterator[EventData]:
    """Of a resolution only if there is a target, or was one."""
    yield from _new_deadlines(said, facts.answers, facts, plans)
    for deadline in _new_deadlines(said.resolution, facts.resolutions, facts, plans):
        if deadline.target_seconds is not None or said.resolution.deadline:
            told = deadline.model_dump(exclude={"waiting_since"})
            yield ResolutionSet(open_since=deadline.waiting_since, **told)


def _new_deadlines(spoken: Spoken, waits: Sequence[Wait], facts: Facts, plans: Plans) -> Iterator[DeadlineSet]:
    """Of a wait that is over, too: whoever counts what was answered in time has to know what that was."""
    for wait in waits:
        deadline = None if spoken.of_later(wait) else deadline_of(wait, timeline(wait, facts, plans))
        if deadline and deadline != spoken.deadline:
            yield deadline


def _falling_due(said: Said, facts: Facts, plans: Plans) -> Iterator[_ByTime]:
    for wait in facts.answers:
        over = timeline(wait, facts, plans)
        yield from _unsaid(said, wait, over)
        escalation = escalated(wait, over)
        if escalation and wait.since not in said.escalated:
            yield escalation.at, escalation
    for wait in facts.resolutions:
        for at, data in _unsaid(said.resolution, wait, timeline(wait, facts, plans)):
            kind = ResolutionWarned if isinstance(data, DeadlineWarned) else ResolutionBreached
            yield at, kind(open_since=wait.since, at=at)


def _unsaid(
    spoken: Spoken, wait: Wait, over: Timeline[DepartmentRegime]
) -> Iterator[tuple[datetime, DeadlineWarned | DeadlineBreached]]:
    """The warning and the breach of a wait, unless they have been said."""
    warned, breached = warned_at(wait, over), breached_at(wait, over)
    if warned and wait.since not in spoken.warned:
        yield warned, DeadlineWarned(waiting_since=wait.since, at=warned)
    if breached and wait.since not in spoken.breached:
        yield breached, DeadlineBreached(waiting_since=wait.since, at=breached)


def evolve(said: Said, event: EventData) -> Said:
    match event:
        case DeadlineSet():
            return said.model_copy(update={"deadline": event})
        case DeadlineWarned(waiting_since=since):
            return said.model_copy(update={"warned": (*said.warned, since)})
        case DeadlineBreached(waiting_since=since):
            return said.model_copy(update={"breached": (*said.breached, since)})
        case TicketEscalated(waiting_since=since):
            return said.model_copy(update={"escalated": (*said.escalated, since)})
        case ResolutionSet() | ResolutionWarned() | ResolutionBreached():
            return said.model_copy(update={"resolution": _of_resolution(said.resolution, event)})
    return said


def _of_resolution(spoken: Spoken, event: ResolutionSet | ResolutionWarned | ResolutionBreached) -> Spoken:
    match event:
        case ResolutionSet(open_since=since):
            told = event.model_dump(exclude={"open_since"})
            return spoken.model_copy(update={"deadline": DeadlineSet(waiting_since=since, **told)})
        case ResolutionWarned(open_since=since):
            return spoken.model_copy(update={"warned": (*spoken.warned, since)})
        case ResolutionBreached(open_since=since):
            return spoken.model_copy(update={"breached": (*spoken.breached, since)})
