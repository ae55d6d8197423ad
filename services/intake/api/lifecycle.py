"""Closing, reopening and deleting."""

from uuid import UUID

from fastapi import Response

from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency
from services.intake.api.models import TicketView
from services.intake.api.parts import OF_TICKET, Administrator, Person, shown, tickets_router
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.post(OF_TICKET + "/close", response_model=TicketView, summary="Close a ticket")
async def close_ticket(
    ticket_id: UUID, asker: Person, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    return shown(await intake.lifecycle.close(ticket_id, asker, request_key(idempotency)), asker)


@router.post(OF_TICKET + "/reopen", response_model=TicketView, summary="Reopen a ticket")
async def reopen_ticket(
    ticket_id: UUID, asker: Person, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    return shown(await intake.lifecycle.reopen(ticket_id, asker, request_key(idempotency)), asker)


@router.delete(OF_TICKET, status_code=204, summary="Delete a ticket and erase what was written")
async def delete_ticket(ticket_id: UUID, asker: Administrator, intake: CurrentIntake) -> Response:
    outcome = await intake.lifecycle.delete(ticket_id, asker)
    return Response(status_code=204, headers=outcome.token.headers)
