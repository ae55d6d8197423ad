"""What a ticket is about, which department has it and who is responsible."""

from uuid import UUID

from fastapi import Response

from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency, ExpectedVersion
from services.intake.api.models import Assignment, TicketEdit, TicketView, Transfer
from services.intake.api.parts import OF_TICKET, ON_EDIT, Administrator, shown, tickets_router
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.patch(OF_TICKET, response_model=TicketView, summary="Edit a ticket", responses=ON_EDIT)
async def edit_ticket(
    ticket_id: UUID, edit: TicketEdit, asker: Administrator, intake: CurrentIntake, expected: ExpectedVersion
) -> Response:
    """Another category applies the rules again; what a person has chosen, they do not change back."""
    return shown(await intake.properties.edit(ticket_id, edit.wanted(), asker, expected), asker)


@router.post(OF_TICKET + "/take", response_model=TicketView, summary="Become responsible", responses=ON_EDIT)
async def take_ticket(
    ticket_id: UUID,
    asker: Administrator,
    intake: CurrentIntake,
    expected: ExpectedVersion,
    idempotency: CurrentIdempotency,
) -> Response:
    return shown(await intake.properties.take(ticket_id, asker, expected, request_key(idempotency)), asker)


@router.post(OF_TICKET + "/assign", response_model=TicketView, summary="Make somebody responsible", responses=ON_EDIT)
async def assign_ticket(
    ticket_id: UUID,
    assignment: Assignment,
    asker: Administrator,
    intake: CurrentIntake,
    expected: ExpectedVersion,
    idempotency: CurrentIdempotency,
) -> Response:
    """Whoever is responsible sees the ticket, in whatever department it is."""
    assignee, key = await intake.properties.assignee(assignment.responsible_id), request_key(idempotency)
    return shown(await intake.properties.assign(ticket_id, assignee, asker, expected, key), asker)


@router.post(
    OF_TICKET + "/transfer", response_model=TicketView, summary="Give to another department", responses=ON_EDIT
)
async def transfer_ticket(
    ticket_id: UUID,
    transfer: Transfer,
    asker: Administrator,
    intake: CurrentIntake,
    expected: ExpectedVersion,
    idempotency: CurrentIdempotency,
) -> Response:
    """Nobody is responsible for it then. Not while another administrator is writing; one's own block is given up."""
    to, key = await intake.properties.destination(transfer.department_id), request_key(idempotency)
    return shown(await intake.properties.transfer(ticket_id, to, asker, expected, key), asker)
