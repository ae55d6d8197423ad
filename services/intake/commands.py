"""Carrying out intake's commands: who may, on which ticket; then the domain decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.intake import Channel, TicketOpened, Urgency
from libs.events.commands import Decision, Outcome, asked_by, execute, in_transaction
from libs.events.erasure import redact
from libs.events.log import Executor, Key, Loaded, Log, NewEvent
from libs.service.caller import Caller
from libs.service.ids import Ids
from libs.service.problems import Forbidden, Invalid
from services.intake import domain, store
from services.intake.domain import Change, Draft, Ticket
from services.intake.problems import TicketGone
from services.intake.store import TICKET, Submission, Submissions

Act = Callable[[Draft], Change]


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


@dataclass(frozen=True)
class Commands:
    """Every command on a ticket. Each answers the ticket after it, and raises a Problem when it is refused."""

    log: Log
    ids: Ids
    block_seconds: float

    @cached_property
    def _submissions(self) -> Submissions:
        return Submissions(self.log)

    async def submit(self, new: NewTicket, caller: Caller, key: Key) -> Outcome:
        ticket_id, message_id = self.ids(), self.ids()
        facts: list[Submission] = []

        async def load() -> Loaded:
            facts[:] = [await self._submissions.of(new.user_id, new.category_id, key)]
            return facts[0].loaded

        def decide(loaded: Loaded) -> Decision:
            data = _opened(new, facts[0], loaded, message_id)
            return store.written(Change([NewEvent(data)], domain.open_ticket(data)))

        return await execute(self.log, ticket_id, TICKET, decide, asked_by(caller), key=key, load=load)

    async def reply(self, ticket_id: UUID, text: str, caller: Caller, channel: Channel, key: Key) -> Outcome:
        return await self._act(
            ticket_id, caller, key, lambda draft: domain.reply(draft, caller.user_id, self.ids(), text, channel)
        )

    async def answer(
        self, ticket_id: UUID, text: str, token: int, caller: Caller, key: Key, *, and_close: bool
    ) -> Outcome:
        return await self._act(
            ticket_id,
            caller,
            key,
            lambda draft: domain.answer(draft, caller.user_id, token, self.ids(), text, and_close=and_close),
        )

    async def note(self, ticket_id: UUID, text: str, caller: Caller, key: Key) -> Outcome:
        return await self._act(
            ticket_id, caller, key, lambda draft: domain.note(draft, caller.user_id, self.ids(), text)
        )

    async def take_block(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self._act(
            ticket_id, caller, key, lambda draft: domain.take_block(draft, caller.user_id, self._until(draft))
        )

    async def renew_block(self, ticket_id: UUID, token: int, caller: Caller, key: Key) -> Outcome:
        return await self._act(
            ticket_id, caller, key, lambda draft: domain.renew_block(draft, caller.user_id, token, self._until(draft))
        )

    async def release_block(self, ticket_id: UUID, token: int, caller: Caller) -> Outcome:
        return await self._act(
            ticket_id, caller, None, lambda draft: domain.release_block(draft, caller.user_id, token)
        )

    async def unblock(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self._act(ticket_id, caller, key, domain.unblock)

    async def read(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self._act(ticket_id, caller, key, lambda draft: domain.read(draft, caller.user_id))

    async def take(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self._act(ticket_id, caller, key, lambda draft: domain.assign(draft, caller.user_id))

    async def close(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        administrator = caller.user_id if caller.kind == "administrator" else None
        return await self._act(ticket_id, caller, key, lambda draft: domain.close(draft, administrator))

    async def reopen(self, ticket_id: UUID, caller: Caller, key: Key) -> Outcome:
        return await self._act(ticket_id, caller, key, domain.reopen)

    async def delete(self, ticket_id: UUID, caller: Caller, key: Key | None = None) -> Outcome:
        """Append the deletion and redact what was written, in one transaction."""

        async def delete_and_redact(connection: Executor) -> Outcome:
            outcome = await self._act(ticket_id, caller, key, domain.delete, executor=connection)
            if outcome.is_new:
                await redact(connection, CATALOGUE, ticket_id, TICKET, outcome.position)
            return outcome

        return await in_transaction(self.log, delete_and_redact)

    async def _act(
        self, ticket_id: UUID, caller: Caller, key: Key | None, act: Act, executor: Executor | None = None
    ) -> Outcome:
        def decide(loaded: Loaded) -> Decision:
            ticket = visible(store.ticket_of(loaded), caller)
            return store.written(act(Draft(ticket, loaded.version, loaded.now)))

        return await execute(self.log, ticket_id, TICKET, decide, asked_by(caller), key=key, executor=executor)

    def _until(self, draft: Draft) -> datetime:
        return draft.now + timedelta(seconds=self.block_seconds)


def visible(ticket: Ticket | None, caller: Caller) -> Ticket:
    """The ticket, if the caller may know of it: clients know their own account's, administrators all."""
    is_theirs = ticket is not None and (caller.kind != "client" or ticket.account_id == caller.account_id)
    if ticket is None or not is_theirs:
        raise TicketGone
    return ticket


def _opened(new: NewTicket, facts: Submission, loaded: Loaded, message_id: UUID) -> TicketOpened:
    _require_enabled(new, facts)
    _require_open_category(facts)
    assert facts.user_account is not None
    return TicketOpened(
        number=facts.number,
        subject=new.subject,
        account_id=facts.user_account,
        user_id=new.user_id,
        category_id=new.category_id,
        project_id=facts.account_project,
        urgency=new.urgency,
        channel=new.channel,
        message_id=message_id,
        text=new.text,
        waiting_since=loaded.now if new.by_client else None,
    )


def _require_enabled(new: NewTicket, facts: Submission) -> None:
    if facts.user_account is not None and facts.user_enabled and facts.account_enabled:
        return
    if new.by_client and new.channel is Channel.PANEL:
        raise Forbidden("Only registered, enabled users submit tickets")
    raise Invalid.at("/user_id", "This is no registered, enabled user")


def _require_open_category(facts: Submission) -> None:
    products = facts.category_products
    if products is None or not facts.category_enabled:
        raise Invalid.at("/category_id", "There is no such category")
    if products and not products & facts.account_products:
        raise Invalid.at("/category_id", "This category is not open to the account")
