"""The administrators' list, and single tickets for those who may see them."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Depends, Request

from libs.service.auth import CurrentCaller
from libs.service.http import FastJSON, JSONBytes, format_etag, to_json
from libs.service.markdown import all_rendered
from libs.service.parameters import query_model
from libs.service.problems import NotFound, problem_responses
from libs.service.rights import Right, Staff
from libs.service.routes import service_router
from libs.worktime import to_micros
from services.query.api.answers import (
    REACHED,
    Moment,
    Reader,
    TicketDeleted,
    account_of,
    asking,
    caught_up,
    moment_of,
    readers_sight,
    refuse,
    sight_of,
)
from services.query.api.choosing import listed, order_of, reading_staff, view_of
from services.query.api.models import AtAnyTime, ClientsDetails, Details, ListParameters, TicketPage, Weight
from services.query.domain import orders, shown
from services.query.domain.shown import Known
from services.query.runtime import CurrentQuery, Query
from services.query.store import lists, tickets
from services.query.store.rows import MOVING_COLUMNS

router = service_router("query", tags=["tickets"])

LONG = 10_000
"""Characters of messages that are not rendered in passing: others would wait meanwhile."""


@router.get(
    "/tickets",
    summary="List tickets",
    responses={200: {"model": TicketPage, "headers": REACHED}, **problem_responses(NotFound)},
    openapi_extra=asking(ListParameters),
)
async def list_tickets(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[ListParameters, Depends(query_model(ListParameters))],
) -> FastJSON:
    """The live list of the tickets one may see, the heaviest first unless asked otherwise.

    Where nothing is to sort by (no wait, no deadline): last. With `as_of`, which pages repeat like filters, the
    list as it was at an instant of the past: of the tickets that one may know of now, and might have where they were then.
    """
    view = await view_of(query, request, asked.view)
    end = orders.after(asked.cursor, *order_of(view, asked), asked.as_of)
    headers = await caught_up(query, asked, request)
    found = await listed(request, caller, view, asked)
    moment = await moment_of(query, asked, found.sight)
    wanted = found.request(asked.limit, end, query.as_of(), moment.at if moment else None)
    page, known = await _page(query, wanted)
    at = to_micros(page.as_of)
    items = [shown.remembered(row, known, at) for row in page.rows]
    body = {"items": items, "next_cursor": page.end and page.end.cursor(), "as_of": page.as_of}
    if moment:
        body |= moment.told
    return FastJSON(body, headers=headers)


@router.get(
    "/tickets/{ticket_id}",
    summary="Read a ticket",
    responses={
        200: {"model": Details | ClientsDetails, "headers": REACHED},
        **problem_responses(NotFound, TicketDeleted),
    },
    openapi_extra=asking(AtAnyTime),
)
async def read_ticket(
    query: CurrentQuery,
    caller: CurrentCaller,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[AtAnyTime, Depends(query_model(AtAnyTime))],
) -> JSONBytes:
    """A ticket's properties and messages; clients read those of their own account, without notes.

    With `as_of` as it was, with the messages and ratings there were, and without an ETag.
    """
    headers = await caught_up(query, asked, request)
    sight = await sight_of(request, caller)
    moment = await moment_of(query, asked, sight)
    if sight and moment:
        found = await tickets.details_then(query.pool, ticket_id, sight, moment.at)
    elif sight:
        found = await tickets.details(query.pool, ticket_id, sight, query.as_of())
    else:
        found = await tickets.clients_details(query.pool, ticket_id, account_of(caller))
    if found is None:
        await refuse(query, caller, sight, ticket_id)
    if sight:
        staff = await reading_staff(request)
        head = to_json(await _details(query, found, moment) | {"rights": _rights(staff, found, moment)})
    else:
        head = found["ticket"].encode()
    body = head.removesuffix(b"}") + b',"messages":' + to_json(await _rendered(found["messages"])) + b"}"
    tag = {} if moment else {"ETag": format_etag(found["version"])}
    return JSONBytes(body, headers={**headers, **tag})


@router.get(
    "/tickets/{ticket_id}/weight",
    summary="Read what a ticket's weight is made of",
    responses={200: {"model": Weight, "headers": REACHED}, **problem_responses(NotFound, TicketDeleted)},
    openapi_extra=asking(AtAnyTime),
)
async def read_weight(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[AtAnyTime, Depends(query_model(AtAnyTime))],
) -> JSONBytes:
    """Each matching rule's name and points, and n: whole minutes of waiting; with `as_of` as it was then."""
    headers = await caught_up(query, asked, request)
    sight = await readers_sight(request, caller)
    if moment := await moment_of(query, asked, sight):
        found = await tickets.weight_then(query.pool, ticket_id, sight, moment.at)
    else:
        found = await tickets.weight(query.pool, ticket_id, sight, query.as_of())
    if found is None:
        await refuse(query, caller, sight, ticket_id)
    if moment:
        return JSONBytes(to_json({**orjson.loads(found), **moment.told}), headers=headers)
    return JSONBytes(found, headers=headers)


async def _page(query: Query, request: orders.Request) -> tuple[lists.Page, Known]:
    """Most rows have been shown before: what moves of them is read first, and all of it only if one of them is new."""
    if request.then:
        page = await lists.page(query.pool, request)
        known = await query.lookups.then(page.rows, request.then)
        known.remember(page.rows)
        return page, known
    page = await lists.page(query.pool, request, MOVING_COLUMNS)
    known = query.lookups.at(page.rows)
    if not known.remembers(page.rows):
        page = await lists.page(query.pool, request)
        known = await query.lookups.of(page.rows)
        known.remember(page.rows)
    return page, known


async def _details(query: Query, found: asyncpg.Record, moment: Moment | None) -> dict[str, Any]:
    known = await (query.lookups.then([found], moment.at) if moment else query.lookups.of([found]))
    return {
        **(moment.told if moment else {}),
        **shown.ticket(found, known, to_micros(found["as_of"])),
        "version": found["version"],
        "breakdown": orjson.Fragment(found["breakdown"]),
        "target_seconds": found["target_seconds"],
        "used_seconds": found["used_seconds"],
        "block_expires_at": found["block_expires_at"],
    }


def _rights(staff: Staff | None, found: asyncpg.Record, moment: Moment | None) -> list[Right]:
    """What the reader may do to the ticket: systems and whoever looks at the past, nothing."""
    if staff is None or moment:
        return []
    places = (found["department_id"], found["responsible_id"])
    return sorted(staff.on_ticket(*(place and UUID(place) for place in places)))


async def _rendered(messages: str) -> list[dict[str, Any]]:
    """The messages with their texts as HTML, too."""
    said = orjson.loads(messages)
    texts = [message["text"] for message in said]
    is_long = sum(map(len, texts)) > LONG
    rendered = await asyncio.to_thread(all_rendered, texts) if is_long else all_rendered(texts)
    return [{**message, "html": html} for message, html in zip(said, rendered, strict=True)]
