"""What the resources of this interface have in common."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import AfterValidator
from starlette.requests import HTTPConnection

from libs.service.app import runtime
from libs.service.auth import Caller, require_administrator, require_right
from libs.service.headers import reads
from libs.service.http import IF_MATCH, parse_if_match
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.rights import Right
from libs.worktime import Calendar
from services.sla.commands import Precondition
from services.sla.runtime import Sla

SERVICE = "sla"
READ = "tickets:read"
TEN_YEARS = 10 * 366 * 86_400
"""In seconds."""
MOST_INTERVALS = 48
MOST_DATES = 3000

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)

CurrentSla = Annotated[Sla, Depends(runtime(Sla))]
Reader = Annotated[Caller, Depends(require_administrator())]
Editor = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(alias="cursor", description="`next_cursor` of the page before")]
DepartmentId = Annotated[UUID, Path(description="A department that routing has told of")]


@reads({**IF_MATCH, "required": False, "description": "The ETag of what is replaced, or *; needed once it was set"})
async def stated_version(connection: HTTPConnection) -> Precondition:
    stated = connection.headers.get("if-match")
    return Precondition(stated=False) if stated is None else Precondition(True, parse_if_match(stated))


StatedVersion = Annotated[Precondition, Depends(stated_version)]


def _bounded(calendar: Calendar) -> Calendar:
    """Every half hour is enough for people, and so are two dates a month for a century."""
    days = [*(calendar.weekly.days() if calendar.weekly else ()), *calendar.exceptions.values()]
    if any(len(intervals) > MOST_INTERVALS for intervals in days):
        raise ValueError(f"A day has at most {MOST_INTERVALS} intervals")
    if len(calendar.holidays) + len(calendar.exceptions) > MOST_DATES:
        raise ValueError(f"A calendar has at most {MOST_DATES} dates of its own")
    return calendar


BoundedCalendar = Annotated[Calendar, AfterValidator(_bounded)]
