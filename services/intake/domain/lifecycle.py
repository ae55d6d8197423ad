"""Closing, reopening and deleting."""

from uuid import UUID

from libs.events.catalogue.intake import TicketClosed, TicketDeleted, TicketReopened, UnblockReason
from services.intake.domain.turn import Change, Turn


def close(turn: Turn, administrator: UUID | None) -> Change:
    """Close, unless another administrator is writing; a client's closing ends whatever block there is."""
    turn.require_open()
    if administrator is not None:
        turn.require_no_other_holder(administrator)
    turn.end_block(UnblockReason.CLOSED)
    turn.add(TicketClosed())
    return turn.done()


def reopen(turn: Turn) -> Change:
    if not turn.ticket.is_open:
        turn.add(TicketReopened())
    return turn.done()


def delete(turn: Turn) -> Change:
    turn.add(TicketDeleted(number=turn.ticket.number))
    return turn.done()
