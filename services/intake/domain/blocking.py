"""The block: the lock an administrator holds while writing."""

from datetime import datetime
from uuid import UUID

from libs.events.catalogue.intake import BlockRenewed, TicketBlocked, UnblockReason
from services.intake.domain.turn import Change, Turn


def take_block(turn: Turn, administrator: UUID, until: datetime) -> Change:
    """Begin to write. Whoever holds the block already goes on with the same token."""
    turn.require_open()
    turn.require_no_other_holder(administrator)
    if turn.ticket.block:
        token = turn.ticket.block.token
        turn.add(BlockRenewed(holder_id=administrator, token=token, expires_at=until))
    else:
        token = turn.ticket.last_token + 1
        turn.add(TicketBlocked(holder_id=administrator, token=token, expires_at=until))
    return turn.done()


def renew_block(turn: Turn, administrator: UUID, token: int, until: datetime) -> Change:
    turn.require_block(administrator, token)
    turn.add(BlockRenewed(holder_id=administrator, token=token, expires_at=until))
    return turn.done()


def release_block(turn: Turn, administrator: UUID, token: int) -> Change:
    """Give the block up; nothing to do when it is lost already."""
    block = turn.ticket.block
    if block and (block.holder_id, block.token) == (administrator, token):
        turn.end_block(UnblockReason.RELEASED)
    return turn.done()


def unblock(turn: Turn) -> Change:
    """Take the block away from whoever holds it."""
    turn.end_block(UnblockReason.UNBLOCKED)
    return turn.done()
