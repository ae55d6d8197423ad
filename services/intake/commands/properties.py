"""Where a ticket belongs."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.caller import Caller
from services.intake.commands.tickets import Tickets
from services.intake.domain import properties


@dataclass(frozen=True)
class Properties:
    tickets: Tickets

    async def take(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self.tickets.act(ticket_id, caller, key, lambda turn: properties.assign(turn, caller.user_id))
