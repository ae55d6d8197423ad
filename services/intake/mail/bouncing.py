"""What becomes of a bounce: its ticket's history says that a mail did not arrive; the bounce itself is kept for a while."""

from uuid import UUID

from libs.events.catalogue.intake import MailBounced
from libs.events.commands import Decision, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor, Loaded, Log
from libs.service.context import current_correlation
from libs.service.reply_tokens import ReplyTokens
from services.intake.domain.by_time import ByTime
from services.intake.domain.mail.automatic import BOUNCE, ticket_named
from services.intake.domain.mail.bounces import bounce, returned
from services.intake.domain.mail.headers import addresses, message_ids, text
from services.intake.domain.mail.judging import State
from services.intake.domain.mail.parsing import Mail
from services.intake.domain.ticket import Status
from services.intake.domain.turn import Turn
from services.intake.store import mails, tickets
from services.intake.store.mails import End
from services.intake.store.tickets import TICKET


class Bouncing:
    def __init__(self, log: Log, tokens: ReplyTokens, by_time: ByTime) -> None:
        self._log = log
        self._tokens = tokens
        self._by_time = by_time

    async def take(self, mail_id: UUID, mail: Mail) -> None:
        """Raises mails.Settled when somebody else has done it."""
        ticket = await self._ticket_of(mail)
        end = End(State.AUTOMATIC, BOUNCE, next(iter(mail.senders), None), mail.subject, ticket_id=ticket)
        said = bounce(mail)
        bounced = MailBounced(mail_id=mail_id, notification_id=said.notification, status=said.status)

        async def settle(executor: Executor) -> None:
            await mails.settle(executor, mail_id, end)
            if ticket and said.has_failed:
                await self._tell(executor, ticket, bounced)

        await in_transaction(self._log, settle)

    async def _tell(self, executor: Executor, ticket: UUID, bounced: MailBounced) -> None:
        def decide(loaded: Loaded) -> Decision:
            found = tickets.ticket_of(loaded)
            if found is None or found.status is Status.DELETED:
                return Decision([], loaded.state or b"null")
            turn = Turn(found, loaded.version, loaded.now, self._by_time, loaded.due_at)
            turn.add(bounced)
            return tickets.written(turn.done())

        cause = Cause(actor="service:intake", correlation=current_correlation())
        await execute(self._log, ticket, TICKET, decide, cause, executor=executor)

    async def _ticket_of(self, mail: Mail) -> UUID | None:
        """The ticket that the returned mail was about, if it is one that went out from here and is not deleted."""
        found = self._ticket_named(mail)
        thread = await mails.thread(self._log.pool, found) if found else None
        return thread.ticket if thread and not thread.is_deleted else None

    def _ticket_named(self, mail: Mail) -> UUID | None:
        for one in returned(mail):
            for place in (*addresses(one, "reply-to"), text(one, "subject")):
                if found := self._tokens.read(place):
                    return found
            if found := ticket_named(tuple(message_ids(one, "references", "in-reply-to"))):
                return found
        return None
