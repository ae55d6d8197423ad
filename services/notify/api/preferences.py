"""What one wants to be told of."""

from fastapi import Response
from pydantic import BaseModel

from libs.service.http import format_etag
from libs.service.problems import PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.routes import service_router
from services.notify.api.parts import SERVICE, ReplacedVersion, Themselves
from services.notify.domain.kinds import FOR_CLIENTS, FOR_STAFF, Kind
from services.notify.domain.preferences import Preferences
from services.notify.runtime import CurrentNotify
from services.notify.store import preferences

router = service_router(SERVICE, tags=["preferences"])


class Chosen(BaseModel):
    """One's choices, and what there is to choose about."""

    preferences: Preferences
    choices: list[Kind]


@router.get("/me/preferences")
async def get_preferences(caller: Themselves, notify: CurrentNotify, response: Response) -> Chosen:
    """What one is told of, and when; the ETag is for changing it."""
    chosen, version = await preferences.find(notify.log.pool, caller.user_id)
    response.headers["ETag"] = format_etag(version)
    return Chosen(preferences=chosen, choices=_choices(caller.kind))


@router.put("/me/preferences", responses=problem_responses(PreconditionFailed, PreconditionRequired))
async def set_preferences(
    body: Preferences, expected: ReplacedVersion, caller: Themselves, notify: CurrentNotify, response: Response
) -> Chosen:
    """Choose. What is to be sent already keeps its time, but for what falls into the quiet hours."""
    version = await preferences.put(notify.log.pool, caller.user_id, body, expected)
    if version is None:
        raise PreconditionRequired if expected == 0 else PreconditionFailed
    response.headers["ETag"] = format_etag(version)
    return Chosen(preferences=body, choices=_choices(caller.kind))


def _choices(kind: str) -> list[Kind]:
    return [one for one in Kind if one in (FOR_CLIENTS if kind == "client" else FOR_STAFF)]
