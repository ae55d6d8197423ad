"""Live updates."""

from fastapi import Request
from sse_starlette import EventSourceResponse

from libs.service.auth import CurrentCaller, while_good
from libs.service.headers import header
from libs.service.routes import service_router
from services.query.api.answers import account_of, sight_of
from services.query.live import Viewer
from services.query.runtime import CurrentQuery

router = service_router("query", tags=["live"])

SEND_SECONDS = 30
"""A viewer who does not take what is sent within this time is cut off."""

_STREAM = {
    "description": "Server-sent events",
    "content": {
        "text/event-stream": {
            "schema": {  # of an event
                "type": "object",
                "required": ["event", "data"],
                "properties": {
                    "event": {"enum": ["ready", "ticket", "refresh", "reset"]},
                    "id": {"type": "string"},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
            },
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
            header("Last-Event-ID", "The id of the last event seen: what was missed since comes first", required=False)
        ]
    },
)
async def watch(query: CurrentQuery, caller: CurrentCaller, request: Request) -> EventSourceResponse:
    """One is told of the tickets one may see: as the lists show them, and only as far as they do.

    - `ready`: the stream has begun; fetch the list now, and what changes from here on follows.
    - `ticket`: a ticket as the list shows it, or `{"id": …, "gone": true}` once it is deleted or out of sight.
    - `refresh`: names or calendars have changed, which may show in any row: fetch again what is on the screen.
    - `reset`: what was missed is not known any more, or one's own rights have changed: fetch the list anew.

    Once the token is not good any more, nothing else is sent, and the stream ends with the next change.
    """
    sight = await sight_of(request, caller)
    administrator = caller.user_id if caller.kind == "administrator" else None
    viewer = Viewer(sight or str(account_of(caller)), administrator)
    texts = while_good(request, query.live.watch(viewer, request.headers.get("last-event-id")))
    return EventSourceResponse(texts, ping=query.heartbeat_seconds, sep="\n", send_timeout=SEND_SECONDS)
