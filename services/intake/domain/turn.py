"""A turn at a ticket: a decision in the making."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import TicketUnblocked, UnblockReason
from libs.events.log import NewEvent
from services.intake.domain.ticket import Block, Status, Ticket, evolve
from services.intake.problems import Blocked, BlockLost, NotOpen, TicketGone


@dataclass(frozen=True, slots=True)
class Change:
    """New events, and the ticket after them."""

    events: list[NewEvent]
    ticket: Ticket


class Turn:
    """Each event changes the ticket that the next one is decided on. What fell due before now comes first."""

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
            raise Blocked(**_holder(block))

    def require_block(self, administrator: UUID, token: int) -> None:
        block = self.ticket.block
        if block is None:
            raise BlockLost
        if (block.holder_id, block.token) != (administrator, token):
            raise BlockLost(**_holder(block))

    def done(self) -> Change:
        return Change(self._events, self.ticket)


def _holder(block: Block) -> dict[str, Any]:
    return {"holder_id": str(block.holder_id), "since": block.since.isoformat()}
