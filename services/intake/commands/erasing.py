"""Deleting for good: in the transaction that tells the deletion, what was written with a ticket is erased."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.commands import Outcome, in_transaction
from libs.events.erasure import redact
from libs.events.log import Executor, Log
from services.intake.attachments.store import release
from services.intake.store import drafts
from services.intake.store.tickets import TICKET

Delete = Callable[[Executor], Awaitable[Outcome]]
"""Append a ticket's deletion, or find that there is nothing to delete."""


async def delete_and_erase(log: Log, delete: Delete) -> Outcome:
    async def work(executor: Executor) -> Outcome:
        outcome = await delete(executor)
        if outcome.is_new:
            await _erase(executor, outcome.entity, outcome.position)
        return outcome

    return await in_transaction(log, work)


async def _erase(executor: Executor, ticket_id: UUID, position: int) -> None:
    """Everything that holds content, wherever it is; files are given up. The deletion itself is at `position`."""
    await redact(executor, CATALOGUE, ticket_id, TICKET, position)
    await drafts.erase(executor, ticket_id)
    await release(executor, ticket_id)
