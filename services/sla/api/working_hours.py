"""Departments' working hours."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.service.http import format_etag
from libs.service.routes import service_router
from services.sla.api.parts import (
    ON_EDIT,
    ON_ONE,
    SERVICE,
    BoundedCalendar,
    CurrentSla,
    DepartmentId,
    Editor,
    Reader,
    StatedVersion,
)
from services.sla.domain.hours import Hours
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
                    }
                }
            ]
        },
    )

    calendar: BoundedCalendar | None


class WorkingHoursInForce(WorkingHours):
    """A department's working hours. Version 0: nobody has set them, so it is 24/7."""

    department_id: UUID
    version: int
    since: AwareDatetime | None
    never_opens: Annotated[bool, Field(description="No hour is open any more, so that nothing is ever due")]


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
    outcome = await sla.commands.set_hours(department_id, hours.calendar, precondition, administrator)
    response.headers.update(outcome.token.headers)
    return await _hours(sla, Hours.model_validate_json(outcome.state), response)


async def _hours(sla: Sla, hours: Hours, response: Response) -> WorkingHoursInForce:
    response.headers["ETag"] = format_etag(hours.version)
    return WorkingHoursInForce(
        department_id=hours.department_id,
        calendar=hours.calendar,
        version=hours.version,
        since=hours.changes[-1].at if hours.changes else None,
        never_opens=hours.never_opens(await sla.log.now()),
    )
