"""A department's working hours, all their changes, and the tables that are published of them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import CalendarCompiled, WorkingHoursChanged
from libs.worktime import FOREVER, Calendar, CompiledCalendar, WorkingTime, to_instant

ALWAYS = Calendar(time_zone="UTC")

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST_SEGMENTS = 6000
"""A table of this size takes a third of the largest message of NATS."""


class HoursChange(BaseModel):
    """These hours are in force from `at` on; no calendar is 24/7."""

    model_config = ConfigDict(frozen=True)

    version: int
    at: AwareDatetime
    calendar: Calendar | None

    def working_time(self) -> WorkingTime:
        """W counts from `at`, in every table of this version."""
        return WorkingTime(self.calendar or ALWAYS, self.at)


class Hours(BaseModel):
    """Every change of a department's working hours, oldest first; before the first one it was always open."""

    model_config = ConfigDict(frozen=True)

    department_id: UUID
    changes: tuple[HoursChange, ...] = ()

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def calendar(self) -> Calendar | None:
        return self.changes[-1].calendar if self.changes else None

    def never_opens(self, now: datetime) -> bool:
        """Whether nothing can be due any more."""
        return bool(self.changes) and self.changes[-1].working_time().never_opens(now)


def hours_id(department_id: UUID) -> UUID:
    return uuid5(department_id, "working-hours")


def change_hours(hours: Hours, calendar: Calendar | None, now: datetime) -> list[EventData]:
    """The change and the table that comes with it; nothing if these are the hours already."""
    if calendar == hours.calendar:
        return []
    written = calendar.model_dump(mode="json") if calendar else None
    changed = WorkingHoursChanged(department_id=hours.department_id, version=hours.version + 1, calendar=written)
    return [changed, compiled(evolve(hours, changed, now), now)]


def compiled(hours: Hours, now: datetime) -> CalendarCompiled:
    """The table of the present hours around `now`; shorter than usual for hours in very many pieces."""
    working, share = hours.changes[-1].working_time(), 1.0
    while len((table := working.table(now - BACK * share, now + AHEAD * share)).opens) > MOST_SEGMENTS:
        share /= 2
    return CalendarCompiled(department_id=hours.department_id, version=hours.version, **table.model_dump())


def compile_again_at(table: CompiledCalendar | CalendarCompiled, now: datetime) -> datetime | None:
    """When the next table has to come, well before this one ends; None for a complete one."""
    return None if table.until == FOREVER else now + (to_instant(table.until) - now) * 0.75


def evolve(hours: Hours, event: EventData, time: datetime) -> Hours:
    match event:
        case WorkingHoursChanged(version=version, calendar=written):
            calendar = None if written is None else Calendar.model_validate(written)
            change = HoursChange(version=version, at=time, calendar=calendar)
            return hours.model_copy(update={"changes": (*hours.changes, change)})
    return hours
