"""Figures for dashboards, and what is behind them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends, Request

from libs.service.http import FastJSON
from libs.service.parameters import query_model
from libs.service.problems import Invalid
from libs.service.routes import service_router
from libs.worktime.instants import SECOND
from services.query.api.answers import REACHED, Reader, asking, caught_up, readers_sight
from services.query.api.figure_models import (
    Answers,
    Arrivals,
    BehindParameters,
    ClosingPage,
    Closings,
    FigureParameters,
    Open,
    WaitPage,
    WaitParameters,
)
from services.query.domain.figures import SHARES, Asked, By, End, after, age_classes
from services.query.runtime import CurrentQuery, Query
from services.query.store import figures
from services.query.store.figures import Kind, TooManyGroups

router = service_router("query", tags=["figures"])

_NAMED = ("department", "administrator", "category", "project", "group", "account")


@router.get(
    "/figures/answers",
    summary="Count answers in time and late, and how long clients waited",
    responses={200: {"model": Answers, "headers": REACHED}},
    openapi_extra=asking(FigureParameters),
)
async def read_answers(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[FigureParameters, Depends(query_model(FigureParameters))],
) -> FastJSON:
    """Waits that ended in these days, by the department and category the ticket then had, and who answered.

    Of tickets in the departments that one sees, as all figures. Deleted tickets are in none.
    """
    return await _answer(query, caller, request, asked, figures.ANSWERS)


@router.get(
    "/figures/answers/waits",
    summary="List the waits behind the figures of answers",
    responses={200: {"model": WaitPage, "headers": REACHED}},
    openapi_extra=asking(WaitParameters),
)
async def list_waits(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[WaitParameters, Depends(query_model(WaitParameters))],
) -> FastJSON:
    """In the order of their ends."""
    return await _behind(query, caller, request, asked, figures.ANSWERS)


@router.get(
    "/figures/closings",
    summary="Count closings, and how long resolutions took",
    responses={200: {"model": Closings, "headers": REACHED}},
    openapi_extra=asking(FigureParameters),
)
async def read_closings(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[FigureParameters, Depends(query_model(FigureParameters))],
) -> FastJSON:
    """Closings in these days, by the department and category the ticket then had, and who closed it."""
    return await _answer(query, caller, request, asked, figures.CLOSINGS)


@router.get(
    "/figures/closings/tickets",
    summary="List the tickets behind the figures of closings",
    responses={200: {"model": ClosingPage, "headers": REACHED}},
    openapi_extra=asking(BehindParameters),
)
async def list_closings(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[BehindParameters, Depends(query_model(BehindParameters))],
) -> FastJSON:
    """In the order of their closings."""
    return await _behind(query, caller, request, asked, figures.CLOSINGS)


@router.get(
    "/figures/arrivals",
    summary="Count what came in: tickets and clients' messages",
    responses={200: {"model": Arrivals, "headers": REACHED}},
    openapi_extra=asking(FigureParameters),
)
async def read_arrivals(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[FigureParameters, Depends(query_model(FigureParameters))],
) -> FastJSON:
    """By weekday and hour, it is the load; by day, what is new. By how the tickets are now."""
    return await _answer(query, caller, request, asked, figures.ARRIVALS)


@router.get(
    "/figures/open",
    summary="Count the tickets that are open, by age",
    responses={200: {"model": Open, "headers": REACHED}},
    openapi_extra=asking(FigureParameters),
)
async def read_open(
    query: CurrentQuery,
    caller: Reader,
    request: Request,
    asked: Annotated[FigureParameters, Depends(query_model(FigureParameters))],
) -> FastJSON:
    """As it is now, whenever they were opened: `from` and `to` only say whose days these are when grouped by day."""
    return await _answer(query, caller, request, asked, figures.OPEN)


async def _answer(query: Query, caller: Reader, request: Request, parameters: FigureParameters, kind: Kind) -> FastJSON:
    headers = await caught_up(query, parameters, request)
    sight = await readers_sight(request, caller)
    asked = parameters.asked(query.as_of() or datetime.now(UTC), sight)
    try:
        found = await figures.figures(query.pool, kind, asked, query.as_of())
    except TooManyGroups:
        raise Invalid.at("query/group_by", "These are too many groups: group by less, or ask for fewer days") from None
    names = await figures.names_of(query.pool, _ids(found.rows, asked.by))
    body = {
        "from": asked.span.first,
        "to": asked.span.last,
        "zone": asked.span.zone,
        "as_of": found.total["as_of"],
        "total": _measured(found.total, kind),
        "items": [{**_grouped(row, asked, names), **_measured(row, kind)} for row in found.rows],
    }
    return FastJSON(body, headers=headers)


async def _behind(query: Query, caller: Reader, request: Request, parameters: BehindParameters, kind: Kind) -> FastJSON:
    end = after(parameters.cursor)
    headers = await caught_up(query, parameters, request)
    sight = await readers_sight(request, caller)
    asked = parameters.asked(query.as_of() or datetime.now(UTC), sight)
    found = await figures.behind(query.pool, kind, asked, end, parameters.limit + 1)
    page = found[: parameters.limit]
    mentioned = {row[name] for row in page for name in ("department_id", "administrator_id")}
    names = await figures.names_of(query.pool, mentioned - {None})
    last = page[-1] if len(found) > len(page) else None
    cursor = End(last["at"], last["id"], last["position"]).cursor() if last else None
    items = [_counted(row, kind, names) for row in page]
    return FastJSON({"items": items, "next_cursor": cursor}, headers=headers)


def _ids(rows: Iterable[asyncpg.Record], by: Iterable[By]) -> set[UUID]:
    keys = [f"{one}_key" for one in by if one in _NAMED]
    return {row[key] for row in rows for key in keys if row[key] is not None}


def _named(identity: UUID | None, names: Mapping[UUID, str]) -> dict[str, Any] | None:
    return None if identity is None else {"id": identity, "name": names.get(identity)}


def _grouped(row: asyncpg.Record, asked: Asked, names: Mapping[UUID, str]) -> dict[str, Any]:
    """What the row is of."""
    return {by: _group(by, row[f"{by}_key"], asked, names) for by in asked.by}


def _group(by: By, key: Any, asked: Asked, names: Mapping[UUID, str]) -> Any:
    if by in _NAMED:
        return _named(key, names)
    if by != "day":
        return key
    days = asked.span.days
    return days[key - 1] if 0 < key <= len(days) else None


def _measured(row: asyncpg.Record, kind: Kind) -> dict[str, Any]:
    return {name: _measure(name, row[name]) for name in kind.measures}


def _measure(name: str, value: Any) -> Any:
    if name == "ages":
        classes = zip(age_classes(), value, strict=True)
        return [{"from_seconds": low, "to_seconds": high, "tickets": count} for (low, high), count in classes]
    if isinstance(value, list):
        return {f"p{share * 100:.0f}": micros // SECOND for share, micros in zip(SHARES, value, strict=True)}
    return value


def _counted(row: asyncpg.Record, kind: Kind, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "ticket": {"id": row["id"], "number": row["number"], "subject": row["subject"]},
        "since": row["since"],
        "ended_at": row["at"],
        "department": _named(row["department_id"], names),
        "administrator": _named(row["administrator_id"], names),
        **{name: row[name] for name in kind.behind},
    }
