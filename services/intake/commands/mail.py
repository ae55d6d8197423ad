"""What administrators do with mail: read what waits, say whose it is, discard it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from libs.events.commands import Outcome
from libs.events.log import Key, Log
from libs.service.ids import Ids
from libs.service.problems import Invalid, NotFound
from libs.service.rights import Right
from libs.service.secret_box import SecretBox
from services.intake.domain.asker import Asker, admitted
from services.intake.domain.mail.judging import Reason, State, Taken, User
from services.intake.domain.mail.parsing import Mail, parsed, unread
from services.intake.domain.ticket import Ticket
from services.intake.mail.taking import Letter, Opening, Taking
from services.intake.problems import MailSettled
from services.intake.store import gateways, mails
from services.intake.store.mails import Listed, Settled
from services.intake.store.tickets import ticket_of

WAITS = (State.UNMATCHED, State.BROKEN)


@dataclass(frozen=True)
class MailDesk:
    log: Log
    ids: Ids
    passwords: SecretBox
    taking: Taking

    async def waiting(self, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Listed]:
        return await mails.waiting(self.log.pool, after, limit)

    async def read(self, mail_id: UUID) -> tuple[Listed, Mail | None]:
        """A mail that waits, and what it says, if it can be read."""
        found = await self._waiting_one(mail_id)
        return found, await self._parsed(mail_id)

    async def of_stranger(self, mail_id: UUID) -> Mail:
        """A mail that waits because nobody has its sender's address."""
        found = await mails.find(self.log.pool, mail_id)
        if found is None or (found.state, found.reason) != (State.UNMATCHED, Reason.UNKNOWN):
            raise NotFound
        mail = await self._parsed(mail_id)
        if mail is None or not mail.senders:
            raise NotFound
        return mail

    async def raw(self, mail_id: UUID, asker: Asker) -> bytes:
        """As it came in, to whoever may see it: by its ticket, once it has one."""
        found = await mails.find(self.log.pool, mail_id)
        if found is None or (found.state not in WAITS and found.ticket_id is None):
            raise NotFound
        if found.ticket_id is not None:
            await self._ticket(found.ticket_id, asker, Right.READ)
        raw = await mails.raw(self.log.pool, mail_id)
        if raw is None:
            raise NotFound
        return raw

    async def of_ticket(self, ticket_id: UUID, asker: Asker) -> Sequence[Listed]:
        await self._ticket(ticket_id, asker, Right.READ)
        return await mails.of_ticket(self.log.pool, ticket_id)

    async def attach(
        self, mail_id: UUID, user_id: UUID, ticket_id: UUID | None, category_id: UUID | None, asker: Asker, key: Key
    ) -> Outcome:
        """Make it the user's ticket, or a message of theirs on this one. Raises MailSettled when it is one already.

        Without a category a new ticket gets that of the gateway the mail came in by.
        """
        found = await mails.find(self.log.pool, mail_id)
        if found is None or found.state in {State.DISCARDED, State.ERASED}:
            raise NotFound
        taken = Taken(await self._user(user_id), ticket_id)
        if ticket_id is not None:
            ticket = await self._ticket(ticket_id, asker, Right.ANSWER)
            if ticket.account_id != taken.user.account:
                raise Invalid.at("/ticket_id", "This ticket is another account's")
        opening = None if ticket_id else await self._opening(found.gateway, category_id)
        mail = await self._parsed(mail_id) or unread(await mails.raw(self.log.pool, mail_id) or b"")
        letter = Letter(mail_id, mail, was=WAITS, by=asker.id)
        try:
            return await self.taking.take(letter, taken, opening, key)
        except Settled:
            raise MailSettled from None

    async def _opening(self, gateway_id: UUID, category_id: UUID | None) -> Opening:
        gateway = await gateways.find(self.log.pool, gateway_id)
        if gateway is None:
            if category_id is None:
                raise Invalid.at("/category_id", "The gateway it came in by is gone, so say which category it gets")
            return Opening(category_id)
        opening = Opening.by(gateway)
        return replace(opening, category_id=category_id) if category_id else opening

    async def discard(self, mail_id: UUID, asker: Asker) -> None:
        found = await mails.find(self.log.pool, mail_id)
        if found is None or found.state in {State.DISCARDED, State.ERASED}:
            raise NotFound
        try:
            await mails.discard(self.log.pool, mail_id, str(asker.id))
        except Settled:
            raise MailSettled from None

    async def _waiting_one(self, mail_id: UUID) -> Listed:
        found = await mails.find(self.log.pool, mail_id)
        if found is None or found.state not in WAITS:
            raise NotFound
        return found

    async def _parsed(self, mail_id: UUID) -> Mail | None:
        raw = await mails.raw(self.log.pool, mail_id)
        if raw is None:
            return None
        try:
            return await asyncio.to_thread(parsed, raw)
        except Exception:  # noqa: BLE001 - that is why it is on the list
            return None

    async def _user(self, user_id: UUID) -> User:
        found = await mails.user(self.log.pool, user_id)
        if found is None or not found.enabled:
            raise Invalid.at("/user_id", "This is no registered, enabled user")
        return found

    async def _ticket(self, ticket_id: UUID, asker: Asker, right: Right) -> Ticket:
        return admitted(ticket_of(await self.log.load(ticket_id)), asker, right)
