"""Departments' response targets."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.service.bodies import AsNumber, Number
from libs.service.http import format_etag
from libs.service.routes import service_router
from services.sla.api.parts import (
    ON_EDIT,
    ON_ONE,
    SERVICE,
    TEN_YEARS,
    CurrentSla,
    DepartmentId,
    Editor,
    Reader,
    StatedVersion,
)
from services.sla.domain.target import DEFAULT_SHARE, Target

router = service_router(SERVICE, tags=["targets"])


class ResponseTarget(BaseModel):
    """The working time allowed for an answer, from now on; null is no target."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"response_seconds": 14400, "warning_share": 0.8}]}
    )

    response_seconds: Annotated[int, Field(ge=0, le=TEN_YEARS), AsNumber] | None
    warning_share: Annotated[Number, Field(gt=0, le=1, description="A warning comes when so much of it is used")] = (
        DEFAULT_SHARE
    )


class ResponseTargetInForce(ResponseTarget):
    """A department's response target. Version 0: nobody has set one."""

    department_id: UUID
    version: int
    since: AwareDatetime | None


@router.get("/departments/{department_id}/target", summary="Read a department's response target", responses=ON_ONE)
async def read_target(
    department_id: DepartmentId, sla: CurrentSla, _: Reader, response: Response
) -> ResponseTargetInForce:
    return _target(await sla.commands.target(department_id), response)


@router.put("/departments/{department_id}/target", summary="Set a department's response target", responses=ON_EDIT)
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


def _target(target: Target, response: Response) -> ResponseTargetInForce:
    response.headers["ETag"] = format_etag(target.version)
    return ResponseTargetInForce(
        department_id=target.department_id,
        response_seconds=target.response_seconds,
        warning_share=target.warning_share,
        version=target.version,
        since=target.changes[-1].at if target.changes else None,
    )
