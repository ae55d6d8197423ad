"""Departments' working hours."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from libs.events.catalogue.sla import PublicHolidays, WorkingHoursChanged
from libs.service.http import format_etag
from libs.service.problems import Invalid, NotFound
from libs.service.routes import service_router
from libs.worktime import Calendar, Region, holidays_of, regions
from services.sla.api.parts import (
    ON_EDIT,
    ON_ONE,
    SERVICE,
    BoundedCalendar,
    CurrentSla,
    Cursor,
    DepartmentId,
    Editor,
    Limit,
    Reader,
    StatedVersion,
)
from services.sla.domain.hours import Hours, hours_id
from services.sla.domain.special_days import SpecialDay, special_days
from services.sla.runtime import Sla

router = service_router(SERVICE, tags=["working hours"])


class WorkingHours(BaseModel):
    """A department's working hours from now on; null is 24/7."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "calendar": {
                        "time_zone": "Europe/Berlin",
                        "weekly": {"mon": [["09:00", "12:30"], ["13:30", "17:00"]], "tue": [["09:00", "17:00"]]},
                        "holidays": ["2026-12-25"],
                        "exceptions": {"2026-12-24": [["09:00", "12:00"]]},
                    },
                    "public_holidays": {"country": "DE", "subdivision": "BE"},
                }
            ]
        },
    )

    calendar: BoundedCalendar | None
    public_holidays: Annotated[
        Region | None, Field(description="Closed besides, unless an exception says otherwise; as listed by the preview")
    ] = None

    @model_validator(mode="after")
    def _has_a_zone(self) -> Self:
        if self.public_holidays and self.calendar is None:
            raise ValueError("Public holidays need a calendar, for its time zone; one without weekly hours is 24/7")
        return self


class WorkingHoursInForce(BaseModel):
    """A department's working hours. Version 0: nobody has set them, so it is 24/7."""

    department_id: UUID
    calendar: Calendar | None
    public_holidays: PublicHolidays | None
    public_holidays_known_until: date | None
    version: int
    since: AwareDatetime | None
    never_opens: Annotated[bool, Field(description="No hour is open any more, so that nothing is ever due")]


class SpecialDays(BaseModel):
    """In the order of their dates."""

    items: list[SpecialDay]


class Country(BaseModel):
    """ISO 3166: a country, and those of its parts that have holidays of their own."""

    country: str
    subdivisions: list[str]


class Regions(BaseModel):
    items: list[Country]


class PublicHoliday(BaseModel):
    date: date
    name: str


class PublicHolidayList(BaseModel):
    """In the order of their dates."""

    items: list[PublicHoliday]


class WorkingHoursThen(BaseModel):
    """The hours that were in force from `at` on, and who set them."""

    version: int
    at: AwareDatetime
    actor: str
    on_behalf_of: str | None
    calendar: dict[str, Any] | None
    public_holidays: PublicHolidays | None = None


class WorkingHoursHistory(BaseModel):
    """The newest first."""

    items: list[WorkingHoursThen]
    next_cursor: str | None


@router.get("/departments/{department_id}/working-hours", summary="Read a department's working hours", responses=ON_ONE)
async def read_hours(
    department_id: DepartmentId, sla: CurrentSla, _: Reader, response: Response
) -> WorkingHoursInForce:
    return await _hours(sla, await sla.commands.hours(department_id), response)


@router.put("/departments/{department_id}/working-hours", summary="Set a department's working hours", responses=ON_EDIT)
async def set_hours(
    department_id: DepartmentId,
    hours: WorkingHours,
    sla: CurrentSla,
    administrator: Editor,
    precondition: StatedVersion,
    response: Response,
) -> WorkingHoursInForce:
    """Tickets that wait keep the time they have used; what is left counts on the new hours."""
    outcome = await sla.commands.set_hours(
        department_id, hours.calendar, wanted_region(hours), precondition, administrator
    )
    response.headers.update(outcome.token.headers)
    return await _hours(sla, Hours.model_validate_json(outcome.state), response)


@router.get(
    "/departments/{department_id}/special-days", summary="Preview a department's special days", responses=ON_ONE
)
async def preview(department_id: DepartmentId, sla: CurrentSla, _: Reader) -> SpecialDays:
    """All dates of the coming year on which it does not work as in any week: public holidays, and dates of its own."""
    present = (await sla.commands.hours(department_id)).present
    first, last = _coming_year(await sla.log.now())
    return SpecialDays(items=special_days(present, first, last) if present else [])


@router.get("/public-holidays", summary="List the countries whose public holidays are known")
async def list_regions(_: Reader) -> Regions:
    return Regions(items=[Country(country=country, subdivisions=list(parts)) for country, parts in regions().items()])


@router.get("/public-holidays/{country}", summary="Preview the public holidays of a region", responses=ON_ONE)
async def list_holidays(
    country: Annotated[str, Path(description="ISO 3166-1 alpha-2", examples=["DE"])],
    sla: CurrentSla,
    _: Reader,
    subdivision: Annotated[str | None, Query(max_length=100, description="One that the country is listed with")] = None,
) -> PublicHolidayList:
    """Those of the coming year, as a department would have them that chose the region now."""
    parts = regions().get(country)
    if parts is None:
        raise NotFound
    if subdivision not in {None, *parts}:
        raise Invalid.at("query/subdivision", "This is no part of the country with holidays of its own")
    first, last = _coming_year(await sla.log.now())
    found = holidays_of(country, subdivision, range(first.year, last.year + 1))
    items = [PublicHoliday(date=day, name=name) for day, name in found.items() if first <= day <= last]
    return PublicHolidayList(items=items)


@router.get(
    "/departments/{department_id}/working-hours/history", summary="Read how working hours changed", responses=ON_ONE
)
async def read_history(
    department_id: DepartmentId, sla: CurrentSla, _: Reader, cursor: Cursor = None, limit: Limit = 50
) -> WorkingHoursHistory:
    """The newest first."""
    await sla.commands.require(department_id)
    items, next_cursor = await sla.history(hours_id(department_id), WorkingHoursChanged, cursor, limit)
    return WorkingHoursHistory(items=[WorkingHoursThen(**one) for one in items], next_cursor=next_cursor)


def _coming_year(now: datetime) -> tuple[date, date]:
    return now.date(), now.date() + timedelta(days=366)


def wanted_region(hours: WorkingHours) -> PublicHolidays | None:
    """As it is told."""
    return PublicHolidays(**hours.public_holidays.model_dump()) if hours.public_holidays else None


async def _hours(sla: Sla, hours: Hours, response: Response) -> WorkingHoursInForce:
    response.headers["ETag"] = format_etag(hours.version)
    return WorkingHoursInForce(
        department_id=hours.department_id,
        calendar=hours.calendar,
        public_holidays=hours.region,
        public_holidays_known_until=hours.present.holidays_until if hours.present else None,
        version=hours.version,
        since=hours.changes[-1].at if hours.changes else None,
        never_opens=hours.never_opens(await sla.log.now()),
    )
