"""What routing keeps of a ticket: that by which it is judged."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    Channel,
    ClientReplied,
    Property,
    TicketAnswered,
    TicketAssigned,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; `version` is that of the last event which changed what it is judged by. What was written is kept apart."""

    account_id: UUID
    category_id: UUID
    urgency: Urgency
    version: int
    categorised: int
    """The version of the event that gave it its category: with each the department is decided anew."""
    categorised_at: datetime
    opened_at: datetime
    waited_until: datetime | None
    """When the last wait ended, or the ticket was opened if nobody ever waited; None while the client waits."""
    project_id: UUID | None = None
    channel: Channel = Channel.PANEL
    language: str | None = None
    is_open: bool = True
    department_id: UUID | None = None
    responsible_id: UUID | None = None


JUDGED = {
    kind.TYPE
    for kind in (TicketOpened, TicketEdited, TicketRouted, ClientReplied, TicketAnswered, TicketClosed, TicketDeleted)
}
"""The types of event after which a ticket may have to be judged."""

HEEDED = JUDGED | {kind.TYPE for kind in (TicketAssigned, TicketTransferred, TicketReopened)}
"""The types of event that `evolve` has an ear for."""

JUDGED_BY = {Property.CATEGORY, Property.URGENCY, Property.PROJECT, Property.SUBJECT}
"""What a ticket can be edited in that makes a difference."""


def evolve(  # noqa: C901, PLR0911 - one case an event type
    ticket: Ticket | None, data: EventData, time: datetime, version: int
) -> Ticket | None:
    """The ticket after an event; None once it is deleted."""
    match data:
        case TicketOpened():
            return _opened(data, time, version)
        case TicketDeleted():
            return None
        case TicketEdited() if ticket:
            return _edited(ticket, data, time, version)
        case ClientReplied() if ticket:
            return replace(ticket, waited_until=None, is_open=True)
        case TicketAnswered() if ticket:
            return _answered(ticket, time)
        case TicketClosed() if ticket:
            return replace(_answered(ticket, time), is_open=False)
        case TicketReopened() if ticket:
            return replace(ticket, is_open=True)
        case TicketRouted() if ticket:
            return _routed(ticket, data, version)
        case TicketTransferred() if ticket:
            return replace(ticket, department_id=data.department_id, responsible_id=None)
        case TicketAssigned() if ticket:
            return replace(ticket, responsible_id=data.responsible_id)
    return ticket


def _opened(data: TicketOpened, time: datetime, version: int) -> Ticket:
    return Ticket(
        account_id=data.account_id,
        category_id=data.category_id,
        urgency=data.urgency,
        version=version,
        categorised=version,
        categorised_at=time,
        opened_at=time,
        waited_until=None if data.waiting_since else time,
        project_id=data.project_id,
        channel=data.channel,
        language=data.language,
    )


def _answered(ticket: Ticket, time: datetime) -> Ticket:
    return replace(ticket, waited_until=time) if ticket.waited_until is None else ticket


def _edited(ticket: Ticket, data: TicketEdited, time: datetime, version: int) -> Ticket:
    if not JUDGED_BY.intersection(data.changed):
        return ticket
    ticket = replace(
        ticket, category_id=data.category_id, urgency=data.urgency, project_id=data.project_id, version=version
    )
    if Property.CATEGORY not in data.changed:
        return ticket
    return replace(ticket, categorised=version, categorised_at=time)


def _routed(ticket: Ticket, data: TicketRouted, version: int) -> Ticket:
    responsible = data.responsible_id or ticket.responsible_id
    ticket = replace(ticket, department_id=data.department_id, responsible_id=responsible)
    return ticket if data.urgency is None else replace(ticket, urgency=data.urgency, version=version)
