"""A ticket's waits: what has been said of them, and what is to be said now.

Everything is judged anew each time, by all that is known of the ticket; only what is new is said. So nothing depends on
the order in which facts arrive, and judging once more does no harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import DeadlineBreached, DeadlineSet, DeadlineWarned
from libs.events.log import NewEvent
from libs.worktime import Timeline
from services.sla.domain.plan import DepartmentRegime
from services.sla.domain.wait import Facts, Plans, Wait, breached_at, deadline_of, timeline, warned_at

_ByTime = tuple[datetime, EventData]
"""What falls due at an instant."""


class Said(BaseModel):
    """What has been said of a ticket: the fold of its events."""

    model_config = ConfigDict(frozen=True)

    deadline: DeadlineSet | None = None
    """The last one."""
    warned: tuple[AwareDatetime, ...] = ()
    """The waits, by their beginning, of which it has been said."""
    breached: tuple[AwareDatetime, ...] = ()

    def of_later(self, wait: Wait) -> bool:
        return self.deadline is not None and self.deadline.waiting_since > wait.since


@dataclass(frozen=True, slots=True)
class Judgement:
    events: Sequence[NewEvent]
    said: Said
    due_at: datetime | None
    """When, by time alone, there is next something to say."""


def judge(said: Said, facts: Facts, plans: Plans, known_until: datetime | None) -> Judgement:
    """What is to be said of the waits in `facts`.

    A warning or a breach is said only if nothing that is still unknown can prevent it: intake and the plans are known
    completely up to `known_until`.
    """
    events = [NewEvent(deadline) for deadline in _deadlines(said, facts, plans)]
    to_come = sorted(_falling_due(said, facts, plans), key=lambda event: event[0])
    certain = [(at, data) for at, data in to_come if known_until is not None and at <= known_until]
    events += [NewEvent(data, at) for at, data in certain]
    for event in events:
        said = evolve(said, event.data)
    due_at = min((at for at, _ in to_come[len(certain) :]), default=None)
    return Judgement(events, said, due_at)


def _deadlines(said: Said, facts: Facts, plans: Plans) -> Iterator[DeadlineSet]:
    """Of a wait that is over only if it was missed and nobody has been told so."""
    for wait in facts.waits:
        over = timeline(wait, facts.placements, plans)
        if said.of_later(wait) or (wait.until and not any(_unsaid(said, wait, over))):
            continue
        deadline = deadline_of(wait, over)
        if deadline and deadline != said.deadline:
            yield deadline


def _falling_due(said: Said, facts: Facts, plans: Plans) -> Iterator[_ByTime]:
    for wait in facts.waits:
        yield from _unsaid(said, wait, timeline(wait, facts.placements, plans))


def _unsaid(said: Said, wait: Wait, over: Timeline[DepartmentRegime]) -> Iterator[_ByTime]:
    """The warning and the breach of a wait, unless they have been said."""
    warned, breached = warned_at(wait, over), breached_at(wait, over)
    if warned and wait.since not in said.warned:
        yield warned, DeadlineWarned(waiting_since=wait.since, at=warned)
    if breached and wait.since not in said.breached:
        yield breached, DeadlineBreached(waiting_since=wait.since, at=breached)


def evolve(said: Said, event: EventData) -> Said:
    match event:
        case DeadlineSet():
            return said.model_copy(update={"deadline": event})
        case DeadlineWarned(waiting_since=since):
            return said.model_copy(update={"warned": (*said.warned, since)})
        case DeadlineBreached(waiting_since=since):
            return said.model_copy(update={"breached": (*said.breached, since)})
    return said
