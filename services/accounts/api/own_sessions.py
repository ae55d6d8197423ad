"""One's own sessions: when and from where they began, and their end."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from libs.events.commands import asked_by
from libs.service.http import FastJSON
from libs.service.problems import NotFound, problem_responses
from libs.service.routes import service_router
from services.accounts.api.own import OwnSession
from services.accounts.api.shared import SERVICE
from services.accounts.runtime import CurrentAccounts
from services.accounts.store import sessions

MOST = 200

router = service_router(SERVICE, tags=["session"])


class Session(BaseModel):
    """A session that goes on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01980000-0000-7000-8000-00000000b001",
                    "current": True,
                    "begun_at": "2026-01-05T09:00:00Z",
                    "used_at": "2026-01-05T11:30:00Z",
                    "good_until": "2026-01-05T23:30:00Z",
                    "ends_at": "2026-01-12T09:00:00Z",
                    "address": "192.0.2.1",
                    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                }
            ]
        }
    )

    id: UUID
    current: bool = Field(description="Whether this very request is part of it")
    begun_at: AwareDatetime
    used_at: AwareDatetime = Field(description="When it was refreshed last")
    good_until: AwareDatetime = Field(description="When it is over unless it is refreshed")
    ends_at: AwareDatetime = Field(description="When it is over in any case")
    address: str = Field(description="From where it was refreshed last")
    user_agent: str = Field(description="What the program called itself with which it began")


class Sessions(BaseModel):
    """One's own sessions, the latest first."""

    items: list[Session]


@router.get("/sessions", response_model=Sessions)
async def list_own_sessions(accounts: CurrentAccounts, own: OwnSession) -> FastJSON:
    """List one's own sessions, the 200 latest if there are more."""
    found = await sessions.of_person(accounts.pool, own.person, accounts.sessions.clock.now(), MOST)
    return FastJSON({"items": [_shown(session, own.session) for session in found]})


@router.delete("/sessions/{session_id}", status_code=204, responses=problem_responses(NotFound))
async def end_own_session(session_id: UUID, accounts: CurrentAccounts, own: OwnSession) -> Response:
    """End one of one's own sessions, in every service at once."""
    ended = await accounts.sessions.end(session_id, own.person, asked_by(own.caller))
    if ended is None:
        raise NotFound
    return Response(status_code=204, headers=ended.headers)


@router.delete("/sessions", status_code=204)
async def end_own_other_sessions(accounts: CurrentAccounts, own: OwnSession) -> Response:
    """End all of one's own sessions but this one."""
    ended = await accounts.sessions.end_others(own.person, own.session, asked_by(own.caller))
    return Response(status_code=204, headers=ended.headers if ended else None)


def _shown(session: sessions.Session, current: UUID) -> dict[str, object]:
    fields = Session.model_fields.keys() - {"current"}
    return {**{name: getattr(session, name) for name in fields}, "current": session.id == current}
