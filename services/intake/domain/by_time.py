"""What happens to a ticket by time alone: its block ends, the client is warned, it is closed for want of an answer.

While somebody is writing, nothing of the rest happens: what falls due meanwhile comes when the block ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    AutoCloseWarned,
    CloseReason,
    TicketClosed,
    TicketUnblocked,
    UnblockReason,
)
from libs.service.ids import Ids
from services.intake.domain.ticket import Ticket

CLOSES_ON = "{closes_on}"


@dataclass(frozen=True, slots=True)
class AutoClose:
    """A ticket is closed so long `after` the last public answer if the client has not written since.

    They are warned so long before it, with `text`; never, if that is zero.
    """

    after: timedelta
    warning: timedelta
    text: str

    def next_due(self, ticket: Ticket) -> datetime | None:
        """When they are to be warned, or else when it is to be closed."""
        if ticket.answered_at is None:
            return None
        closes_at = ticket.answered_at + self.after
        if ticket.closes_at is not None:
            return max(closes_at, ticket.closes_at)  # not before what the client was told
        return closes_at - self.warning

    def warns(self, ticket: Ticket) -> bool:
        return ticket.closes_at is None and self.warning > timedelta(0)

    def warning_text(self, closes_at: datetime) -> str:
        return self.text.replace(CLOSES_ON, f"{closes_at:%Y-%m-%d %H:%M} UTC")


@dataclass(frozen=True, slots=True)
class ByTime:
    """`ids` names the messages that are written."""

    ids: Ids
    auto_close: AutoClose | None = None

    def next_due(self, ticket: Ticket) -> datetime | None:
        if ticket.block:
            return ticket.block.expires_at
        return self.auto_close.next_due(ticket) if self.auto_close else None

    def falling_due(self, ticket: Ticket, at: datetime) -> EventData | None:
        """What happens at an instant that something was to happen at; nothing if it is not due after all."""
        due = self.next_due(ticket)
        if due is None or due > at:
            return None
        if ticket.block:
            return TicketUnblocked(
                holder_id=ticket.block.holder_id, token=ticket.block.token, reason=UnblockReason.EXPIRED
            )
        assert self.auto_close is not None
        if self.auto_close.warns(ticket):
            closes_at = at + self.auto_close.warning
            text = self.auto_close.warning_text(closes_at)
            return AutoCloseWarned(message_id=self.ids(), text=text, closes_at=closes_at)
        return TicketClosed(reason=CloseReason.NO_ANSWER)
