"""What routing keeps of a ticket: that by which it is judged."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    ClientReplied,
    Property,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; `version` is that of the last event which changed what it is judged by."""

    account_id: UUID
    category_id: UUID
    urgency: Urgency
    version: int
    categorised: int
    """The version of the event that gave it its category: with each the department is decided anew."""
    opened_at: datetime
    waited_until: datetime | None
    """When the last wait ended, or the ticket was opened if nobody ever waited; None while the client waits."""


HEEDED = {
    kind.TYPE for kind in (TicketOpened, TicketEdited, ClientReplied, TicketAnswered, TicketClosed, TicketDeleted)
}
"""The types of event that `evolve` has an ear for."""

JUDGED_BY = {Property.CATEGORY, Property.URGENCY}
"""What a ticket can be edited in that makes a difference."""


def evolve(ticket: Ticket | None, data: EventData, time: datetime, version: int) -> Ticket | None:
    """The ticket after an event; None once it is deleted."""
    match data:
        case TicketOpened():
            return _opened(data, time, version)
        case TicketDeleted():
            return None
        case TicketEdited() if ticket:
            return _edited(ticket, data, version)
        case ClientReplied() if ticket:
            return replace(ticket, waited_until=None)
        case TicketAnswered() | TicketClosed() if ticket and ticket.waited_until is None:
            return replace(ticket, waited_until=time)
    return ticket


def _opened(data: TicketOpened, time: datetime, version: int) -> Ticket:
    return Ticket(
        account_id=data.account_id,
        category_id=data.category_id,
        urgency=data.urgency,
        version=version,
        categorised=version,
        opened_at=time,
        waited_until=None if data.waiting_since else time,
    )


def _edited(ticket: Ticket, data: TicketEdited, version: int) -> Ticket:
    if not JUDGED_BY.intersection(data.changed):
        return ticket
    categorised = version if Property.CATEGORY in data.changed else ticket.categorised
    return replace(ticket, category_id=data.category_id, urgency=data.urgency, version=version, categorised=categorised)
