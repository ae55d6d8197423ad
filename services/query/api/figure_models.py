"""What figures are asked for, and their shapes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from libs.worktime.zones import load_zone
from services.query.api.models import Consistently, Named
from services.query.domain.figures import Asked, By, Outcome, Span
from services.query.domain.sight import Sight

MOST_DAYS = 1100
USUAL_DAYS = 30
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 30)
Day = Annotated[date, Field(ge=_FIRST, le=_LAST)]
Some = Annotated[tuple[UUID, ...], Field(max_length=200)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Hour = Annotated[int, Field(ge=0, le=23)]


def _zone(name: str) -> str:
    load_zone(name)
    return name


class Counting(Consistently):
    """Which days, and what counts. Of several values of a filter one has to hold; the nil UUID stands for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: Day | None = Field(
        None,
        alias="from",
        description="The first day; 29 days before the last one unless given",
        json_schema_extra={"example": "2026-01-05"},
    )
    last: Day | None = Field(
        None, alias="to", description="The last day, which counts, too; today unless given", examples=["2026-01-11"]
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", max_length=64, description="Whose days and hours: an IANA time zone", examples=["Europe/Berlin"]
    )
    department_id: Some = Field((), description="Of these departments")
    administrator_id: Some = Field((), description="Of these administrators")
    category_id: Some = Field((), description="Of these categories")
    project_id: Some = Field((), description="Of these projects")
    group_id: Some = Field((), description="Of accounts that are in these groups now")
    account_id: UUID | None = None
    weekday: tuple[Weekday, ...] = Field((), max_length=7, description="On these days of the week; 1 is Monday")
    hour: tuple[Hour, ...] = Field((), max_length=24, description="In these hours of the day")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.first and self.last and not 0 <= (self.last - self.first).days < MOST_DAYS:
            raise ValueError(f"The last day comes after the first, and there are {MOST_DAYS} days at most")
        return self

    def span(self, now: datetime) -> Span:
        today = min(_LAST, now.astimezone(load_zone(self.zone)).date())
        if self.first and not self.last:
            return Span(self.first, max(self.first, min(today, self.first + timedelta(days=MOST_DAYS - 1))), self.zone)
        last = self.last or today
        return Span(self.first or max(_FIRST, last - timedelta(days=USUAL_DAYS - 1)), last, self.zone)

    def asked(self, now: datetime, sight: Sight) -> Asked:
        names = ("department_id", "administrator_id", "category_id", "project_id", "group_id", "account_id")
        filters = {name: getattr(self, name) for name in (*names, "weekday", "hour")}
        return Asked(self.span(now), self.groups, sight, **filters, outcome=self.outcomes)

    @property
    def groups(self) -> tuple[By, ...]:
        return ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return ()


class FigureParameters(Counting):
    group_by: tuple[By, ...] = Field(
        (), max_length=3, description="One row for each that there is; without it the total only"
    )

    @model_validator(mode="after")
    def _groups_by_each_once(self) -> Self:
        if len(set(self.group_by)) < len(self.group_by):
            raise ValueError("Each can be grouped by once")
        return self

    @property
    def groups(self) -> tuple[By, ...]:
        return self.group_by


