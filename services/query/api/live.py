"""Live updates."""

from typing import Annotated

from fastapi import Depends, Request
from sse_starlette import EventSourceResponse

from libs.service.auth import Caller, CurrentCaller, while_good
from libs.service.headers import header
from libs.service.parameters import query_model, query_parameters
from libs.service.problems import Forbidden, NotFound, problem_responses
from libs.service.routes import service_router
from services.query.api.answers import account_of, sight_of
from services.query.api.choosing import reading_staff, view_of
from services.query.api.models import LiveParameters
from services.query.domain.orders import Filters
from services.query.live import Wish
from services.query.live.wish import chosen
from services.query.runtime import CurrentQuery, Query

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
                    "event": {"enum": ["ready", "ticket", "counts", "views", "refresh", "reset"]},
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
    responses={200: _STREAM, **problem_responses(NotFound)},
    openapi_extra={
        "parameters": [
            *query_parameters(LiveParameters),
            header("Last-Event-ID", "The id of the last event seen: what was missed since comes first", required=False),
        ]
    },
)
async def watch(
    query: CurrentQuery,
    caller: CurrentCaller,
    request: Request,
    asked: Annotated[LiveParameters, Depends(query_model(LiveParameters))],
) -> EventSourceResponse:
    """One is told of the tickets one may see: as the lists show them, and only as far as they do.

    With the list's filters, or a view, one is told of the tickets that are in that list, come into it or leave it; without
    any, of all that one sees, whatever their state. Clients have no such choice.

    - `ready`: the stream has begun; fetch the list now, and what changes from here on follows.
    - `ticket`: a ticket as the list shows it, with `"in": true` if it has come into it; `{"id": …, "out": true}` once it is
      in it no more; `{"id": …, "gone": true}` once it is deleted or out of sight.
    - `counts`: with `counts=true`, how many tickets one's views have, by their ids: all at first, then those that changed,
      at most once a second; with `usual=true`, too, how many the lists have that everybody has, by their names.
    - `views`: with `counts=true`, one's views have changed: fetch them again.
    - `refresh`: names or calendars have changed, which may show in any row: fetch again what is on the screen.
    - `reset`: what was missed is not known any more, or one's own rights or the view have changed: fetch the list anew.

    One may be told that a ticket is in, out or gone that is so already. What comes between two messages is told together,
    one word a ticket. Once the token is not good any more, nothing else is sent, and the stream ends with the next change.
    """
    viewer = query.live.viewer(await _wish(query, caller, request, asked))
    texts = while_good(request, query.live.watch(viewer, request.headers.get("last-event-id")))
    return EventSourceResponse(texts, ping=query.heartbeat_seconds, sep="\n", send_timeout=SEND_SECONDS)


async def _wish(query: Query, caller: Caller, request: Request, asked: LiveParameters) -> Wish:
    if await sight_of(request, caller) is None:
        if asked.model_fields_set:
            raise Forbidden("Clients are told of all tickets of their own account")
        return Wish(client=str(account_of(caller)))
    filters = asked.asked if asked.model_fields_set & Filters.model_fields.keys() else None
    view = await view_of(query, request, asked.view)
    chosen(view, filters, await reading_staff(request))  # refused now if they cannot be brought together
    administrator = caller.user_id if caller.kind == "administrator" else None
    return Wish(None, administrator, asked.view, filters, asked.counts, asked.usual)
