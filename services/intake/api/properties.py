"""Where a ticket belongs."""

from uuid import UUID

from fastapi import Response

from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency
from services.intake.api.models import TicketView
from services.intake.api.parts import OF_TICKET, Administrator, shown, tickets_router
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.post(OF_TICKET + "/take", response_model=TicketView, summary="Become responsible")
async def take_ticket(
    ticket_id: UUID, asker: Administrator, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    return shown(await intake.properties.take(ticket_id, asker, request_key(idempotency)), asker)
