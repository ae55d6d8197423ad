"""What `sla` tells: working hours and targets, compiled calendars, and what time makes of waiting tickets."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import Urgency

_DEPARTMENT = "01980000-0000-7000-8000-00000000d001"
_TARGET = "01980000-0000-7000-8000-000000009001"


class PublicHolidays(BaseModel):
    """Those of a country (ISO 3166-1 alpha-2) and a part of it (ISO 3166-2 without the country)."""

    model_config = ConfigDict(frozen=True)

    country: str
    subdivision: str | None = None


class WorkingHoursChanged(EventData):
    """A department's working hours, from the event's own time on. `calendar` is null for 24/7.

    `public_holidays` names the country, and a part of it, whose public holidays are closed, too; which dates those are is
    told with the compiled calendars.

    The entity is the hours of one department, not the department. `version` counts up with each change; a department
    whose hours were never set has version 0 and is always open.
    """

    TYPE: ClassVar[str] = "working_hours.changed.v1"
    department_id: UUID
    version: int
    calendar: dict[str, Any] | None
    public_holidays: PublicHolidays | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "version": 1,
        "calendar": {
            "time_zone": "Europe/Berlin",
            "weekly": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]},
            "holidays": ["2026-12-25"],
            "exceptions": {"2026-12-24": [["09:00", "12:00"]]},
        },
        "public_holidays": {"country": "DE", "subdivision": "BE"},
    }


class TargetChanged(EventData):
    """A department's response target, in working seconds, from the event's own time on; null for none.

    The entity is the target of one department. A warning comes when `warning_share` of the target is used.
    """

    TYPE: ClassVar[str] = "target.changed.v1"
    department_id: UUID
    response_seconds: int | None
    warning_share: float = 0.8

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "response_seconds": 14400,
        "warning_share": 0.8,
    }


class EscalateOn(StrEnum):
    """What a ticket is escalated on: a warning (or a breach without one), or a breach."""

    WARNING = "warning"
    BREACH = "breach"


class Escalation(BaseModel):
    """Points that a ticket weighs more, once, for the rest of the wait."""

    model_config = ConfigDict(frozen=True)

    on: EscalateOn
    points: int


class ListedTarget(BaseModel):
    """A target for tickets that meet all its conditions; one that is left out does not matter. In working seconds.

    `first_response_seconds` is about the client's first wait, `next_response_seconds` about every later one,
    `resolution_seconds` about the time until the ticket is closed; null is no target.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    department_ids: tuple[UUID, ...] | None = None
    urgencies: tuple[Urgency, ...] | None = None
    attitudes: tuple[Attitude, ...] | None = None
    group_ids: tuple[UUID, ...] | None = None
    project_ids: tuple[UUID, ...] | None = None
    first_response_seconds: int | None = None
    next_response_seconds: int | None = None
    resolution_seconds: int | None = None
    warning_share: float = 0.8
    escalation: Escalation | None = None


class TargetListChanged(EventData):
    """The provider's targets in their order, from the event's own time on: the first that matches a ticket is its target.

    A ticket that none matches has the target of its department, if that has one. The entity is the list.
    """

    TYPE: ClassVar[str] = "target_list.changed.v1"
    version: int
    targets: list[ListedTarget]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "version": 3,
        "targets": [
            {
                "id": _TARGET,
                "name": "Crucial processes are down",
                "department_ids": [_DEPARTMENT],
                "urgencies": ["high"],
                "attitudes": ["good", "neutral"],
                "group_ids": None,
                "project_ids": None,
                "first_response_seconds": 3600,
                "next_response_seconds": 7200,
                "resolution_seconds": 86400,
                "warning_share": 0.8,
                "escalation": {"on": "breach", "points": 50},
            }
        ],
    }


class CalendarCompiled(EventData):
    """Working hours made into numbers, for whoever needs remaining time: one department, some months ahead.

    The fields after `version` are those of libs.worktime.CompiledCalendar, all in microseconds (instants since 1970 in UTC).
    W, the working time up to an instant, has the same figures in every table of one version, so a later table of the same
    version only reaches further. Where no hours were ever set (version 0) nothing is told, and W(t) is t itself.

    `holidays` are the public holidays that have become known with this table, by date and name; all those of the version are
    known up to `holidays_until`. What was told of a date stays, whatever a later release of a library says of it.
    """

    TYPE: ClassVar[str] = "calendar.compiled.v1"
    department_id: UUID
    version: int
    since: int
    until: int
    opens: list[int]
    closes: list[int]
    sums: list[int]
    holidays: dict[date, str] = Field(default_factory=dict)
    holidays_until: date | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "version": 1,
        "since": 1767571200000000,
        "until": 1767657600000000,
        "opens": [1767600000000000],
        "closes": [1767628800000000],
        "sums": [0, 28800000000],
        "holidays": {"2026-12-25": "Christmas Day"},
        "holidays_until": "2028-12-31",
    }


