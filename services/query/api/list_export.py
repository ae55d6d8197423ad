"""A list as a file: all of its tickets, page after page."""

import csv
import io
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import orjson
import structlog
from fastapi import Depends, Request
from pyroaring import BitMap64
from starlette.responses import StreamingResponse

from libs.service.auth import while_good
from libs.service.http import to_json
from libs.service.parameters import query_model
from libs.service.problems import NotFound, problem_responses
from libs.service.routes import service_router
from libs.worktime import to_micros
from services.query.api.answers import REACHED, Reader, asking, caught_up, moment_of
from services.query.api.choosing import listed, view_of
from services.query.api.models import ExportParameters, Ticket
from services.query.domain import orders, shown
from services.query.domain.columns import ALL, Column, texts
from services.query.runtime import CurrentQuery, Query
from services.query.store import lists

router = service_router("query", tags=["tickets"])
log = structlog.get_logger()

AT_ONCE = 200
"""Tickets that are read, and held in memory, at once."""
_MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/x-ndjson"}
_ANSWER = {
    "description": "The file; where it was cut off, the connection is",
    "content": {
        "text/csv": {"schema": {"type": "string"}, "example": "number,subject\r\n1001,Mail does not arrive\r\n"},
        "application/x-ndjson": {"schema": Ticket.model_json_schema(ref_template="#/components/schemas/{model}")},
    },
    "headers": {
        **REACHED,
        "Content-Disposition": {"description": "Names the file", "schema": {"type": "string"}},
    },
}


class CutOff(Exception):
    """The caller's token is not good any more: what was sent is not the whole file, and must not look like it."""


Render = Callable[[Iterable[bytes]], bytes]
"""Makes a part of the file of tickets as JSON."""


@router.get(
    "/tickets/export",
    summary="Export a list of tickets",
    response_class=StreamingResponse,
    responses={200: _ANSWER, **problem_responses(NotFound)},
    openapi_extra=asking(ExportParameters),
)
async def export_list(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[ExportParameters, Depends(query_model(ExportParameters))],
) -> StreamingResponse:
    """All tickets of a list, in its order and as of one instant, as far as one may see them.

    `csv` is a table with a row of names (RFC 4180, UTF-8), of the columns that are asked for, or the view's, or all. A text
    that a spreadsheet would calculate has an apostrophe in front. `json` is a ticket a line, each as the list has it.

    It is read a page at a time: no ticket is in it twice; one that changes its place in the list meanwhile may be missing.
    With `as_of` it is the list as it was at an instant of the past.
    """
    view = await view_of(query, request, asked.view)
    headers = await caught_up(query, asked, request)
    found = await listed(request, caller, view, asked)
    moment = await moment_of(query, asked, found.sight)
    wanted = found.request(AT_ONCE, None, query.as_of(), moment.at if moment else None)
    first = await lists.page(query.pool, wanted)
    columns = tuple(asked.columns) or (view.columns if view else ()) or ALL
    render = _as_lines if asked.format == "json" else _as_table(columns)
    log.info("list_exported", by=caller.actor, format=asked.format)
    name = f"tickets-{first.as_of:%Y-%m-%dT%H-%M-%SZ}.{'csv' if asked.format == 'csv' else 'ndjson'}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    head = _rows([columns]) if asked.format == "csv" else b""
    parts = _whole(request, _file(query, wanted, first, head, render))
    return StreamingResponse(parts, media_type=_MEDIA[asked.format], headers=headers)


async def _whole(request: Request, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The parts, and an empty one at their end: without it they were cut off."""
    is_whole = False
    async for part in while_good(request, parts):
        is_whole = not part
        if part:
            yield part
    if not is_whole:
        raise CutOff


async def _file(
    query: Query, wanted: orders.Request, page: lists.Page, head: bytes, render: Render
) -> AsyncGenerator[bytes, None]:
    sent, part = BitMap64(), head
    while True:
        part += render(await _news(query, wanted.then, page, sent))
        if part:
            yield part
        if page.end is None:
            break
        page, part = await lists.page(query.pool, replace(wanted, end=page.end)), b""
    yield b""


async def _news(query: Query, then: datetime | None, page: lists.Page, sent: BitMap64) -> list[bytes]:
    """JSON of the page's tickets that have not been sent: one that was may have come further down meanwhile."""
    known = await (query.lookups.then(page.rows, then) if then else query.lookups.of(page.rows))
    at = to_micros(page.as_of)
    rows = [row for row in page.rows if row["number"] not in sent]
    sent.update(row["number"] for row in rows)
    return [to_json(shown.ticket(row, known, at)) for row in rows]


def _as_lines(tickets: Iterable[bytes]) -> bytes:
    return b"".join(ticket + b"\n" for ticket in tickets)


def _as_table(columns: tuple[Column, ...]) -> Render:
    return lambda tickets: _rows(texts(orjson.loads(ticket), columns) for ticket in tickets)


def _rows(rows: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)  # its own dialect ends lines with CR LF, as the RFC wants it
    return written.getvalue().encode()
