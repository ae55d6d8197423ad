"""Submitting a ticket."""

from uuid import UUID

from fastapi import Response

from libs.events.catalogue.intake import Channel
from libs.events.commands import request_key
from libs.service.auth import Caller, CurrentCaller
from libs.service.http import CurrentIdempotency
from libs.service.problems import Forbidden, Invalid
from services.intake.api.models import TicketSubmission, TicketView
from services.intake.api.parts import shown, tickets_router
from services.intake.commands.submitting import NewTicket
from services.intake.runtime import CurrentIntake

SUBMIT = "tickets:submit"


router = tickets_router()


@router.post("/tickets", status_code=201, response_model=TicketView, summary="Submit a ticket")
async def submit_ticket(
    submission: TicketSubmission, caller: CurrentCaller, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    """For oneself as a client; for a user, as an administrator or as a system that may submit tickets."""
    outcome = await intake.submitting.submit(_new_ticket(submission, caller), caller, request_key(idempotency))
    return shown(outcome, caller, 201, {"Location": f"/api/query/tickets/{outcome.entity}"})


def _new_ticket(submission: TicketSubmission, caller: Caller) -> NewTicket:
    user_id = _user_of(submission, caller)
    return NewTicket(
        user_id=user_id,
        category_id=submission.category_id,
        subject=submission.subject,
        text=submission.text,
        urgency=submission.urgency,
        channel=Channel.PANEL if caller.is_user else Channel.API,
        by_client=caller.kind != "administrator",
    )


def _user_of(submission: TicketSubmission, caller: Caller) -> UUID:
    if caller.kind == "client":
        if submission.user_id not in {None, caller.user_id}:
            raise Forbidden("Clients submit for themselves")
        return caller.user_id
    if caller.kind != "administrator" and not caller.may(SUBMIT):
        raise Forbidden(scope=SUBMIT)
    if submission.user_id is None:
        raise Invalid.at("/user_id", "Name the user whom the ticket is for")
    return submission.user_id
