"""Messages: the client's, the administrators' answers and notes, and who has opened them."""

from collections.abc import Sequence
from uuid import UUID

from libs.events.catalogue.intake import (
    AnswerRated,
    AnswerRead,
    Attachment,
    Channel,
    ClientReplied,
    NoteAdded,
    TicketAnswered,
    TicketClosed,
    TicketRead,
    TicketReopened,
    UnblockReason,
)
from services.intake.domain.turn import Change, Turn
from services.intake.problems import NoAnswer


def reply(
    turn: Turn,
    author: UUID,
    message_id: UUID,
    text: str,
    channel: Channel = Channel.PANEL,
    attachments: Sequence[Attachment] = (),
) -> Change:
    """The client writes: a closed ticket is open again, and who was not waiting begins to."""
    if not turn.ticket.is_open:
        turn.add(TicketReopened())
    since = turn.ticket.waiting_since or turn.now
    turn.add(
        ClientReplied(
            message_id=message_id,
            author_id=author,
            text=text,
            attachments=list(attachments),
            channel=channel,
            waiting_since=since,
        )
    )
    return turn.done()


def answer(
    turn: Turn,
    administrator: UUID,
    token: int,
    message_id: UUID,
    text: str,
    attachments: Sequence[Attachment] = (),
    *,
    and_close: bool = False,
) -> Change:
    """Answer in public, under the block; the wait is over, and so is the block."""
    turn.require_open()
    turn.require_block(administrator, token)
    turn.add(TicketAnswered(message_id=message_id, author_id=administrator, text=text, attachments=list(attachments)))
    turn.end_block(UnblockReason.ANSWERED)
    if and_close:
        turn.add(TicketClosed())
    return turn.done()


def note(
    turn: Turn,
    administrator: UUID,
    message_id: UUID,
    text: str,
    attachments: Sequence[Attachment] = (),
    *,
    token: int | None = None,
) -> Change:
    """Leave an internal note: anybody may at any time, or under the block, which is given up then."""
    if token is not None:
        turn.require_block(administrator, token)
    turn.add(NoteAdded(message_id=message_id, author_id=administrator, text=text, attachments=list(attachments)))
    if token is not None:
        turn.end_block(UnblockReason.RELEASED)
    return turn.done()


def read(turn: Turn, administrator: UUID) -> Change:
    """An administrator who may answer has opened the ticket."""
    if turn.ticket.unread:
        turn.add(TicketRead(reader_id=administrator))
    return turn.done()


def read_answer(turn: Turn, user: UUID) -> Change:
    """Somebody of the account has opened the ticket."""
    if turn.ticket.answer_unread:
        turn.add(AnswerRead(reader_id=user))
    return turn.done()


def rate(turn: Turn, user: UUID, message_id: UUID, rating: int, comment: str | None, *, is_answer: bool) -> Change:
    """Say how good an answer is; notes and the client's own messages are as if they were not there."""
    if not is_answer:
        raise NoAnswer
    turn.add(AnswerRated(message_id=message_id, user_id=user, rating=rating, comment=comment))
    return turn.done()
