"""The ticket: what may be done to it, and what it is after each event. Pure; the time is given."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    BlockRenewed,
    Channel,
    ClientReplied,
    NoteAdded,
    TicketAnswered,
    TicketAssigned,
    TicketBlocked,
    TicketClosed,
    TicketDeleted,
    TicketOpened,
    TicketRead,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
    TicketUnblocked,
    UnblockReason,
    Urgency,
)
from libs.events.log import NewEvent
from services.intake.problems import Blocked, BlockLost, NotOpen, TicketGone


class Status(StrEnum):
    """Open tickets are the active ones."""

    OPEN = "open"
    CLOSED = "closed"
    DELETED = "deleted"


class Block(BaseModel):
    """The lock an administrator holds while writing; `token` tells a late sender that it was lost."""

    model_config = ConfigDict(frozen=True)

    holder_id: UUID
    token: int
    since: datetime
    expires_at: datetime


class Ticket(BaseModel):
    """A ticket as its commands see it; no text is kept here, so there is nothing to erase."""

    model_config = ConfigDict(frozen=True)

    number: int
    status: Status = Status.OPEN
    account_id: UUID
    user_id: UUID
    category_id: UUID
    project_id: UUID | None = None
    urgency: Urgency
    waiting_since: datetime | None = None
    unread: bool = False
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    block: Block | None = None
    last_token: int = 0
    routed_by_hand: int = 0
    """The ticket's version when a person last chose its department; rules do not change that back."""

    @property
    def is_open(self) -> bool:
        return self.status is Status.OPEN


@dataclass(frozen=True, slots=True)
class Change:
    """New events, and the ticket after them."""

    events: list[NewEvent]
    ticket: Ticket


class Draft:
    """A decision in the making: each event changes the ticket that the next one is decided on."""

    def __init__(self, ticket: Ticket, version: int, now: datetime) -> None:
        self.ticket = ticket
        self.now = now
        self._version = version
        self._events: list[NewEvent] = []
        if ticket.status is Status.DELETED:
            raise TicketGone
        if ticket.block and ticket.block.expires_at <= now:
            self._end_block(UnblockReason.EXPIRED, ticket.block.expires_at)

    def add(self, data: EventData, time: datetime | None = None) -> None:
        self._events.append(NewEvent(data, time))
        self._version += 1
        self.ticket = evolve(self.ticket, data, time or self.now, self._version)

    def end_block(self, reason: UnblockReason) -> None:
        if self.ticket.block:
            self._end_block(reason, None)

    def _end_block(self, reason: UnblockReason, time: datetime | None) -> None:
        block = self.ticket.block
        assert block is not None
        self.add(TicketUnblocked(holder_id=block.holder_id, token=block.token, reason=reason), time)

    def require_open(self) -> None:
        if not self.ticket.is_open:
            raise NotOpen

    def require_no_other_holder(self, administrator: UUID) -> None:
        block = self.ticket.block
        if block and block.holder_id != administrator:
            raise Blocked(holder_id=str(block.holder_id), since=block.since.isoformat())

    def require_block(self, administrator: UUID, token: int) -> None:
        block = self.ticket.block
        if block is None or block.holder_id != administrator or block.token != token:
            raise BlockLost

    def done(self) -> Change:
        return Change(self._events, self.ticket)


# --- the client's side ----------------------------------------------------------------------------


def reply(draft: Draft, author: UUID, message_id: UUID, text: str, channel: Channel = Channel.PANEL) -> Change:
    """The client writes: a closed ticket is open again, and who was not waiting begins to."""
    if not draft.ticket.is_open:
        draft.add(TicketReopened())
    since = draft.ticket.waiting_since or draft.now
    draft.add(ClientReplied(message_id=message_id, author_id=author, text=text, channel=channel, waiting_since=since))
    return draft.done()


def close(draft: Draft, administrator: UUID | None) -> Change:
    """Close, unless another administrator is writing; a client's closing ends whatever block there is."""
    draft.require_open()
    if administrator is not None:
        draft.require_no_other_holder(administrator)
    draft.end_block(UnblockReason.CLOSED)
    draft.add(TicketClosed())
    return draft.done()


def reopen(draft: Draft) -> Change:
    if not draft.ticket.is_open:
        draft.add(TicketReopened())
    return draft.done()


# --- the administrator's side ---------------------------------------------------------------------


