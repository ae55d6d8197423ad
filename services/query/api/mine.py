"""A client's own account's tickets."""

from typing import Annotated

from fastapi import Query as QueryParameters
from fastapi import Request
from pydantic import TypeAdapter

from libs.service.http import JSONBytes, decode_cursor, encode_cursor
from libs.service.routes import service_router
from services.query.api.answers import REACHED, RECENT, Client, caught_up, page_body
from services.query.api.models import ClientsPage, ClientsParameters
from services.query.runtime import CurrentQuery
from services.query.store import tickets

router = service_router("query", tags=["my tickets"])

_NUMBER = TypeAdapter(int)


@router.get(
    "/my/tickets",
    summary="List the tickets of one's own account",
    responses={200: {"model": ClientsPage, "headers": REACHED}},
    openapi_extra=RECENT,
)
async def list_my_tickets(
    query: CurrentQuery, caller: Client, request: Request, asked: Annotated[ClientsParameters, QueryParameters()]
) -> JSONBytes:
    """The newest first. What is the provider's own (weight, attitude, deadline, …) is not in it."""
    before = decode_cursor(asked.cursor, _NUMBER) if asked.cursor else None
    headers = await caught_up(query, asked, request)
    assert caller.account_id is not None
    found = await tickets.of_account(query.pool, caller.account_id, asked.state, before, asked.limit + 1)
    shown = found[: asked.limit]
    cursor = encode_cursor(shown[-1]["number"]) if len(found) > len(shown) else None
    return JSONBytes(page_body((row["ticket"] for row in shown), next_cursor=cursor), headers=headers)
