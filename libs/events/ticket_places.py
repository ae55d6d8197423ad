"""Where tickets are, for services that are asked about single tickets: by it they know who may ask.

A service that wants it has the table `ticket_places (ticket uuid primary key, department uuid, responsible uuid)` in its
projection, and folds intake's events with `fold`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.intake import TicketAssigned, TicketDeleted, TicketOpened, TicketRouted, TicketTransferred
from libs.events.envelope import Event
from libs.events.log import Executor
from libs.service.problems import NotFound
from libs.service.rights import Right, Staff

TYPES = {model.TYPE for model in (TicketOpened, TicketRouted, TicketTransferred, TicketAssigned, TicketDeleted)}


class Place(NamedTuple):
    department: UUID | None = None
    responsible: UUID | None = None


async def fold(connection: Executor, events: Sequence[Event]) -> None:
    heeded = [event for event in events if event.type in TYPES]
    if not heeded:
        return
    places: dict[UUID, Place | None] = dict(await _places(connection, {UUID(event.entity) for event in heeded}))
    for event in heeded:
        ticket = UUID(event.entity)
        places[ticket] = _evolve(places.get(ticket) or Place(), CATALOGUE.read(event))
    gone = [ticket for ticket, place in places.items() if place is None]
    known = [(ticket, *place) for ticket, place in places.items() if place is not None]
    if gone:
        await connection.execute("delete from ticket_places where ticket = any($1)", gone)
    if known:
        await connection.execute(_KEEP, *map(list, zip(*known, strict=True)))


async def require_sight(executor: Executor, ticket: UUID, staff: Staff) -> None:
    """Raise NotFound for a ticket that is not known here, or not to them."""
    place = (await _places(executor, {ticket})).get(ticket)
    if place is None or Right.READ not in staff.on_ticket(*place):
        raise NotFound


async def _places(executor: Executor, tickets: set[UUID]) -> Mapping[UUID, Place]:
    rows = await executor.fetch(
        "select ticket, department, responsible from ticket_places where ticket = any($1)", tickets
    )
    return {row["ticket"]: Place(row["department"], row["responsible"]) for row in rows}


def _evolve(place: Place, data: EventData) -> Place | None:
    match data:
        case TicketRouted():
            return Place(data.department_id, data.responsible_id or place.responsible)
        case TicketTransferred():
            return Place(data.department_id, None)
        case TicketAssigned():
            return place._replace(responsible=data.responsible_id)
        case TicketDeleted():
            return None
    return place


_KEEP = """
insert into ticket_places (ticket, department, responsible)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[])
on conflict (ticket) do update set department = excluded.department, responsible = excluded.responsible
"""
