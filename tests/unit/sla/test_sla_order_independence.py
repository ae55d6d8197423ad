"""Whatever the order in which the facts of intake and accounts and the plans arrive, the same is said in the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.sla import DeadlineSet, EscalateOn, ListedTarget, ResolutionSet
from libs.events.log import NewEvent
from libs.worktime import Calendar, WorkingTime
from libs.worktime.instants import MICROSECOND
from services.sla.domain.hours import ALWAYS
from services.sla.domain.plan import Clock, HoursInForce, Plan, Plans
from services.sla.domain.profiles import AccountTrait, Trait, profiles
from services.sla.domain.target_list import ListChange, TargetList
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
    target,
)

FRIDAY = local("2026-01-09 15:00")
WRITE, ANSWER, CLOSE, TO_A, TO_B, URGENT, CALM = "write", "answer", "close", "to A", "to B", "urgent", "calm"
GOOD, BAD = "good", "bad"
HOURS, TARGET, LIST = "hours", "target", "list"

ON_BREACH, ON_WARNING = (EscalateOn.BREACH, 50), (EscalateOn.WARNING, 5)
URGENT_ONES = target("urgent", 1, urgencies=(Urgency.HIGH,), escalation=ON_BREACH, resolution_seconds=4 * 3600)
BAD_ONES = target("bad", 4, attitudes=(Attitude.BAD,), escalation=ON_WARNING, next_response_seconds=1800)
THOSE_IN_A = target("in A", 2, department_ids=(A,), first_response_seconds=None)
LISTS = [(), (URGENT_ONES,), (BAD_ONES, URGENT_ONES), (THOSE_IN_A, BAD_ONES), (URGENT_ONES, THOSE_IN_A, BAD_ONES)]


class Happening(NamedTuple):
    """Something that intake tells of the ticket or accounts of its account, or a change of a plan."""

    at: datetime
    what: str
    department: UUID | None = None
    calendar: Calendar | None = None
    target: float | None = None
    listed: tuple[ListedTarget, ...] = ()

    @property
    def source(self) -> str:
        if self.what in {HOURS, TARGET, LIST}:
            return "plans"
        return "accounts" if self.what in {GOOD, BAD} else "intake"


CALENDARS = [None, NINE_TO_FIVE, NINE_TO_SIX, EIGHT_TO_EIGHT, NEVER]
# Making tables is most of the work here, so each calendar has one for all examples.
TABLES = [(calendar, WorkingTime(calendar or ALWAYS, FRIDAY)) for calendar in CALENDARS]


def _happenings(at: datetime) -> st.SearchStrategy[Happening]:
    departments = st.sampled_from([A, B])
    hours = st.tuples(departments, st.sampled_from(CALENDARS)).map(lambda drawn: Happening(at, HOURS, *drawn))
    targets = st.tuples(departments, st.sampled_from([None, 0, 0.5, 1, 2, 4, 8]))
    told = [WRITE, WRITE, WRITE, ANSWER, ANSWER, CLOSE, TO_A, TO_A, TO_B, URGENT, CALM, GOOD, BAD]
    return (
        st.sampled_from(told).map(lambda what: Happening(at, what))
        | st.sampled_from(LISTS).map(lambda listed: Happening(at, LIST, listed=listed))
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
        departments = {department.id: _shared(department.plan) for department in _planned(self.told)}
        judgement = judge(self.said, _facts(self.told), Plans.of(departments, _listed(self.told)), known_until)
        self.log += judgement.events
        self.said = judgement.said

    def outcome(self) -> object:
        """The present waits' deadlines, and all that was said of the past with its instants."""
        facts = _facts(self.told)
        deadline = self.said.deadline if facts.answers and facts.answers[-1].until is None else None
        resolution = self.said.resolution.deadline
        if not facts.resolutions or facts.resolutions[-1].until or resolution is None or resolution.due_at is None:
            resolution = None
        by_time = [e.data for e in self.log if not isinstance(e.data, DeadlineSet | ResolutionSet)]
        return deadline, resolution, sorted((data.TYPE, data.model_dump_json()) for data in by_time)


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
            elif happening.department == department.id and happening.what == TARGET:
                department.aims_at(happening.target, happening.at)
        yield department


def _listed(told: list[Happening]) -> TargetList:
    lists = [happening for happening in told if happening.what == LIST]
    return TargetList(
        changes=tuple(ListChange(version=number, at=one.at, targets=one.listed) for number, one in enumerate(lists, 1))
    )


def _facts(told: list[Happening]) -> Facts:
    answers, resolutions = list[Wait](), list[Wait]()
    placements, traits, account = list[Placement](), list[Trait](), list[AccountTrait]()
    for at, what, *_ in told:
        match what:
            case "write":
                _begin(answers, Wait(at, clock=Clock.NEXT if answers else Clock.FIRST))
                _begin(resolutions, Wait(at, clock=Clock.RESOLUTION))
            case "answer":
                _end(answers, at)
            case "close":
                _end(answers, at)
                _end(resolutions, at)
            case "to A" | "to B":
                placements.append(Placement(at, A if what == TO_A else B))
            case "urgent" | "calm":
                traits.append(Trait(at, Urgency.HIGH if what == URGENT else Urgency.LOW, None))
            case "good" | "bad":
                account.append(AccountTrait(at, Attitude(what), None))
    return Facts([*answers, *resolutions], placements, profiles(traits, account))


def _begin(waits: list[Wait], wait: Wait) -> None:
    if not waits or waits[-1].until is not None:
        waits.append(wait)


def _end(waits: list[Wait], at: datetime) -> None:
    if waits and waits[-1].until is None:
        waits[-1] = replace(waits[-1], until=at)


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
    sources = [[one for one in history if one.source == name] for name in ("intake", "accounts", "plans")]
    while any(sources):
        source = data.draw(st.sampled_from([source for source in sources if source]))
        happening = source.pop(0)
        known = min(map(known_until, sources))
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
def test_a_wait_is_warned_of_breached_and_escalated_at_most_once(history: list[Happening], data: st.DataObject) -> None:
    said = interleaved(history, data).said
    for instants in (said.warned, said.breached, said.escalated, said.resolution.warned, said.resolution.breached):
        assert len(instants) == len(set(instants))


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
