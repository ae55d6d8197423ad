"""What happened to a ticket, for those who may see it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Depends, Request
from pydantic import TypeAdapter

from libs.service.auth import CurrentCaller
from libs.service.http import CursorInstant, CursorPosition, FastJSON, decode_cursor, encode_cursor
from libs.service.parameters import query_model
from libs.service.problems import NotFound, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from services.query.api.answers import (
    REACHED,
    TicketDeleted,
    account_of,
    asking,
    caught_up,
    moment_of,
    refuse,
    sight_of,
)
from services.query.api.models import HistoryPage, HistoryParameters
from services.query.domain.history import FOR_CLIENTS, for_client, ids_in
from services.query.runtime import CurrentQuery
from services.query.store import history, tickets
from services.query.store.history import Name, Place

router = service_router("query", tags=["tickets"])

_PLACE: TypeAdapter[tuple[datetime, str, int]] = TypeAdapter(tuple[CursorInstant, Text, CursorPosition])
_SHOWN = ("id", "type", "at", "actor", "on_behalf_of")


@router.get(
    "/tickets/{ticket_id}/history",
    summary="Read what happened to a ticket",
    responses={200: {"model": HistoryPage, "headers": REACHED}, **problem_responses(NotFound, TicketDeleted)},
    openapi_extra=asking(HistoryParameters),
)
async def read_history(
    query: CurrentQuery,
    caller: CurrentCaller,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[HistoryParameters, Depends(query_model(HistoryParameters))],
) -> FastJSON:
    """Everything, the earliest first: who did it, for whom, and what changed from what to what.

    Clients see what was said, closed, reopened and rated in their own tickets. With `as_of`, which pages repeat, what had
    happened by then.
    """
    after = Place(*decode_cursor(asked.cursor, _PLACE)) if asked.cursor else None
    headers = await caught_up(query, asked, request)
    sight = await sight_of(request, caller)
    moment = await moment_of(query, asked, sight)
    then = moment.at if moment else None
    if sight and then:
        is_there = await tickets.was_seen(query.pool, ticket_id, sight, then)
    elif sight:
        is_there = await tickets.is_seen(query.pool, ticket_id, sight)
    else:
        is_there = await tickets.is_of_account(query.pool, ticket_id, account_of(caller))
    if not is_there:
        await refuse(query, caller, sight, ticket_id)
    types = None if sight else FOR_CLIENTS
    found = await history.entries(query.pool, ticket_id, after, asked.limit + 1, types, then)
    page = found[: asked.limit]
    entries = list(map(_entry, page))
    names = await history.names_of(query.pool, set(ids_in(entries)), then)
    if not sight:
        entries, names = _for_client(entries, names)
    last = page[-1] if len(found) > len(page) else None
    cursor = encode_cursor([last["happened_at"], last["source"], last["position"]]) if last else None
    called = {identity: name.name for identity, name in names.items()}
    told = moment.told if moment else {}
    return FastJSON({"items": entries, "names": called, "next_cursor": cursor, **told}, headers=headers)


def _entry(row: asyncpg.Record) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _SHOWN},
        "facts": orjson.loads(row["facts"]),
        "changes": orjson.loads(row["changes"]),
    }


def _for_client(entries: list[dict[str, Any]], names: dict[str, Name]) -> tuple[list[dict[str, Any]], dict[str, Name]]:
    """What a client may know of these entries, and the names of what is left in them."""

    def is_user(identity: str) -> bool:
        return identity in names and names[identity].kind == "user"

    entries = [for_client(entry, is_user) for entry in entries]
    mentioned = set(map(str, ids_in(entries)))
    return entries, {identity: name for identity, name in names.items() if identity in mentioned}
