"""Whatever the order in which intake's facts and the plans arrive, the same is said in the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.sla import DeadlineBreached, DeadlineWarned
from libs.events.log import NewEvent
from libs.worktime import Calendar, WorkingTime
from libs.worktime.instants import MICROSECOND
from services.sla.domain.hours import ALWAYS
from services.sla.domain.plan import HoursInForce, Plan
from services.sla.domain.ticket import Said, evolve, judge
from services.sla.domain.wait import Facts, Placement, Wait
from tests.unit.sla.sla_builders import (
    EIGHT_TO_EIGHT,
    END_OF_TIME,
    NEVER,
    NINE_TO_FIVE,
    NINE_TO_SIX,
    A,
    B,
    Department,
    local,
)

FRIDAY = local("2026-01-09 15:00")
WRITE, ANSWER, TO_A, TO_B = "write", "answer", "to A", "to B"
HOURS, TARGET = "hours", "target"


class Happening(NamedTuple):
    """Something that intake tells of the ticket, or a change of a department's plan."""

    at: datetime
    what: str
    department: UUID | None = None
    calendar: Calendar | None = None
    target: float | None = None

    @property
    def is_intakes(self) -> bool:
        return self.department is None


CALENDARS = [None, NINE_TO_FIVE, NINE_TO_SIX, EIGHT_TO_EIGHT, NEVER]
# Making tables is most of the work here, so each calendar has one for all examples.
TABLES = [(calendar, WorkingTime(calendar or ALWAYS, FRIDAY)) for calendar in CALENDARS]


def _happenings(at: datetime) -> st.SearchStrategy[Happening]:
    departments = st.sampled_from([A, B])
    hours = st.tuples(departments, st.sampled_from(CALENDARS)).map(lambda drawn: Happening(at, HOURS, *drawn))
    targets = st.tuples(departments, st.sampled_from([None, 0, 0.5, 1, 2, 4, 8]))
    return (
        st.sampled_from([WRITE, WRITE, ANSWER, TO_A, TO_B]).map(lambda what: Happening(at, what))
        | hours
        | targets.map(lambda drawn: Happening(at, TARGET, drawn[0], target=drawn[1]))
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """In quarters of an hour over a week end, so that deadlines and changes often meet."""
    quarters = sorted(draw(st.sets(st.integers(0, 280), min_size=3, max_size=14)))
    return [draw(_happenings(FRIDAY + timedelta(minutes=15 * quarter))) for quarter in quarters]


@dataclass
class Desk:
    """Sla as it would be: what it has been told so far, and what it has said."""

    told: list[Happening] = field(default_factory=list)
    log: list[NewEvent] = field(default_factory=list)
    said: Said = field(default_factory=Said)

    def tell(self, happening: Happening, known_until: datetime | None) -> None:
        self.told.append(happening)
        self.judge(known_until)

    def judge(self, known_until: datetime | None) -> None:
        plans = {department.id: _shared(department.plan) for department in _planned(self.told)}
        judgement = judge(self.said, _facts(self.told), plans, known_until)
        self.log += judgement.events
        self.said = judgement.said

    def outcome(self) -> object:
        """The present wait's deadline, and all warnings and breaches with their instants."""
        waits = _facts(self.told).waits
        deadline = self.said.deadline if waits and waits[-1].until is None else None
        by_time = [e.data for e in self.log if isinstance(e.data, DeadlineWarned | DeadlineBreached)]
        return deadline, sorted((data.TYPE, data.waiting_since, data.at) for data in by_time)


def _shared(plan: Plan) -> Plan:
    def table(hours: HoursInForce) -> WorkingTime:
        return next(
            (table for calendar, table in TABLES if calendar == hours.working_time.calendar), hours.working_time
        )

    return replace(plan, hours=[replace(hours, working_time=table(hours)) for hours in plan.hours])


def _planned(told: list[Happening]) -> Iterator[Department]:
    for department in (Department(A), Department(B)):
        for happening in told:
            if happening.department == department.id and happening.what == HOURS:
                department.works(happening.calendar, happening.at)
            elif happening.department == department.id:
                department.aims_at(happening.target, happening.at)
        yield department


def _facts(told: list[Happening]) -> Facts:
    waits: list[Wait] = []
    placements: list[Placement] = []
    for at, what, *_ in told:
        waiting = bool(waits) and waits[-1].until is None
        if what == WRITE and not waiting:
            waits.append(Wait(at))
        elif what == ANSWER and waiting:
            waits[-1] = Wait(waits[-1].since, at)
        elif what in {TO_A, TO_B}:
            placements.append(Placement(at, A if what == TO_A else B))
    return Facts(waits, placements)


def known_until(rest: list[Happening]) -> datetime:
    """The latest that a source can have declared complete: just before what it has not told yet."""
    return rest[0].at - MICROSECOND if rest else END_OF_TIME


def in_order(history: list[Happening]) -> Desk:
    desk = Desk()
    for number, happening in enumerate(history, 1):
        desk.tell(happening, known_until(history[number:]))
    return desk


def all_at_once(history: list[Happening]) -> Desk:
    desk = Desk(told=history)
    desk.judge(END_OF_TIME)
    return desk


def interleaved(history: list[Happening], data: st.DataObject) -> Desk:
    """Each source in its own order, markers at any time and as late as they like."""
    desk = Desk()
    intake = [happening for happening in history if happening.is_intakes]
    plans = [happening for happening in history if not happening.is_intakes]
    while intake or plans:
        source = data.draw(st.sampled_from([source for source in (intake, plans) if source]))
        happening = source.pop(0)
        known = min(known_until(intake), known_until(plans))
        desk.tell(happening, known if data.draw(st.booleans()) else None)
    desk.judge(END_OF_TIME)
    return desk


@given(histories(), st.data())
def test_any_order_of_arrival_ends_in_the_same(history: list[Happening], data: st.DataObject) -> None:
    assert interleaved(history, data).outcome() == all_at_once(history).outcome()


@given(histories())
def test_what_was_said_as_it_happened_is_what_would_be_said_with_hindsight(history: list[Happening]) -> None:
    assert in_order(history).outcome() == all_at_once(history).outcome()


@given(histories(), st.data())
def test_a_wait_is_warned_of_and_breached_at_most_once(history: list[Happening], data: st.DataObject) -> None:
    said = interleaved(history, data).said
    assert len(said.warned) == len(set(said.warned))
    assert len(said.breached) == len(set(said.breached))


@given(histories(), st.data())
def test_the_fold_of_the_log_is_what_was_kept_live(history: list[Happening], data: st.DataObject) -> None:
    desk, folded = interleaved(history, data), Said()
    for event in desk.log:
        folded = evolve(folded, event.data)
    assert folded == desk.said
    assert Said.model_validate_json(folded.model_dump_json(exclude_defaults=True)) == folded


@given(histories(), st.data())
def test_once_all_is_said_there_is_nothing_more_to_say(history: list[Happening], data: st.DataObject) -> None:
    desk = interleaved(history, data)
    said = len(desk.log)
    desk.judge(END_OF_TIME)
    assert len(desk.log) == said
