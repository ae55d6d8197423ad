"""Erasing what was written with a ticket, in the transaction that deletes it."""

from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.erasure import redact
from libs.events.log import Executor
from services.intake.attachments.store import release
from services.intake.store import drafts
from services.intake.store.tickets import TICKET


async def erase(executor: Executor, ticket_id: UUID, position: int) -> None:
    """Everything that holds content, wherever it is; files are given up. The deletion itself is at `position`."""
    await redact(executor, CATALOGUE, ticket_id, TICKET, position)
    await drafts.erase(executor, ticket_id)
    await release(executor, ticket_id)
