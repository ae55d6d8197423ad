"""Replies, answers and notes, and opening them."""

from uuid import UUID

from fastapi import Response

from libs.events.catalogue.intake import Channel
from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency
from libs.service.problems import Invalid
from services.intake.api.models import Answer, AnswerRating, Note, TicketView
from services.intake.api.parts import OF_TICKET, Administrator, Client, Person, shown, tickets_router
from services.intake.commands.writing import Rating
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.post(OF_TICKET + "/replies", response_model=TicketView, summary="Reply to a ticket")
async def reply_to_ticket(
    ticket_id: UUID,
    answer: Answer,
    asker: Person,
    intake: CurrentIntake,
    idempotency: CurrentIdempotency,
) -> Response:
    """A client's message waits for an answer, and reopens a closed ticket. An administrator's answer ends the wait and
    needs the block: take it first, and send its token. If the block was lost, nothing is sent (409), who holds it now is
    named, and the text is kept as the draft.
    """
    key = request_key(idempotency)
    if asker.is_client:
        outcome = await intake.writing.reply(
            ticket_id, answer.text, asker, Channel.PANEL, key, files=answer.attachment_ids
        )
    elif answer.token is None:
        raise Invalid.at("/token", "Answering needs the token of the block")
    else:
        outcome = await intake.writing.answer(
            ticket_id, answer.text, answer.token, asker, key, and_close=answer.close, files=answer.attachment_ids
        )
    return shown(outcome, asker)


@router.post(OF_TICKET + "/notes", response_model=TicketView, summary="Leave an internal note")
async def add_note(
    ticket_id: UUID,
    note: Note,
    asker: Administrator,
    intake: CurrentIntake,
    idempotency: CurrentIdempotency,
) -> Response:
    """Anybody may at any time; under the block it is one of the three ways of sending what was written."""
    key = request_key(idempotency)
    outcome = await intake.writing.note(ticket_id, note.text, note.token, asker, key, files=note.attachment_ids)
    return shown(outcome, asker)


@router.post(OF_TICKET + "/read", response_model=TicketView, summary="Mark what the other side wrote as read")
async def mark_read(ticket_id: UUID, asker: Person, intake: CurrentIntake, idempotency: CurrentIdempotency) -> Response:
    """The client's messages, by an administrator who may answer; the answers, by a user of the account."""
    return shown(await intake.writing.read(ticket_id, asker, request_key(idempotency)), asker)


@router.post(OF_TICKET + "/messages/{message_id}/rating", response_model=TicketView, summary="Rate an answer")
async def rate_answer(
    ticket_id: UUID,
    message_id: UUID,
    rating: AnswerRating,
    asker: Client,
    intake: CurrentIntake,
    idempotency: CurrentIdempotency,
) -> Response:
    """By a client of the ticket's account; another rating replaces it."""
    stars = Rating(rating.rating, rating.comment)
    return shown(await intake.writing.rate(ticket_id, message_id, stars, asker, request_key(idempotency)), asker)
