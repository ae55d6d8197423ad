"""A turn at a ticket: a decision in the making."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import TicketUnblocked, UnblockReason
from libs.events.log import NewEvent
from services.intake.domain.by_time import ByTime
from services.intake.domain.ticket import Block, Status, Ticket, evolve
from services.intake.problems import Blocked, BlockLost, NotOpen, TicketGone


@dataclass(frozen=True, slots=True)
class Change:
    """New events, the ticket after them, and when next something happens to it by time alone."""

    events: list[NewEvent]
    ticket: Ticket
    due_at: datetime | None = None


class Turn:
    """Each event changes the ticket that the next one is decided on. What fell due before now comes first.

    `due_at` is when something was to happen by time. Only from then on may anything be stamped with the past: others
    have been told that all is known up to then.
    """

    def __init__(
        self, ticket: Ticket, version: int, now: datetime, by_time: ByTime, due_at: datetime | None = None
    ) -> None:
        self.ticket = ticket
        self.now = now
        self._version = version
        self._by_time = by_time
        self._events: list[NewEvent] = []
        if ticket.status is Status.DELETED:
            raise TicketGone
        while due_at is not None and due_at <= now:
            due_at = self._fall_due(due_at)

    def _fall_due(self, at: datetime) -> datetime | None:
        """Record what happens at an instant; the next one."""
        if data := self._by_time.falling_due(self.ticket, at):
            self.add(data, at)
        return self._not_before(at)

    def _not_before(self, at: datetime) -> datetime | None:
        due_at = self._by_time.next_due(self.ticket)
        return None if due_at is None else max(due_at, at)

    def add(self, data: EventData, time: datetime | None = None) -> None:
        self._events.append(NewEvent(data, time))
        self._version += 1
        self.ticket = evolve(self.ticket, data, time or self.now, self._version)

    def end_block(self, reason: UnblockReason) -> None:
        if block := self.ticket.block:
            self.add(TicketUnblocked(holder_id=block.holder_id, token=block.token, reason=reason))

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
        return Change(self._events, self.ticket, self._not_before(self.now))


def _holder(block: Block) -> dict[str, Any]:
    return {"holder_id": str(block.holder_id), "since": block.since.isoformat().replace("+00:00", "Z")}
