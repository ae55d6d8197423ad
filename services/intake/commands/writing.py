"""Messages: replying, answering, leaving notes, and opening what others wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.catalogue.intake import Attachment, Channel
from libs.events.commands import Outcome
from libs.events.log import Executor, Key
from libs.service.problems import Conflict
from libs.service.rights import Right
from services.intake.attachments.claims import Also
from services.intake.commands.drafts import Drafts
from services.intake.commands.tickets import Tickets, WriteMessage
from services.intake.domain import writing
from services.intake.domain.asker import Asker
from services.intake.domain.turn import Change, Turn
from services.intake.store import answers, drafts


@dataclass(frozen=True, slots=True)
class Rating:
    """From 1 (bad) to 5 (good)."""

    stars: int
    comment: str | None


@dataclass(frozen=True)
class Writing:
    tickets: Tickets
    drafts: Drafts

    async def reply(
        self,
        ticket_id: UUID,
        text: str,
        asker: Asker,
        channel: Channel,
        key: Key,
        *,
        files: Sequence[UUID] = (),
        also: Also | None = None,
    ) -> Outcome:
        def decide(turn: Turn, attachments: list[Attachment]) -> Change:
            return writing.reply(turn, asker.id, self.tickets.ids(), text, channel, attachments)

        return await self.tickets.write(ticket_id, asker, key, decide, files, also=also)

    async def answer(
        self,
        ticket_id: UUID,
        text: str,
        token: int,
        asker: Asker,
        key: Key,
        *,
        and_close: bool,
        files: Sequence[UUID] = (),
    ) -> Outcome:
        def decide(turn: Turn, attachments: list[Attachment]) -> Change:
            message_id = self.tickets.ids()
            return writing.answer(turn, asker.id, token, message_id, text, attachments, and_close=and_close)

        return await self._send(ticket_id, text, asker, key, decide, files)

    async def note(
        self, ticket_id: UUID, text: str, token: int | None, asker: Asker, key: Key, *, files: Sequence[UUID] = ()
    ) -> Outcome:
        def decide(turn: Turn, attachments: list[Attachment]) -> Change:
            return writing.note(turn, asker.id, self.tickets.ids(), text, attachments, token=token)

        return await self._send(ticket_id, text, asker, key, decide, files, internal=True)

    async def _send(
        self,
        ticket_id: UUID,
        text: str,
        asker: Asker,
        key: Key,
        message: WriteMessage,
        files: Sequence[UUID],
        *,
        internal: bool = False,
    ) -> Outcome:
        """What was sent is no draft any more; what could not be sent becomes one."""

        async def discard(executor: Executor, _: Outcome) -> None:
            await drafts.discard(executor, ticket_id, asker.id)

        try:
            return await self.tickets.write(ticket_id, asker, key, message, files, internal=internal, also=discard)
        except Conflict as refusal:
            await self.drafts.keep_refused(ticket_id, text, asker, refusal)
            raise

    async def read(self, ticket_id: UUID, asker: Asker, key: Key) -> Outcome:
        """Somebody has opened the ticket.

        What only an observer has seen is still to be seen by whoever may answer, and what only an administrator has seen
        who acts as the client, by the client.
        """

        def decide(turn: Turn) -> Change:
            if asker.is_client:
                return turn.done() if asker.caller.acting else writing.read_answer(turn, asker.id)
            return writing.read(turn, asker.id) if asker.may(Right.ANSWER, turn.ticket) else turn.done()

        return await self.tickets.act(ticket_id, asker, Right.READ, key, decide)

    async def rate(self, ticket_id: UUID, message_id: UUID, rating: Rating, asker: Asker, key: Key) -> Outcome:
        """For clients; a later rating replaces it."""
        is_answer = await answers.is_answer(self.tickets.log.pool, ticket_id, message_id)

        def decide(turn: Turn) -> Change:
            return writing.rate(turn, asker.id, message_id, rating.stars, rating.comment, is_answer=is_answer)

        return await self.tickets.act(ticket_id, asker, Right.READ, key, decide)
