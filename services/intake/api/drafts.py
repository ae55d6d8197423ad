"""Drafts: what an administrator has written on a ticket and not yet sent. Each sees their own."""

from uuid import UUID

from fastapi import Response

from libs.service.http import FastJSON
from services.intake.api.models import DraftText, DraftView
from services.intake.api.parts import OF_TICKET, Administrator, tickets_router
from services.intake.runtime import CurrentIntake
from services.intake.store.drafts import Draft

router = tickets_router()
PATH = OF_TICKET + "/draft"


@router.put(PATH, response_model=DraftView, summary="Save a draft")
async def save_draft(ticket_id: UUID, draft: DraftText, asker: Administrator, intake: CurrentIntake) -> Response:
    """In place of the one before; needs no block. Sending an answer or a note removes it."""
    return _shown(await intake.drafts.save(ticket_id, draft.text, asker))


@router.get(PATH, response_model=DraftView, summary="Read one's draft")
async def read_draft(ticket_id: UUID, asker: Administrator, intake: CurrentIntake) -> Response:
    return _shown(await intake.drafts.find(ticket_id, asker))


@router.delete(PATH, status_code=204, summary="Discard one's draft")
async def discard_draft(ticket_id: UUID, asker: Administrator, intake: CurrentIntake) -> None:
    await intake.drafts.discard(ticket_id, asker)


def _shown(draft: Draft) -> Response:
    return FastJSON(draft)
