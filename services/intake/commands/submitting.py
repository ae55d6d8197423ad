"""Submitting a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from libs.events.catalogue.intake import Attachment, Channel, TicketOpened, Urgency
from libs.events.commands import Decision, Outcome, asked_by, execute
from libs.events.log import Key, Loaded, NewEvent
from libs.service.problems import Forbidden, Invalid
from services.intake.attachments.claims import Also, Claim
from services.intake.commands.tickets import Tickets
from services.intake.domain.asker import Asker
from services.intake.domain.categories import require_open
from services.intake.domain.ticket import open_ticket
from services.intake.domain.turn import Change
from services.intake.store import registry
from services.intake.store.registry import Named
from services.intake.store.submissions import Submission, Submissions
from services.intake.store.tickets import TICKET, written


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A submission. `user_id` is who it is for."""

    user_id: UUID
    category_id: UUID
    subject: str
    text: str
    urgency: Urgency
    channel: Channel
    by_client: bool
    """Whether somebody waits for an answer from now on; nobody does when staff wrote it."""
    files: Sequence[UUID] = ()
    """Uploads that come with it."""
    language: str | None = None
    project_id: UUID | None = None
    """Instead of the account's."""


@dataclass(frozen=True)
class Submitting:
    tickets: Tickets

    @cached_property
    def _submissions(self) -> Submissions:
        return Submissions(self.tickets.log)

    async def categories(self, account: UUID) -> list[Named]:
        """What is open to an account."""
        return await registry.categories_open_to(self.tickets.log.pool, account)

    async def submit(self, new: NewTicket, asker: Asker, key: Key, *, also: Also | None = None) -> Outcome:
        ticket_id, message_id = self.tickets.ids(), self.tickets.ids()
        facts: list[Submission] = []

        async def submit_it(claim: Claim) -> Outcome:
            async def load() -> Loaded:
                facts[:] = [await self._submissions.of(new.user_id, new.category_id, key, claim.connection)]
                return facts[0].loaded

            def decide(loaded: Loaded) -> Decision:
                data = _opened(new, facts[0], loaded, message_id, claim.judge())
                return written(Change([NewEvent(data)], open_ticket(data)))

            return await execute(
                self.tickets.log,
                ticket_id,
                TICKET,
                decide,
                asked_by(asker.caller),
                key=key,
                executor=claim.connection,
                load=claim.loading(load),
            )

        return await self.tickets.claims.carry_out(new.files, asker.caller, submit_it, also=also)


def _opened(
    new: NewTicket, facts: Submission, loaded: Loaded, message_id: UUID, attachments: list[Attachment]
) -> TicketOpened:
    _require_enabled(new, facts)
    require_open(facts.category, facts.account)
    assert facts.user_account is not None
    return TicketOpened(
        number=facts.number,
        subject=new.subject,
        account_id=facts.user_account,
        user_id=new.user_id,
        category_id=new.category_id,
        project_id=new.project_id or facts.account.project_id,
        urgency=new.urgency,
        channel=new.channel,
        message_id=message_id,
        text=new.text,
        attachments=attachments,
        waiting_since=loaded.now if new.by_client else None,
        language=new.language,
    )


def _require_enabled(new: NewTicket, facts: Submission) -> None:
    if facts.user_account is not None and facts.user_enabled and facts.account_enabled:
        return
    if new.by_client and new.channel is Channel.PANEL:
        raise Forbidden("Only registered, enabled users submit tickets")
    raise Invalid.at("/user_id", "This is no registered, enabled user")
