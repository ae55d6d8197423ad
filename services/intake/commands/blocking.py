"""Taking, renewing, giving up and taking away the block."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.rights import Right
from services.intake.commands.tickets import Tickets
from services.intake.domain import blocking
from services.intake.domain.asker import Asker
from services.intake.domain.turn import Turn


@dataclass(frozen=True)
class Blocking:
    tickets: Tickets
    block_seconds: float

    async def take(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ANSWER, key, lambda turn: blocking.take_block(turn, asker.id, self._until(turn))
        )

    async def renew(self, ticket_id: UUID, token: int, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id,
            asker,
            Right.ANSWER,
            key,
            lambda turn: blocking.renew_block(turn, asker.id, token, self._until(turn)),
        )

    async def release(self, ticket_id: UUID, token: int, asker: Asker) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ANSWER, None, lambda turn: blocking.release_block(turn, asker.id, token)
        )

    async def unblock(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        return await self.tickets.act(ticket_id, asker, Right.UNBLOCK, key, blocking.unblock)

    def _until(self, turn: Turn) -> datetime:
        return turn.now + timedelta(seconds=self.block_seconds)
