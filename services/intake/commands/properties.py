"""Where a ticket belongs."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.rights import Right
from services.intake.commands.tickets import Tickets
from services.intake.domain import properties
from services.intake.domain.asker import Asker


@dataclass(frozen=True)
class Properties:
    tickets: Tickets

    async def take(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ASSIGN, key, lambda turn: properties.assign(turn, asker.id)
        )
