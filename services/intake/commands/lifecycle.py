"""Closing, reopening and deleting."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Executor, Key
from libs.service.rights import Right
from services.intake.commands.erasing import delete_and_erase
from services.intake.commands.tickets import Tickets
from services.intake.domain import lifecycle
from services.intake.domain.asker import Asker


@dataclass(frozen=True)
class Lifecycle:
    tickets: Tickets

    async def close(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ANSWER, key, lambda turn: lifecycle.close(turn, asker.administrator)
        )

    async def reopen(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(ticket_id, asker, Right.ANSWER, key, lifecycle.reopen)

    async def delete(self, ticket_id: UUID, asker: Asker, key: Key | None = None) -> Outcome:
        """Whatever was written is gone with it."""

        async def delete(executor: Executor) -> Outcome:
            return await self.tickets.act(ticket_id, asker, Right.DELETE, key, lifecycle.delete, executor=executor)

        return await delete_and_erase(self.tickets.log, delete)
