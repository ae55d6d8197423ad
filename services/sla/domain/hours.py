"""A department's working hours, all their changes, and the tables that are published of them."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import CalendarCompiled, PublicHolidays, WorkingHoursChanged
from libs.worktime import FOREVER, Calendar, CompiledCalendar, WorkingTime, holidays_of, to_instant
from libs.worktime.public_holidays import Named

ALWAYS = Calendar(time_zone="UTC")

BACK = timedelta(days=60)
AHEAD = timedelta(days=400)
_YEARS_TRIED = 3
MOST_SEGMENTS = 6000
"""A table of this size takes a third of the largest message of NATS."""


class HoursChange(BaseModel):
    """These hours are in force from `at` on; no calendar is 24/7.

    `holidays` are the region's public holidays as they were told with the tables, complete up to `holidays_until`.
    """

    model_config = ConfigDict(frozen=True)

    version: int
    at: AwareDatetime
    calendar: Calendar | None
    region: PublicHolidays | None = None
    holidays: dict[date, str] = Field(default_factory=dict)
    holidays_until: date | None = None

    def working_time(self) -> WorkingTime:
        """W counts from `at`, in every table of this version."""
        calendar = self.calendar or ALWAYS
        closed = (*calendar.holidays, *self.holidays)
        return WorkingTime(calendar.model_copy(update={"holidays": closed}), self.at)

    def knowing(self, holidays: Named, until: date | None) -> "HoursChange":
        """What was told of a date before stays."""
        known = {**holidays, **self.holidays}
        return self.model_copy(update={"holidays": known, "holidays_until": until or self.holidays_until})


class Hours(BaseModel):
    """Every change of a department's working hours, oldest first; before the first one it was always open."""

    model_config = ConfigDict(frozen=True)

    department_id: UUID
    changes: tuple[HoursChange, ...] = ()

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def present(self) -> HoursChange | None:
        return self.changes[-1] if self.changes else None

    @property
    def calendar(self) -> Calendar | None:
        return self.changes[-1].calendar if self.changes else None

    @property
    def region(self) -> PublicHolidays | None:
        return self.changes[-1].region if self.changes else None

    def never_opens(self, now: datetime) -> bool:
        """Whether nothing can be due any more."""
        return bool(self.changes) and self.changes[-1].working_time().never_opens(now)


def hours_id(department_id: UUID) -> UUID:
    return uuid5(department_id, "working-hours")


def change_hours(
    hours: Hours, calendar: Calendar | None, region: PublicHolidays | None, now: datetime
) -> list[EventData]:
    """The change and the table that comes with it; nothing if these are the hours already."""
    if calendar == hours.calendar and region == hours.region and not _knows_better(hours.present, now):
        return []
    changed = WorkingHoursChanged(
        department_id=hours.department_id,
        version=hours.version + 1,
        calendar=calendar.model_dump(mode="json") if calendar else None,
        public_holidays=region,
    )
    return [changed, compiled(evolve(hours, changed, now), now)]


def as_if_always(calendar: Calendar | None, region: PublicHolidays | None, now: datetime) -> WorkingTime:
    """These hours, with the region's holidays of three years before and one after; for trying them on what has been."""
    holidays = _holidays(region, range(now.year - _YEARS_TRIED, now.year + 2)) if region else {}
    change = HoursChange(version=0, at=now, calendar=calendar, region=region)
    return change.knowing(holidays, None).working_time()


def compiled(hours: Hours, now: datetime) -> CalendarCompiled:
    """The table of the present hours around `now`; shorter than usual for hours in very many pieces."""
    present, holidays, until = hours.changes[-1], dict[date, str](), None
    if present.region:
        holidays, until = _to_be_known(present.region, present.holidays_until, now)
    working, share = present.knowing(holidays, until).working_time(), 1.0
    is_final = present.region is None
    while len((table := _table(working, now, share, is_final=is_final)).opens) > MOST_SEGMENTS:
        share /= 2
    told = {"holidays": holidays, "holidays_until": until} if present.region else {}
    return CalendarCompiled(department_id=hours.department_id, version=hours.version, **table.model_dump(), **told)


def compile_again_at(table: CompiledCalendar | CalendarCompiled, now: datetime) -> datetime | None:
    """When the next table has to come, well before this one ends; None for a complete one."""
    return None if table.until == FOREVER else now + (to_instant(table.until) - now) * 0.75


def evolve(hours: Hours, event: EventData, time: datetime) -> Hours:
    match event:
        case WorkingHoursChanged(version=version, calendar=written, public_holidays=region):
            calendar = None if written is None else Calendar.model_validate(written)
            change = HoursChange(version=version, at=time, calendar=calendar, region=region)
            return hours.model_copy(update={"changes": (*hours.changes, change)})
        case CalendarCompiled(holidays=holidays, holidays_until=until):
            *before, last = hours.changes
            return hours.model_copy(update={"changes": (*before, last.knowing(holidays, until))})
    return hours


def _table(working: WorkingTime, now: datetime, share: float, *, is_final: bool) -> CompiledCalendar:
    return working.table(now - BACK * share, now + AHEAD * share, is_final=is_final)


def _to_be_known(region: PublicHolidays, known_until: date | None, now: datetime) -> tuple[Named, date]:
    """Holidays that have not been told yet, of whole years, for longer than any table reaches."""
    first = known_until.year + 1 if known_until else (now - BACK).year
    last = max((now + AHEAD).year + 1, first - 1)
    return _holidays(region, range(first, last + 1)), date(last, 12, 31)


def _knows_better(present: HoursChange | None, now: datetime) -> bool:
    """Whether the library says by now something else of dates to come than it was told to before."""
    if present is None or present.region is None or present.holidays_until is None:
        return False
    today, until = now.date(), present.holidays_until
    said = {day for day in present.holidays if day >= today}
    says = {day for day in _holidays(present.region, range(today.year, until.year + 1)) if today <= day <= until}
    return said != says


def _holidays(region: PublicHolidays, years: range) -> Named:
    return holidays_of(region.country, region.subdivision, years)
