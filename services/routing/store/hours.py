"""Departments' hours, as sla tells them."""

from datetime import UTC, datetime
from uuid import UUID

from libs.events.catalogue.sla import CalendarCompiled, WorkingHoursChanged
from libs.events.projection import Connection
from libs.worktime import CompiledCalendar
from libs.worktime.zones import load_zone
from services.routing.domain.hours import DepartmentHours, HoursVersion


async def keep_hours(connection: Connection, changed: WorkingHoursChanged, since: datetime) -> None:
    zone = (changed.calendar or {}).get("time_zone", "UTC")
    await connection.execute(
        "insert into hours values ($1, $2, $3, $4) on conflict do nothing",
        changed.department_id,
        changed.version,
        since,
        zone,
    )


async def keep_calendar(connection: Connection, calendar: CalendarCompiled) -> None:
    table = CompiledCalendar.model_validate(calendar.model_dump(include=set(CompiledCalendar.model_fields)))
    await connection.execute(
        "insert into calendars values ($1, $2, $3, $4::text::json) on conflict do nothing",
        calendar.department_id,
        calendar.version,
        calendar.since,
        table.model_dump_json(),
    )


async def all_hours(connection: Connection) -> dict[UUID, DepartmentHours]:
    """Of the departments whose hours were ever set."""
    found: dict[UUID, list[HoursVersion]] = {}
    for row in await connection.fetch(_HOURS):
        tables = [CompiledCalendar.model_validate_json(table) for table in row["tables"] or ()]
        zone = UTC if row["zone"] == "UTC" else load_zone(row["zone"])
        found.setdefault(row["department_id"], []).append(HoursVersion(row["since"], zone, tables))
    return {department: DepartmentHours(versions) for department, versions in found.items()}


_HOURS = """
select h.department_id, h.version, h.since, h.zone,
       (select array_agg(c.compiled::text order by c.since) from calendars c
         where c.department_id = h.department_id and c.version = h.version) as tables
  from hours h order by h.department_id, h.version
"""
