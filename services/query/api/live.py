"""Live updates."""

from fastapi import Request
from sse_starlette import EventSourceResponse

from libs.service.auth import CurrentCaller, while_good
from libs.service.problems import Forbidden
from libs.service.routes import service_router
from services.query.api.answers import may_read_all
from services.query.runtime import CurrentQuery

router = service_router("query", tags=["live"])

SEND_SECONDS = 30
"""A viewer who does not take what is sent within this time is cut off."""

_STREAM = {
    "description": "Server-sent events",
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": 'id: 1:42\nevent: ticket\ndata: {"id":"01980000-0000-7000-8000-000000000001","number":1001}\n\n',
        }
    },
}


@router.get(
    "/live",
    summary="Watch tickets change",
    response_class=EventSourceResponse,
    responses={200: _STREAM},
    openapi_extra={
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "description": "The id of the last event seen: what was missed since comes first",
                "schema": {"type": "string"},
            }
        ]
    },
)
async def watch(query: CurrentQuery, caller: CurrentCaller, request: Request) -> EventSourceResponse:
    """Administrators see every ticket, clients those of their account.

    - `ready`: the stream has begun; fetch the list now, and what changes from here on follows.
    - `ticket`: a ticket as the list shows it, or `{"id": …, "gone": true}`.
    - `refresh`: names or calendars have changed, which may show in any row: fetch again what is on the screen.
    - `reset`: what was missed is not known any more: fetch the list anew.

    Once the token is not good any more, nothing else is sent, and the stream ends with the next change.
    """
    if not may_read_all(caller) and caller.account_id is None:
        raise Forbidden
    account = None if may_read_all(caller) else str(caller.account_id)
    texts = while_good(request, query.live.watch(account, request.headers.get("last-event-id")))
    return EventSourceResponse(texts, ping=query.heartbeat_seconds, sep="\n", send_timeout=SEND_SECONDS)
