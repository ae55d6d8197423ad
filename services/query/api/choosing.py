"""Which list is asked for: filters, or a view and what narrows it, as whoever asks means and sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import HTTPConnection

from libs.service.auth import Caller, identified, staff_of
from libs.service.problems import NotFound
from libs.service.rights import Staff
from services.query.api.answers import readers_sight
from services.query.api.models import Ordered
from services.query.domain.orders import USUAL, End, Filters, Order, Request, Sort
from services.query.domain.sight import Sight
from services.query.domain.views import View
from services.query.live.wish import chosen
from services.query.runtime import Query
from services.query.store import views


@dataclass(frozen=True, slots=True)
class Listed:
    """Filters and an order, as somebody sees what they choose."""

    filters: Filters
    sight: Sight
    sort: Sort
    order: Order

    def request(self, limit: int, end: End | None, as_of: datetime | None, then: datetime | None) -> Request:
        """A page of it; `then` is the instant of the past, if it is as it was."""
        return Request(self.sort, self.order, self.filters, limit, end, as_of, self.sight, then)


async def reading_staff(connection: HTTPConnection) -> Staff | None:
    """Who reads; None for a system. Ask only where clients are not let in."""
    caller = identified(connection)
    return await staff_of(connection, caller) if caller.kind == "administrator" else None


async def view_of(query: Query, connection: HTTPConnection, view: UUID | None) -> View | None:
    """The view that is asked for, if one is. NotFound if it is not there for whoever asks."""
    if view is None:
        return None
    found = await views.find(query.pool, view)
    if found is None or not found.is_seen_by(await reading_staff(connection)):
        raise NotFound
    return found


def order_of(view: View | None, asked: Ordered) -> tuple[Sort, Order]:
    """What is asked for, else the view's."""
    if view is None or "sort" in asked.model_fields_set:
        return asked.sort, asked.order or USUAL[asked.sort]
    return view.sort, asked.order or view.order or USUAL[view.sort]


async def listed(connection: HTTPConnection, caller: Caller, view: View | None, asked: Ordered) -> Listed:
    """As of now: ask once the read model has caught up, which rights are part of."""
    sight = await readers_sight(connection, caller)
    filters = chosen(view, asked.asked, await reading_staff(connection)).filters
    return Listed(filters or Filters(), sight, *order_of(view, asked))
