"""Trying a change before it is saved."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import StreamingResponse

from libs.service.auth import while_good
from libs.service.bodies import AsNumber
from libs.service.http import to_json
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.sla.api.parts import ON_ONE, SERVICE, CurrentSla, Editor
from services.sla.api.target_list import Targets
from services.sla.api.working_hours import WorkingHours, wanted_region
from services.sla.domain.hours import as_if_always
from services.sla.domain.trial import Trial

router = service_router(SERVICE, tags=["dry runs"])

_ANSWER = """\
{"waits":100,"of":1204,"difference":-3}
{"done":true,"days":30,"difference":-31,"waits":1204,"breaches":118,"would_be_breaches":87,"no_longer":33,"newly":2,"examples":\
[{"ticket_id":"01980000-0000-7000-8000-000000000001","waiting_since":"2026-01-05T09:00:00Z",\
"breached_at":"2026-01-05T13:00:00Z","would_be_breached_at":null}]}
"""
_NDJSON = "application/x-ndjson"


class OtherHours(WorkingHours):
    """Other working hours of one department."""

    department_id: UUID


class DryRun(BaseModel):
    """Other working hours, another list of targets, or both, tried on the waits that began in the last days."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "days": 30,
                "targets": {"targets": [{"name": "Everybody", "first_response_seconds": 14400}]},
            }
        },
    )

    days: Annotated[int, Field(ge=1, le=366), AsNumber] = 30
    working_hours: OtherHours | None = None
    targets: Targets | None = None

    @model_validator(mode="after")
    def _tries_something(self) -> Self:
        if self.working_hours is None and self.targets is None:
            raise ValueError("Give other working hours, other targets, or both")
        return self


@router.post(
    "/dry-runs",
    summary="Try other working hours or targets on the waits of the last days",
    response_class=StreamingResponse,
    responses={
        200: {"description": "A line for each step, and one for the end", "content": {_NDJSON: {"example": _ANSWER}}},
        **ON_ONE,
    },
)
async def dry_run(body: DryRun, sla: CurrentSla, _: Editor, request: Request) -> StreamingResponse:
    """What was breached so far, against what would have been had the change always been in force. Nothing is changed.

    It streams its progress, and stops when the reader leaves. An answer that ends before the line with `done` is not whole.
    """
    lines = while_good(request, _lines(sla, await _trial(body, sla), body.days))
    return StreamingResponse(lines, media_type=_NDJSON)


async def _lines(sla: CurrentSla, trial: Trial, days: int) -> AsyncGenerator[bytes, None]:
    line: dict[str, Any]
    async for line in sla.trying.run(trial, days):
        yield to_json(line) + b"\n"


async def _trial(body: DryRun, sla: CurrentSla) -> Trial:
    targets = [one.listed() for one in body.targets.targets] if body.targets else None
    other = body.working_hours
    if other is None:
        return Trial(targets=targets)
    if await sla.present_hours(other.department_id) is None:
        raise NotFound("No such department is known here")
    working = as_if_always(other.calendar, wanted_region(other), await sla.log.now())
    return Trial(other.department_id, working, targets)
