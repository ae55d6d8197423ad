"""When departments are open around now: what whoever shows remaining time counts it down by."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from libs.service.http import FastJSON
from libs.service.routes import service_router
from services.query.api.answers import Reader
from services.query.runtime import CurrentQuery
from services.query.store import calendars

router = service_router("query", tags=["calendars"])

BEFORE, AFTER = timedelta(hours=2), timedelta(days=8)


class OpenHours(BaseModel):
    """A department is open from each of `opens` until the same of `closes`, in their order."""

    department_id: UUID
    opens: list[AwareDatetime]
    closes: list[AwareDatetime]


class OpenHoursAroundNow(BaseModel):
    """Departments that are not among the items are always open."""

    items: list[OpenHours]
    since: AwareDatetime = Field(description="Before this nothing is told")
    until: AwareDatetime = Field(description="Ask again before this")
    as_of: AwareDatetime


@router.get("/calendars", summary="Read when departments are open around now", response_model=OpenHoursAroundNow)
async def read_calendars(query: CurrentQuery, _: Reader) -> FastJSON:
    """By the hours in force, from two hours ago until eight days ahead.

    With this and `remaining_seconds` of a ticket, what remains at any instant is known without asking again.
    """
    now = query.as_of() or await calendars.now(query.pool)
    since, until = now - BEFORE, now + AFTER
    found = await calendars.between(query.pool, since, until)
    items = [_shown(department, opens, closes) for department, opens, closes in found]
    return FastJSON({"items": items, "since": since, "until": until, "as_of": now})


def _shown(department: UUID, opens: list[datetime], closes: list[datetime]) -> dict[str, object]:
    return {"department_id": department, "opens": opens, "closes": closes}