class DeadlineSet(EventData):
    """When a waiting ticket has to be answered, and why. `due_at` is null without a target, or if the calendar never opens.

    The entity is the ticket. `waiting_since` names the wait; a word about one that is over says by when it had
    to be answered. Nothing is said when a wait ends. The other fields are about the regime in force now: `department_id` and
    `calendar_version` say whose hours the rest of the time is counted on. What remains at an instant t is
    `worked_when_due` - W(t) on that calendar, below zero once overdue.
    """

    TYPE: ClassVar[str] = "ticket.deadline_set.v1"
    waiting_since: AwareDatetime
    due_at: AwareDatetime | None
    department_id: UUID | None
    calendar_version: int
    target_seconds: int | None
    used_seconds: float = 0
    """Working seconds used on former departments, hours or targets of this wait."""
    worked_when_due: int | None = None
    """W, in microseconds, at which the target is used up; null when `due_at` is."""
    target_id: UUID | None = None
    """Which of the listed targets; null for the department's own, or none."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "waiting_since": "2026-01-05T09:00:00Z",
        "due_at": "2026-01-05T13:00:00Z",
        "department_id": _DEPARTMENT,
        "calendar_version": 1,
        "target_seconds": 14400,
        "used_seconds": 0,
        "worked_when_due": 18000000000,
        "target_id": _TARGET,
    }


class DeadlineWarned(EventData):
    """A share of the target has been used and nobody has answered; stamped with the instant it was used up."""

    TYPE: ClassVar[str] = "ticket.deadline_warned.v1"
    waiting_since: AwareDatetime
    at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"waiting_since": "2026-01-05T09:00:00Z", "at": "2026-01-05T12:12:00Z"}


class DeadlineBreached(EventData):
    """The target was used up and nobody had answered; stamped with the deadline itself. Once a wait."""

    TYPE: ClassVar[str] = "ticket.deadline_breached.v1"
    waiting_since: AwareDatetime
    at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"waiting_since": "2026-01-05T09:00:00Z", "at": "2026-01-05T13:00:00Z"}


class TicketEscalated(EventData):
    """A warning or a breach has made the ticket weigh `points` more, for the rest of the wait. Once a wait.

    `target_id` and `name` are those of the target that wants it so. Whoever has to be told subscribes to this.
    """

    TYPE: ClassVar[str] = "ticket.escalated.v1"
    waiting_since: AwareDatetime
    at: AwareDatetime
    on: EscalateOn
    points: int
    target_id: UUID
    name: str

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "waiting_since": "2026-01-05T09:00:00Z",
        "at": "2026-01-05T13:00:00Z",
        "on": "breach",
        "points": 50,
        "target_id": _TARGET,
        "name": "Crucial processes are down",
    }


class ResolutionSet(EventData):
    """When a ticket has to be closed, as `ticket.deadline_set.v1` says when it has to be answered.

    `open_since` is when it was opened or last reopened, with nothing used. Told only of tickets that have, or had, such a
    target.
    """

    TYPE: ClassVar[str] = "ticket.resolution_set.v1"
    open_since: AwareDatetime
    due_at: AwareDatetime | None
    department_id: UUID | None
    calendar_version: int
    target_seconds: int | None
    used_seconds: float = 0
    worked_when_due: int | None = None
    target_id: UUID | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "open_since": "2026-01-05T09:00:00Z",
        "due_at": "2026-01-07T17:00:00Z",
        "department_id": _DEPARTMENT,
        "calendar_version": 1,
        "target_seconds": 86400,
        "used_seconds": 0,
        "worked_when_due": 90000000000,
        "target_id": _TARGET,
    }


class ResolutionWarned(EventData):
    """A share of the time for a resolution has been used; stamped with the instant it was used up. Once until it is
    closed.
    """

    TYPE: ClassVar[str] = "ticket.resolution_warned.v1"
    open_since: AwareDatetime
    at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"open_since": "2026-01-05T09:00:00Z", "at": "2026-01-07T12:12:00Z"}


class ResolutionBreached(EventData):
    """The time for a resolution was used up; stamped with the deadline itself. Once until it is closed."""

    TYPE: ClassVar[str] = "ticket.resolution_breached.v1"
    open_since: AwareDatetime
    at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"open_since": "2026-01-05T09:00:00Z", "at": "2026-01-07T17:00:00Z"}


EVENTS: list[type[EventData]] = [
    WorkingHoursChanged,
    TargetChanged,
    TargetListChanged,
    CalendarCompiled,
    DeadlineSet,
    DeadlineWarned,
    DeadlineBreached,
    TicketEscalated,
    ResolutionSet,
    ResolutionWarned,
    ResolutionBreached,
]
