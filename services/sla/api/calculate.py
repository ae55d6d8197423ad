"""Working time as a pure calculation, for whoever has a calendar and questions."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.service.auth import Caller, require_administrator
from libs.service.problems import Invalid
from libs.service.routes import service_router
from libs.worktime import WorkingTime
from services.sla.api.parts import READ, SERVICE, BoundedCalendar, CurrentSla
from services.sla.domain.calculation import (
    DueAnswer,
    NextChange,
    NextChangeAnswer,
    NoAnswer,
    Open,
    OpenAnswer,
    Question,
    UsedAnswer,
    answer,
)

router = service_router(SERVICE, tags=["calculate"])

MOST = 1000


class Calculation(BaseModel):
    """Questions about the hours of a department that are in force now, or about a calendar given along."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "calendar": {
                    "time_zone": "Europe/Berlin",
                    "weekly": {"mon": [["08:00", "18:00"]], "tue": [["22:00", "06:00"]], "wed": [["00:00", "24:00"]]},
                    "holidays": ["2026-12-25"],
                    "exceptions": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []},
                },
                "calculations": [
                    {"op": "due", "start": "2026-01-05T15:00:00Z", "seconds": 14400},
                    {"op": "used", "start": "2026-01-05T15:00:00Z", "end": "2026-01-07T15:00:00Z"},
                    {"op": "open", "at": "2026-01-05T15:00:00Z"},
                    {"op": "next_change", "at": "2026-01-05T15:00:00Z"},
                ],
            }
        },
    )

    department_id: UUID | None = None
    calendar: BoundedCalendar | None = None
    calculations: Annotated[list[Question], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _on_one_calendar(self) -> Self:
        if (self.department_id is None) == (self.calendar is None):
            raise ValueError("Name a department or give a calendar, one of the two")
        return self


class Calculated(BaseModel):
    """One result for each calculation, in their order. `calendar_version` is that of the department's hours, 0 for 24/7."""

    calendar_version: int | None
    results: list[DueAnswer | UsedAnswer | OpenAnswer | NextChangeAnswer | NoAnswer]


@router.post("/calculate", summary="Calculate with working time")
async def calculate(
    body: Calculation, sla: CurrentSla, _: Annotated[Caller, Depends(require_administrator(scope=READ))]
) -> Calculated:
    """Nothing is kept and nothing changes. What cannot be answered has an `error` in its place."""
    version, working = await _hours(body, sla)
    return Calculated(calendar_version=version, results=[answer(question, working) for question in body.calculations])


async def _hours(body: Calculation, sla: CurrentSla) -> tuple[int | None, WorkingTime]:
    if body.calendar is not None:
        return None, WorkingTime(body.calendar, _first_instant(body))
    assert body.department_id is not None
    present = await sla.present_hours(body.department_id)
    if present is None:
        raise Invalid.at("/department_id", "No such department is known here")
    return present.version, present.working_time


def _first_instant(body: Calculation) -> datetime:
    """Whatever is asked next is mostly near it."""
    question = body.calculations[0]
    return question.at if isinstance(question, Open | NextChange) else question.start
