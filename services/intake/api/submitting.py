"""Submitting a ticket."""

from uuid import UUID

from fastapi import Response

from libs.events.catalogue.intake import Channel
from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency
from libs.service.problems import Forbidden, Invalid
from libs.service.rights import Right
from services.intake.api.models import TicketSubmission, TicketView
from services.intake.api.parts import SUBMIT, Anybody, shown, tickets_router
from services.intake.commands.submitting import NewTicket
from services.intake.domain.asker import Asker
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.post("/tickets", status_code=201, response_model=TicketView, summary="Submit a ticket")
async def submit_ticket(
    submission: TicketSubmission, asker: Anybody, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    """For oneself as a client; for a user, as an administrator or as a system that may submit tickets."""
    outcome = await intake.submitting.submit(_new_ticket(submission, asker), asker, request_key(idempotency))
    return shown(outcome, asker, 201, {"Location": f"/api/query/tickets/{outcome.entity}"})


def _new_ticket(submission: TicketSubmission, asker: Asker) -> NewTicket:
    return NewTicket(
        user_id=_user_of(submission, asker),
        category_id=submission.category_id,
        subject=submission.subject,
        text=submission.text,
        urgency=submission.urgency,
        channel=Channel.PANEL if asker.caller.is_user else Channel.API,
        by_client=asker.staff is None,
        files=submission.attachment_ids,
        language=submission.language,
    )


def _user_of(submission: TicketSubmission, asker: Asker) -> UUID:
    if asker.is_client:
        if submission.user_id not in {None, asker.id}:
            raise Forbidden("Clients submit for themselves")
        return asker.id
    require_may_submit(asker)
    if submission.user_id is None:
        raise Invalid.at("/user_id", "Name the user whom the ticket is for")
    return submission.user_id


def require_may_submit(asker: Asker) -> None:
    """Whoever may not answer anywhere does not write to clients, neither here nor there."""
    if asker.staff is None and not asker.caller.may(SUBMIT):
        raise Forbidden(scope=SUBMIT)
    if asker.staff is not None and not asker.may_somewhere(Right.ANSWER):
        raise Forbidden(right=Right.ANSWER)
