"""Deleting for good: in the transaction that tells the deletion, what was written with a ticket is erased."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.commands import Decision, Outcome, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.erasure import redact
from libs.events.log import Executor, Loaded, Log
from services.intake.attachments.store import release
from services.intake.domain import lifecycle
from services.intake.domain.by_time import ByTime
from services.intake.domain.ticket import Status
from services.intake.domain.turn import Turn
from services.intake.store import drafts, mails
from services.intake.store.tickets import TICKET, ticket_of, written

Delete = Callable[[Executor], Awaitable[Outcome]]
"""Append a ticket's deletion, or find that there is nothing to delete."""


async def delete_and_erase(log: Log, delete: Delete) -> Outcome:
    async def work(executor: Executor) -> Outcome:
        outcome = await delete(executor)
        if outcome.is_new:
            await _erase(executor, outcome.entity, outcome.position)
        return outcome

    return await in_transaction(log, work)


async def delete_for(log: Log, by_time: ByTime, ticket_id: UUID, cause: Cause) -> bool:
    """Delete a ticket because of something else that happened, whoever may; whether it was there until now."""

    def decide(loaded: Loaded) -> Decision:
        ticket = ticket_of(loaded)
        if ticket is None or ticket.status is Status.DELETED:
            return Decision([], b"null")
        return written(lifecycle.delete(Turn(ticket, loaded.version, loaded.now, by_time, loaded.due_at)))

    async def delete(executor: Executor) -> Outcome:
        return await execute(log, ticket_id, TICKET, decide, cause, executor=executor)

    return (await delete_and_erase(log, delete)).is_new


async def _erase(executor: Executor, ticket_id: UUID, position: int) -> None:
    """Everything that holds content, wherever it is; files are given up. The deletion itself is at `position`."""
    await redact(executor, CATALOGUE, ticket_id, TICKET, position)
    await drafts.erase(executor, ticket_id)
    await mails.erase(executor, ticket_id)
    await release(executor, ticket_id)
