"""Sla over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection

from libs.service.app import runtime
from libs.service.auth import Caller, CurrentStaff, require_administrator, require_right
from libs.service.bodies import AsNumber, Number
from libs.service.headers import reads
from libs.service.http import IF_MATCH, format_etag, parse_if_match
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from libs.worktime import Calendar
from services.sla.commands import Precondition
from services.sla.domain.hours import Hours
from services.sla.domain.target import DEFAULT_SHARE, Target
from services.sla.explaining import Explanation
from services.sla.runtime import Sla

_TEN_YEARS = 10 * 366 * 86_400
_MOST_INTERVALS = 48

router = service_router("sla", responses=problem_responses(NotFound))

CurrentSla = Annotated[Sla, Depends(runtime(Sla))]
Reader = Annotated[Caller, Depends(require_administrator())]
Editor = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]
DepartmentId = Annotated[UUID, Path(description="A department that routing has told of")]


@reads({**IF_MATCH, "required": False, "description": "The ETag of what is replaced, or *; needed once it was set"})
async def stated_version(connection: HTTPConnection) -> Precondition:
    stated = connection.headers.get("if-match")
    return Precondition(stated=False) if stated is None else Precondition(True, parse_if_match(stated))


StatedVersion = Annotated[Precondition, Depends(stated_version)]


def _few_intervals(calendar: Calendar) -> Calendar:
    """Every half hour is enough for people; more would make tables that nobody can carry."""
    days = [*(calendar.weekly.days() if calendar.weekly else ()), *calendar.exceptions.values()]
    if any(len(intervals) > _MOST_INTERVALS for intervals in days):
        raise ValueError(f"A day has at most {_MOST_INTERVALS} intervals")
    return calendar


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

    calendar: Annotated[Calendar, AfterValidator(_few_intervals)] | None


class WorkingHoursInForce(WorkingHours):
    """A department's working hours. Version 0: nobody has set them, so it is 24/7."""

    department_id: UUID
    version: int
    since: AwareDatetime | None
    never_opens: Annotated[bool, Field(description="No hour is open any more, so that nothing is ever due")]


class ResponseTarget(BaseModel):
    """The working time allowed for an answer, from now on; null is no target."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"response_seconds": 14400, "warning_share": 0.8}]}
    )

    response_seconds: Annotated[int, Field(ge=0, le=_TEN_YEARS), AsNumber] | None
    warning_share: Annotated[Number, Field(gt=0, le=1, description="A warning comes when so much of it is used")] = (
        DEFAULT_SHARE
    )


class ResponseTargetInForce(ResponseTarget):
    """A department's response target. Version 0: nobody has set one."""

    department_id: UUID
    version: int
    since: AwareDatetime | None


_CHANGES = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)


@router.get("/tickets/{ticket_id}", summary="Explain a ticket's deadline")
async def explain(ticket_id: UUID, sla: CurrentSla, staff: CurrentStaff) -> Explanation:
    return await sla.explain(ticket_id, staff)


@router.get("/departments/{department_id}/working-hours", summary="Read a department's working hours")
async def read_hours(
    department_id: DepartmentId, sla: CurrentSla, _: Reader, response: Response
) -> WorkingHoursInForce:
    return await _hours(sla, await sla.commands.hours(department_id), response)


@router.put(
    "/departments/{department_id}/working-hours", summary="Set a department's working hours", responses=_CHANGES
)
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


@router.get("/departments/{department_id}/target", summary="Read a department's response target")
async def read_target(
    department_id: DepartmentId, sla: CurrentSla, _: Reader, response: Response
) -> ResponseTargetInForce:
    return _target(await sla.commands.target(department_id), response)


@router.put("/departments/{department_id}/target", summary="Set a department's response target", responses=_CHANGES)
async def set_target(
    department_id: DepartmentId,
    target: ResponseTarget,
    sla: CurrentSla,
    administrator: Editor,
    precondition: StatedVersion,
    response: Response,
) -> ResponseTargetInForce:
    """Tickets that wait are measured by it from now on; a warning or a breach that was said stays said."""
    outcome = await sla.commands.set_target(
        department_id, target.response_seconds, target.warning_share, precondition, administrator
    )
    response.headers.update(outcome.token.headers)
    return _target(Target.model_validate_json(outcome.state), response)


async def _hours(sla: Sla, hours: Hours, response: Response) -> WorkingHoursInForce:
    response.headers["ETag"] = format_etag(hours.version)
    return WorkingHoursInForce(
        department_id=hours.department_id,
        calendar=hours.calendar,
        version=hours.version,
        since=hours.changes[-1].at if hours.changes else None,
        never_opens=hours.never_opens(await sla.log.now()),
    )


def _target(target: Target, response: Response) -> ResponseTargetInForce:
    response.headers["ETag"] = format_etag(target.version)
    return ResponseTargetInForce(
        department_id=target.department_id,
        response_seconds=target.response_seconds,
        warning_share=target.warning_share,
        version=target.version,
        since=target.changes[-1].at if target.changes else None,
    )
