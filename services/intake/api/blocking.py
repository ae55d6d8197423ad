"""The block that an administrator holds while writing."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency
from services.intake.api.models import BlockToken, TicketView
from services.intake.api.parts import OF_TICKET, Administrator, shown, tickets_router
from services.intake.runtime import CurrentIntake

router = tickets_router()


@router.post(OF_TICKET + "/block", response_model=TicketView, summary="Take the block and begin to write")
async def take_block(
    ticket_id: UUID, asker: Administrator, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    """Others read but cannot answer until the block is given up, used, taken away, or not renewed in time."""
    outcome = await intake.blocking.take(ticket_id, asker, request_key(idempotency))
    return shown(outcome, asker, has_draft=await intake.drafts.has(ticket_id, asker))


@router.post(OF_TICKET + "/block/renew", response_model=TicketView, summary="Go on writing")
async def renew_block(
    ticket_id: UUID,
    block: BlockToken,
    asker: Administrator,
    intake: CurrentIntake,
    idempotency: CurrentIdempotency,
) -> Response:
    return shown(await intake.blocking.renew(ticket_id, block.token, asker, request_key(idempotency)), asker)


@router.delete(OF_TICKET + "/block", response_model=TicketView, summary="Give the block up")
async def release_block(
    ticket_id: UUID,
    asker: Administrator,
    intake: CurrentIntake,
    token: Annotated[int, Query(description="Of the block")],
) -> Response:
    return shown(await intake.blocking.release(ticket_id, token, asker), asker)


@router.post(OF_TICKET + "/unblock", response_model=TicketView, summary="Take the block away from its holder")
async def unblock(
    ticket_id: UUID, asker: Administrator, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    return shown(await intake.blocking.unblock(ticket_id, asker, request_key(idempotency)), asker)
