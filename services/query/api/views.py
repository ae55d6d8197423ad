"""Named views of the list: one's own, and those that are shared."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi import Query as QueryParameter

from libs.events.commands import request_key
from libs.service.auth import CurrentStaff
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON, format_etag
from libs.service.parameters import query_model
from libs.service.problems import Conflict, NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.rights import Staff
from libs.service.routes import service_router
from services.query.api.answers import REACHED, asking, caught_up, require_reader
from services.query.api.choosing import reading_staff
from services.query.api.models import CountParameters
from services.query.api.view_models import Counts, NewView, View, ViewChange, ViewList, ViewOrder, meant
from services.query.domain.views import in_order
from services.query.live.wish import counted
from services.query.runtime import CurrentQuery
from services.query.store import views as store

router = service_router("query", tags=["views"])

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)


ReadingStaff = Annotated[Staff | None, Depends(reading_staff)]


@router.get("/views", summary="List named views", dependencies=[Depends(require_reader)])
async def list_views(
    query: CurrentQuery,
    reader: ReadingStaff,
    *,
    managed: Annotated[
        bool, QueryParameter(description="Also those that one may change though they are not meant for oneself")
    ] = False,
) -> ViewList:
    """One's own and those shared with oneself, as one has placed them; later ones come last.

    Systems have those that are shared with everybody.
    """
    found = await store.all_of(query.pool, reader.id if reader else None)
    there = [view for view in found if (view.is_seen_by(reader) if managed else view.is_meant_for(reader))]
    wanted = await store.order_of(query.pool, reader.id) if reader else []
    return ViewList(items=[View.of(view, reader) for view in in_order(there, wanted)])


@router.post("/views", summary="Make a view", status_code=201, responses=problem_responses(NotFound, Conflict))
async def create_view(
    body: NewView, query: CurrentQuery, staff: CurrentStaff, idempotency: CurrentIdempotency, response: Response
) -> View:
    """Everybody makes their own; [sharing](rights.md) one needs a right.

    `me` as a responsible and `mine` as a department are each reader's own. What a view names need not be there any more.
    """
    made = await query.views.create(meant(body), staff, request_key(idempotency))
    response.headers.update({"ETag": format_etag(made.version), "Location": f"/api/query/views/{made.id}"})
    return View.of(made, staff)


@router.put("/views/order", summary="Place one's views")
async def place_views(body: ViewOrder, query: CurrentQuery, staff: CurrentStaff) -> ViewList:
    """For oneself, shared ones among them; those that are left out come last."""
    placed = await query.views.place(body.ids, staff)
    return ViewList(items=[View.of(view, staff) for view in placed])


@router.get(
    "/views/counts",
    summary="Count the tickets of one's views",
    dependencies=[Depends(require_reader)],
    responses={200: {"model": Counts, "headers": REACHED}},
    openapi_extra=asking(CountParameters),
)
async def count_views(
    query: CurrentQuery,
    request: Request,
    asked: Annotated[CountParameters, Depends(query_model(CountParameters))],
) -> FastJSON:
    """How many tickets there are in each, narrowed by whatever is asked for: as many as their lists have.

    Counts are kept up to date, and answered from memory; the first time, and after some minutes without anybody who wanted
    them, tickets are counted. `GET /live?counts=true` tells of them as they change.
    """
    headers = await caught_up(query, asked, request)
    reader = await reading_staff(request)
    there = [
        view for view in await store.all_of(query.pool, reader.id if reader else None) if view.is_meant_for(reader)
    ]
    wanted = counted(there, asked.asked, reader, usual=asked.usual)
    found = await query.live.sizes(wanted, is_fresh=bool(headers))
    return FastJSON({"counts": found.sizes, "place": str(found.place), "as_of": found.at}, headers=headers)


@router.get("/views/{view_id}", summary="Read a view", responses=ON_ONE, dependencies=[Depends(require_reader)])
async def read_view(view_id: UUID, query: CurrentQuery, reader: ReadingStaff, response: Response) -> View:
    found = await store.find(query.pool, view_id)
    if found is None or not found.is_seen_by(reader):
        raise NotFound
    response.headers["ETag"] = format_etag(found.version)
    return View.of(found, reader)


@router.patch("/views/{view_id}", summary="Change a view", responses=ON_EDIT)
async def change_view(
    view_id: UUID,
    body: ViewChange,
    query: CurrentQuery,
    staff: CurrentStaff,
    expected: ExpectedVersion,
    response: Response,
) -> View:
    """`filters` and `sharing` are replaced as a whole. Who watches the view is told to fetch its list anew."""
    after = await query.views.change(view_id, meant(body), expected, staff)
    response.headers["ETag"] = format_etag(after.version)
    return View.of(after, staff)


@router.delete("/views/{view_id}", summary="Delete a view", status_code=204, responses=ON_ONE)
async def delete_view(view_id: UUID, query: CurrentQuery, staff: CurrentStaff) -> Response:
    """Who watches it is told nothing more."""
    await query.views.delete(view_id, staff)
    return Response(status_code=204)
