"""What a ticket is after each of its events."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    AnswerRead,
    AutoCloseWarned,
    BlockRenewed,
    ClientReplied,
    Property,
    TicketAnswered,
    TicketAssigned,
    TicketBlocked,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    TicketRead,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
    TicketUnblocked,
    Urgency,
)

MOST_TAGS = 20
"""That a ticket has."""


class Status(StrEnum):
    """Open tickets are the active ones."""

    OPEN = "open"
    CLOSED = "closed"
    DELETED = "deleted"


class ByHand(StrEnum):
    """What a person can have chosen of a ticket; a rule does not change that back."""

    DEPARTMENT = "department"
    RESPONSIBLE = "responsible"
    URGENCY = "urgency"
    TAGS = "tags"


class Block(BaseModel):
    """The lock an administrator holds while writing; `token` tells a late sender that it was lost."""

    model_config = ConfigDict(frozen=True)

    holder_id: UUID
    token: int
    since: datetime
    expires_at: datetime


class Ticket(BaseModel):
    """A ticket as its commands see it. No text is kept here but the tags, which go when it is deleted."""

    model_config = ConfigDict(frozen=True)

    number: int
    status: Status = Status.OPEN
    account_id: UUID
    user_id: UUID
    category_id: UUID
    project_id: UUID | None = None
    urgency: Urgency
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    """When the last public answer was given, if the ticket is open and the client has not written since."""
    closes_at: datetime | None = None
    """When it will be closed, as the client has been told."""
    unread: bool = False
    """No administrator who may answer has opened the client's last message."""
    answer_unread: bool = False
    """Nobody of the account has opened the last answer."""
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    block: Block | None = None
    last_token: int = 0
    tags: tuple[str, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    categorised: int = 1
    """The version that gave it its category; what was decided on an earlier one does not count any more."""

    @property
    def is_open(self) -> bool:
        return self.status is Status.OPEN

    def chosen(self, *what: ByHand) -> tuple[ByHand, ...]:
        """What was chosen by hand, with these; in one order, so that the same facts are written the same."""
        return tuple(sorted({*self.by_hand, *what}))


def open_ticket(data: TicketOpened) -> Ticket:
    return Ticket(
        number=data.number,
        account_id=data.account_id,
        user_id=data.user_id,
        category_id=data.category_id,
        project_id=data.project_id,
        urgency=data.urgency,
        waiting_since=data.waiting_since,
        unread=data.waiting_since is not None,
    )


def evolve(ticket: Ticket, data: EventData, time: datetime, version: int) -> Ticket:
    return ticket.model_copy(update=_update(ticket, data, time, version))


_UNANSWERED: dict[str, object] = {"answered_at": None, "closes_at": None}
_CLOSED: dict[str, object] = {**_UNANSWERED, "status": Status.CLOSED, "waiting_since": None}
_DELETED: dict[str, object] = {
    **_UNANSWERED,
    "status": Status.DELETED,
    "waiting_since": None,
    "unread": False,
    "answer_unread": False,
    "block": None,
    "tags": (),
}
_CHOICES = {Property.URGENCY: ByHand.URGENCY, Property.TAGS: ByHand.TAGS}


def _update(  # noqa: C901, PLR0911, PLR0912 - one case an event type
    ticket: Ticket, data: EventData, time: datetime, version: int
) -> dict[str, object]:
    match data:
        case ClientReplied():
            return {**_UNANSWERED, "waiting_since": data.waiting_since, "unread": True}
        case TicketAnswered():
            return {**_UNANSWERED, "waiting_since": None, "answered_at": time, "answer_unread": True}
        case AutoCloseWarned():
            return {"closes_at": data.closes_at}
        case TicketBlocked():
            block = Block(holder_id=data.holder_id, token=data.token, since=time, expires_at=data.expires_at)
            return {"block": block, "last_token": data.token}
        case BlockRenewed():
            assert ticket.block is not None
            return {"block": ticket.block.model_copy(update={"expires_at": data.expires_at})}
        case TicketUnblocked():
            return {"block": None}
        case TicketAssigned():
            return {"responsible_id": data.responsible_id, "by_hand": ticket.chosen(ByHand.RESPONSIBLE)}
        case TicketRouted():
            responsible = data.responsible_id or ticket.responsible_id
            return {"department_id": data.department_id, "responsible_id": responsible, **_by_rule(data)}
        case TicketTransferred():
            by_hand = ticket.chosen(ByHand.DEPARTMENT)
            return {"department_id": data.department_id, "responsible_id": None, "by_hand": by_hand}
        case TicketEdited():
            return _edited(ticket, data, version)
        case TicketRead():
            return {"unread": False}
        case AnswerRead():
            return {"answer_unread": False}
        case TicketClosed():
            return _CLOSED
        case TicketReopened():
            return {**_UNANSWERED, "status": Status.OPEN}
        case TicketDeleted():
            return _DELETED
        case _:
            return {}


def _by_rule(data: TicketRouted) -> dict[str, object]:
    """What rules have changed besides; nobody has chosen that."""
    urgency: dict[str, object] = {} if data.urgency is None else {"urgency": data.urgency}
    return urgency if data.tags is None else {**urgency, "tags": tuple(data.tags)}


def _edited(ticket: Ticket, data: TicketEdited, version: int) -> dict[str, object]:
    return {
        "category_id": data.category_id,
        "categorised": version if Property.CATEGORY in data.changed else ticket.categorised,
        "urgency": data.urgency,
        "project_id": data.project_id,
        "tags": tuple(data.tags),
        "by_hand": ticket.chosen(*(_CHOICES[one] for one in data.changed if one in _CHOICES)),
    }
