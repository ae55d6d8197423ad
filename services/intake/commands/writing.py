"""Messages: replying, answering, leaving notes, and opening what others wrote."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.catalogue.intake import Channel
from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.caller import Caller
from services.intake.commands.tickets import Tickets
from services.intake.domain import writing


@dataclass(frozen=True)
class Writing:
    tickets: Tickets

    async def reply(self, ticket_id: UUID, text: str, caller: Caller, channel: Channel, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id,
            caller,
            key,
            lambda turn: writing.reply(turn, caller.user_id, self.tickets.ids(), text, channel),
        )

    async def answer(
        self, ticket_id: UUID, text: str, token: int, caller: Caller, key: Key, *, and_close: bool
    ) -> Outcome:
        return await self.tickets.act(
            ticket_id,
            caller,
            key,
            lambda turn: writing.answer(turn, caller.user_id, token, self.tickets.ids(), text, and_close=and_close),
        )

    async def note(self, ticket_id: UUID, text: str, caller: Caller, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, caller, key, lambda turn: writing.note(turn, caller.user_id, self.tickets.ids(), text)
        )

    async def read(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self.tickets.act(ticket_id, caller, key, lambda turn: writing.read(turn, caller.user_id))