def take_block(draft: Draft, administrator: UUID, until: datetime) -> Change:
    """Begin to write. Whoever holds the block already goes on with the same token."""
    draft.require_open()
    draft.require_no_other_holder(administrator)
    if draft.ticket.block:
        token = draft.ticket.block.token
        draft.add(BlockRenewed(holder_id=administrator, token=token, expires_at=until))
    else:
        token = draft.ticket.last_token + 1
        draft.add(TicketBlocked(holder_id=administrator, token=token, expires_at=until))
    return draft.done()


def renew_block(draft: Draft, administrator: UUID, token: int, until: datetime) -> Change:
    draft.require_block(administrator, token)
    draft.add(BlockRenewed(holder_id=administrator, token=token, expires_at=until))
    return draft.done()


def release_block(draft: Draft, administrator: UUID, token: int) -> Change:
    """Give the block up; nothing to do when it is lost already."""
    block = draft.ticket.block
    if block and (block.holder_id, block.token) == (administrator, token):
        draft.end_block(UnblockReason.RELEASED)
    return draft.done()


def unblock(draft: Draft) -> Change:
    """Take the block away from whoever holds it."""
    draft.end_block(UnblockReason.UNBLOCKED)
    return draft.done()


def answer(
    draft: Draft, administrator: UUID, token: int, message_id: UUID, text: str, *, and_close: bool = False
) -> Change:
    """Answer in public, under the block; the wait is over, and so is the block."""
    draft.require_open()
    draft.require_block(administrator, token)
    draft.add(TicketAnswered(message_id=message_id, author_id=administrator, text=text))
    draft.end_block(UnblockReason.ANSWERED)
    if and_close:
        draft.add(TicketClosed())
    return draft.done()


def note(draft: Draft, administrator: UUID, message_id: UUID, text: str) -> Change:
    draft.add(NoteAdded(message_id=message_id, author_id=administrator, text=text))
    return draft.done()


def read(draft: Draft, administrator: UUID) -> Change:
    if draft.ticket.unread:
        draft.add(TicketRead(reader_id=administrator))
    return draft.done()


def assign(draft: Draft, responsible: UUID | None) -> Change:
    if draft.ticket.responsible_id != responsible:
        draft.add(TicketAssigned(responsible_id=responsible))
    return draft.done()


def delete(draft: Draft) -> Change:
    draft.add(TicketDeleted(number=draft.ticket.number))
    return draft.done()


# --- by rule and by time --------------------------------------------------------------------------


def adopt(draft: Draft, department: UUID, responsible: UUID | None, judged_version: int, decision: UUID) -> Change:
    """Follow routing's decision, unless a person has chosen the department since the version it judged."""
    is_outdated = judged_version < draft.ticket.routed_by_hand
    is_there_already = draft.ticket.department_id == department and responsible is None
    if not is_outdated and not is_there_already:
        draft.add(TicketRouted(department_id=department, responsible_id=responsible, decision_id=decision))
    return draft.done()


def expire(ticket: Ticket, version: int, due_at: datetime) -> Change:
    """The block fell due; the draft itself ends it."""
    return Draft(ticket, version, due_at).done()


# --- what a ticket is after an event --------------------------------------------------------------


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


_CLOSED: dict[str, object] = {"status": Status.CLOSED, "waiting_since": None}


def _update(  # noqa: C901, PLR0911, PLR0912 - one case an event type
    ticket: Ticket, data: EventData, time: datetime, version: int
) -> dict[str, object]:
    match data:
        case ClientReplied():
            return {"waiting_since": data.waiting_since, "unread": True}
        case TicketAnswered():
            return {"waiting_since": None}
        case TicketBlocked():
            block = Block(holder_id=data.holder_id, token=data.token, since=time, expires_at=data.expires_at)
            return {"block": block, "last_token": data.token}
        case BlockRenewed():
            assert ticket.block is not None
            return {"block": ticket.block.model_copy(update={"expires_at": data.expires_at})}
        case TicketUnblocked():
            return {"block": None}
        case TicketAssigned():
            return {"responsible_id": data.responsible_id}
        case TicketRouted():
            responsible = data.responsible_id or ticket.responsible_id
            return {"department_id": data.department_id, "responsible_id": responsible}
        case TicketTransferred():
            return {"department_id": data.department_id, "responsible_id": None, "routed_by_hand": version}
        case TicketRead():
            return {"unread": False}
        case TicketClosed():
            return _CLOSED
        case TicketReopened():
            return {"status": Status.OPEN}
        case TicketDeleted():
            return {"status": Status.DELETED, "waiting_since": None, "unread": False, "block": None}
        case _:
            return {}
