"""Small words for departments, their plans, and what happens to a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.sla import DeadlineBreached, DeadlineWarned, EscalateOn, Escalation, ListedTarget
from libs.worktime import Calendar
from services.sla.domain.hours import Hours, HoursChange
from services.sla.domain.plan import Clock, Plan, Plans
from services.sla.domain.profiles import AccountTrait, Trait, profiles
from services.sla.domain.target import Target, TargetChange
from services.sla.domain.target_list import ListChange, TargetList
from services.sla.domain.ticket import Judgement, Said, judge
from services.sla.domain.wait import Facts, Placement, Wait

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WORKDAYS, "sat", "sun")
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(2099, 1, 1, tzinfo=UTC)

A, B = (uuid5(UUID(int=0), name) for name in "AB")


def local(text: str) -> datetime:
    """The instant at which clocks in Berlin show `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


def calendar(opens: str, closes: str, days: Iterable[str] = WORKDAYS) -> Calendar:
    weekly = {day: [[opens, closes]] for day in days}
    return Calendar.model_validate({"time_zone": "Europe/Berlin", "weekly": weekly})


NINE_TO_FIVE = calendar("09:00", "17:00")
NINE_TO_SIX = calendar("09:00", "18:00")
EIGHT_TO_EIGHT = calendar("08:00", "20:00", EVERY_DAY)
NEVER = Calendar.model_validate({"time_zone": "Europe/Berlin", "weekly": {}})


@dataclass
class Department:
    """A department whose plan is written down change by change."""

    id: UUID
    hours: list[HoursChange] = field(default_factory=list)
    targets: list[TargetChange] = field(default_factory=list)

    def works(self, calendar: Calendar | None, since: datetime = LONG_AGO) -> "Department":
        self.hours.append(HoursChange(version=len(self.hours) + 1, at=since, calendar=calendar))
        return self

    def aims_at(self, hours: float | None, since: datetime = LONG_AGO, *, warning: float = 0.8) -> "Department":
        seconds = None if hours is None else round(hours * 3600)
        self.targets.append(TargetChange(at=since, response_seconds=seconds, warning_share=warning))
        return self

    @property
    def plan(self) -> Plan:
        hours = Hours(department_id=self.id, changes=tuple(self.hours))
        return Plan.of(self.id, hours, Target(department_id=self.id, changes=tuple(self.targets)))


def department_a() -> Department:
    """Mon-Fri 9-17, target 4 h."""
    return Department(A).works(NINE_TO_FIVE).aims_at(4)


def department_b() -> Department:
    """Daily 8-20, target 2 h."""
    return Department(B).works(EIGHT_TO_EIGHT).aims_at(2)


@dataclass
class Story:
    """What happened to a ticket, and in which departments that have these plans."""

    departments: list[Department] = field(default_factory=lambda: [department_a(), department_b()])
    waits: list[Wait] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    traits: list[Trait] = field(default_factory=list)
    account: list[AccountTrait] = field(default_factory=list)
    targets: list[ListChange] = field(default_factory=list)

    def waiting(self, since: str, until: str | None = None) -> "Story":
        self.waits.append(Wait(local(since), local(until) if until else None))
        return self

    def then_waiting(self, since: str, until: str | None = None, clock: Clock = Clock.NEXT) -> "Story":
        self.waits.append(Wait(local(since), local(until) if until else None, clock))
        return self

    def aiming(self, *targets: ListedTarget, since: datetime = LONG_AGO) -> "Story":
        self.targets.append(ListChange(version=len(self.targets) + 1, at=since, targets=targets))
        return self

    def with_urgency(self, urgency: Urgency, since: str, project: UUID | None = None) -> "Story":
        self.traits.append(Trait(local(since), urgency, project))
        return self

    def of_account(self, attitude: Attitude, since: str, group: UUID | None = None) -> "Story":
        self.account.append(AccountTrait(local(since), attitude, group))
        return self

    def in_department(self, department: UUID, since: str) -> "Story":
        self.placements.append(Placement(local(since), department))
        return self

    def judged(self, known_until: datetime | None = END_OF_TIME, said: Said | None = None) -> Judgement:
        departments = {department.id: department.plan for department in self.departments}
        plans = Plans.of(departments, TargetList(changes=tuple(self.targets)))
        facts = Facts(self.waits, self.placements, profiles(self.traits, self.account))
        return judge(said or Said(), facts, plans, known_until)

    def due(self) -> datetime | None:
        deadline = self.judged(None).said.deadline
        return deadline.due_at if deadline else None

    def breached(self) -> list[datetime]:
        return [data.at for data in data_of(self.judged()) if isinstance(data, DeadlineBreached)]

    def warned(self) -> list[datetime]:
        return [data.at for data in data_of(self.judged()) if isinstance(data, DeadlineWarned)]


def target(
    name: str, hours: float | None, *, escalation: tuple[EscalateOn, int] | None = None, **asks: Any
) -> ListedTarget:
    """The same time for the first and every next answer, unless it says otherwise."""
    seconds = None if hours is None else round(hours * 3600)
    answers = {"first_response_seconds": seconds, "next_response_seconds": seconds}
    wanted = Escalation(on=escalation[0], points=escalation[1]) if escalation else None
    return ListedTarget(id=uuid5(A, name), name=name, escalation=wanted, **{**answers, **asks})


def data_of(judgement: Judgement) -> list[EventData]:
    return [event.data for event in judgement.events]


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
