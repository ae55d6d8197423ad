"""The administrators' list, and single tickets for those who may see them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query as QueryParameters
from fastapi import Request
from pydantic import AwareDatetime, TypeAdapter

from libs.service.auth import Caller, CurrentCaller
from libs.service.http import JSONBytes, decode_cursor, encode_cursor, format_etag
from libs.service.problems import Forbidden, NotFound, Problem, problem_responses
from libs.service.routes import service_router
from services.query.api.answers import REACHED, RECENT, Reader, caught_up, may_read_all, page_body
from services.query.api.models import (
    ClientsDetails,
    Consistently,
    Details,
    HistoryPage,
    ListParameters,
    Paged,
    TicketPage,
    Weight,
)
from services.query.domain import orders
from services.query.domain.orders import USUAL, Filters
from services.query.runtime import CurrentQuery, Query
from services.query.store import history, lists, tickets
from services.query.store.history import Place

router = service_router("query", tags=["tickets"])

_PLACE: TypeAdapter[tuple[datetime, str, int]] = TypeAdapter(tuple[AwareDatetime, str, int])


class TicketDeleted(Problem):
    """The ticket was deleted; who did it, and when, is all that is left."""

    status = 410
    slug = "ticket-deleted"


@router.get(
    "/tickets",
    summary="List tickets",
    responses={200: {"model": TicketPage, "headers": REACHED}},
    openapi_extra=RECENT,
)
async def list_tickets(
    query: CurrentQuery, _: Reader, request: Request, asked: Annotated[ListParameters, QueryParameters()]
) -> JSONBytes:
    """The live list, the heaviest first unless asked otherwise. Where nothing is to sort by (no wait, no deadline): last."""
    order = asked.order or USUAL[asked.sort]
    end = orders.after(asked.cursor, asked.sort, order)
    headers = await caught_up(query, asked, request)
    filters = Filters.model_construct(**{name: getattr(asked, name) for name in Filters.model_fields})
    page = await lists.page(query.pool, orders.Request(asked.sort, order, filters, asked.limit, end, query.as_of()))
    body = page_body(page.rows, next_cursor=page.end and page.end.cursor(), as_of=page.as_of)
    return JSONBytes(body, headers=headers)


@router.get(
    "/tickets/{ticket_id}",
    summary="Read a ticket",
    responses={
        200: {"model": Details | ClientsDetails, "headers": REACHED},
        **problem_responses(NotFound, TicketDeleted),
    },
    openapi_extra=RECENT,
)
async def read_ticket(
    query: CurrentQuery,
    caller: CurrentCaller,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[Consistently, QueryParameters()],
) -> JSONBytes:
    """A ticket's properties and messages; clients read those of their own account, without notes."""
    headers = await caught_up(query, asked, request)
    if may_read_all(caller):
        found = await tickets.details(query.pool, ticket_id, query.as_of())
    else:
        found = await tickets.clients_details(query.pool, ticket_id, _account(caller))
    if found is None:
        await _refuse(query, caller, ticket_id)
    assert found is not None
    return JSONBytes(found["ticket"], headers={**headers, "ETag": format_etag(found["version"])})


@router.get(
    "/tickets/{ticket_id}/history",
    summary="Read what happened to a ticket",
    responses={200: {"model": HistoryPage, "headers": REACHED}, **problem_responses(NotFound, TicketDeleted)},
    openapi_extra=RECENT,
)
async def read_history(
    query: CurrentQuery,
    caller: CurrentCaller,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[Paged, QueryParameters()],
) -> JSONBytes:
    """Everything, the earliest first; clients see what was said, and the closing and reopening of their own tickets."""
    after = Place(*decode_cursor(asked.cursor, _PLACE)) if asked.cursor else None
    headers = await caught_up(query, asked, request)
    types = None if may_read_all(caller) else history.FOR_CLIENTS
    account = None if may_read_all(caller) else _account(caller)
    if not await tickets.is_seen(query.pool, ticket_id, account):
        await _refuse(query, caller, ticket_id)
    found = await history.entries(query.pool, ticket_id, after, asked.limit + 1, types)
    shown = found[: asked.limit]
    last = shown[-1] if len(found) > len(shown) else None
    entries = [row["entry"] for row in shown]
    cursor = encode_cursor([last["happened_at"], last["source"], last["position"]]) if last else None
    names = await history.names_of(query.pool, set(_ids_in(entries)))
    return JSONBytes(page_body(entries, names=names, next_cursor=cursor), headers=headers)


@router.get(
    "/tickets/{ticket_id}/weight",
    summary="Read what a ticket's weight is made of",
    responses={200: {"model": Weight, "headers": REACHED}, **problem_responses(NotFound, TicketDeleted)},
    openapi_extra=RECENT,
)
async def read_weight(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    ticket_id: UUID,
    asked: Annotated[Consistently, QueryParameters()],
) -> JSONBytes:
    """Each matching rule's name and points, and n: whole minutes of waiting."""
    headers = await caught_up(query, asked, request)
    found = await tickets.weight(query.pool, ticket_id, query.as_of())
    if found is None:
        await _refuse(query, caller, ticket_id)
    return JSONBytes(found, headers=headers)


async def _refuse(query: Query, caller: Caller, ticket: UUID) -> None:
    """Nothing is there, or nothing that a client may know of; administrators learn that there was something."""
    grave = await tickets.tombstone(query.pool, ticket) if may_read_all(caller) else None
    if grave is None:
        raise NotFound
    raise TicketDeleted(
        number=grave.number,
        deleted_at=grave.deleted_at.isoformat().replace("+00:00", "Z"),
        deleted_by=grave.deleted_by,
        on_behalf_of=grave.on_behalf_of,
    )


def _account(caller: Caller) -> UUID:
    if caller.account_id is None:
        raise Forbidden
    return caller.account_id


def _ids_in(entries: Iterable[str]) -> Iterator[UUID]:
    """Whatever looks like the id of someone or something in these entries."""
    for entry in map(orjson.loads, entries):
        actors = (text.partition(":")[2] for text in (entry["actor"], entry["on_behalf_of"]) if text)
        values: list[Any] = [*actors, *entry["facts"].values()]
        for value in values:
            if isinstance(value, str) and len(value) == len(str(UUID(int=0))) and value.count("-") == 4:  # noqa: PLR2004
                yield UUID(value)