class BehindParameters(Counting):
    """What is behind a figure: the same days and filters."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=1000, description="`next_cursor` of the page before")


class WaitParameters(BehindParameters):
    outcome: tuple[Outcome, ...] = Field((), max_length=4, description="That ended so")

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self.outcome


# --- what is answered --------------------------------------------------------------------------
class Percentiles(BaseModel):
    """Seconds that half, nine in ten, and 99 in a hundred do not exceed: values that there were, rounded down."""

    p50: int
    p90: int
    p99: int


class Grouped(BaseModel):
    """What the row is of: those that are grouped by, and none in the total."""

    department: Named | None = None
    administrator: Named | None = None
    category: Named | None = None
    project: Named | None = None
    group: Named | None = None
    account: Named | None = None
    urgency: Literal["high", "medium", "low"] | None = None
    day: date | None = None
    weekday: int | None = Field(None, description="1 is Monday")
    hour: int | None = None


class AnswerFigures(Grouped):
    """Waits that ended: `answered` is the sum of `in_time`, `late` and `without_deadline`."""

    answered: int
    in_time: int = Field(description="Exactly at the deadline is in time")
    late: int
    without_deadline: int = Field(description="No target, one that never falls due, or no department yet")
    closed_unanswered: int = Field(description="The ticket was closed while somebody waited")
    closed_late: int = Field(description="Of these, after the deadline")
    first_answers: int = Field(description="Answers that ended a ticket's first wait")
    waited_seconds: Percentiles | None
    worked_seconds: Percentiles | None = Field(description="Working time used, where there was a deadline")
    late_by_seconds: Percentiles | None = Field(description="From the deadline to the late answer")
    first_answer_seconds: Percentiles | None


class ClosingFigures(Grouped):
    """Closings; a ticket that was reopened may have several."""

    closed: int
    closed_by_hand: int
    closed_for_no_answer: int
    resolution_seconds: Percentiles | None = Field(description="From the opening, or from when it was reopened")


class ArrivalFigures(Grouped):
    """What came in, by how the tickets are now; `administrator` is who is responsible now."""

    tickets: int = Field(description="Opened, by whomever")
    messages: int = Field(description="That clients wrote, the first ones of tickets among them")


class Age(BaseModel):
    """Open tickets of an age."""

    from_seconds: int
    to_seconds: int | None = Field(description="Not older than this; null: however old")
    tickets: int


class OpenFigures(Grouped):
    """Tickets that are active now."""

    open: int
    waiting: int
    overdue: int
    ages: list[Age] = Field(description="Since they were opened")


class _Page(BaseModel):
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    zone: str
    as_of: AwareDatetime


_WEEK = {"from": "2026-01-05", "to": "2026-01-11", "zone": "Europe/Berlin", "as_of": "2026-01-12T07:00:00Z"}
_DEPARTMENT = {"id": "01980000-0000-7000-8000-000000000003", "name": "Mail support"}
_ANSWERS = {
    "answered": 41,
    "in_time": 36,
    "late": 3,
    "without_deadline": 2,
    "closed_unanswered": 1,
    "closed_late": 0,
    "first_answers": 29,
    "waited_seconds": {"p50": 2710, "p90": 11830, "p99": 60110},
    "worked_seconds": {"p50": 1504, "p90": 10440, "p99": 15100},
    "late_by_seconds": {"p50": 610, "p90": 800, "p99": 800},
    "first_answer_seconds": {"p50": 2500, "p90": 9800, "p99": 60110},
}
_CLOSINGS = {
    "closed": 33,
    "closed_by_hand": 30,
    "closed_for_no_answer": 3,
    "resolution_seconds": {"p50": 8000, "p90": 180000, "p99": 600000},
}
_ARRIVALS = {"tickets": 40, "messages": 97}
_OPEN = {
    "open": 12,
    "waiting": 5,
    "overdue": 1,
    "ages": [{"from_seconds": 0, "to_seconds": 3600, "tickets": 12}],
}


def _example(figures: dict[str, Any]) -> ConfigDict:
    example: dict[str, Any] = {**_WEEK, "total": figures, "items": [{"department": _DEPARTMENT, **figures}]}
    return ConfigDict(json_schema_extra={"example": example})


class Answers(_Page):
    model_config = _example(_ANSWERS)

    total: AnswerFigures
    items: list[AnswerFigures]


class Closings(_Page):
    model_config = _example(_CLOSINGS)

    total: ClosingFigures
    items: list[ClosingFigures]


class Arrivals(_Page):
    model_config = _example(_ARRIVALS)

    total: ArrivalFigures
    items: list[ArrivalFigures]


class Open(_Page):
    model_config = _example(_OPEN)

    total: OpenFigures
    items: list[OpenFigures]


class CountedTicket(BaseModel):
    """A ticket as it is now."""

    id: UUID
    number: int
    subject: str


class _Counted(BaseModel):
    ticket: CountedTicket
    since: AwareDatetime
    ended_at: AwareDatetime
    department: Named | None = Field(description="Where it was by then")
    administrator: Named | None = Field(description="Who answered or closed it; null: it closed by itself")


class Wait(_Counted):
    """A wait that is over."""

    outcome: Outcome
    due_at: AwareDatetime | None
    first: bool = Field(description="The ticket's first wait")


class Closing(_Counted):
    """A time that a ticket was active."""

    reason: Literal["by_hand", "no_answer"]


class WaitPage(BaseModel):
    items: Sequence[Wait]
    next_cursor: str | None


class ClosingPage(BaseModel):
    items: Sequence[Closing]
    next_cursor: str | None
