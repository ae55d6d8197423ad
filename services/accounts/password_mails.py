"""Links by which somebody sets a password, sent by mail: on their own request, or on an administrator's.

The token is made of the system key and the link's id whenever it is asked for, so that a mail that goes again has the same
link in it; kept is its hash alone, as of all links, and told is the id alone. See ADR 0021.
"""

import asyncio
import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from pydantic import SecretStr

from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Executor, Log
from libs.events.waiting import wait_any
from libs.service.clock import Clock
from libs.service.ids import Ids, new_id
from libs.service.problems import NotFound, Problem
from services.accounts import secret_text
from services.accounts.domain import passwords as domain
from services.accounts.domain.persons import Person
from services.accounts.limits import SignInLimits
from services.accounts.store import credentials, persons, resets
from services.accounts.telling import tell

logger = structlog.get_logger()

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class MailedLink:
    """What a mail needs: nobody but notify is told."""

    token: SecretStr
    name: str
    email: str
    expires_at: datetime


@dataclass
class PasswordMails:
    log: Log
    limits: SignInLimits
    clock: Clock
    ids: Ids
    system_key: SecretStr
    reset_seconds: int
    name: str = "password-mails"
    _asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, email: str, address: str) -> None:
        """Keep a request, whether anybody has the address or not: both take the same way, and the same time."""
        await self.limits.count_mail(address, email)
        await resets.ask(self.log.pool, email, self.clock.now())
        self._asked.set()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._asked.clear()
            try:
                while await self.answer_one():
                    pass
            except DATABASE_ERRORS as error:
                logger.warning("password_mails_put_off", error=named(error))
            await wait_any(POLL_SECONDS, stop, self._asked)

    async def answer_one(self) -> bool:
        """Look up one request; False if there is none. Who is not there, or not enabled, is told of nothing."""

        async def work(connection: Executor) -> bool:
            email = await resets.take_request(connection)
            if email is None:
                return False
            found = await credentials.person_of(connection, email)
            person = await persons.find(connection, found) if found else None
            if person is not None and person.is_enabled:
                cause = Cause(actor=f"user:{person.id}", correlation=str(new_id()))
                await self.make(connection, person, cause, NotFound())
            return True

        return await in_transaction(self.log, work)

    async def make(self, connection: Executor, person: Person, cause: Cause, refusal: Problem) -> datetime:
        """Make a link in place of an earlier one, and tell that it is to be mailed; until when it is good."""
        link, expires_at = self.ids(), self.clock.now() + timedelta(seconds=self.reset_seconds)
        is_new = not await credentials.has_password(connection, person.id)
        said = domain.mail_requested(person.kind, link, expires_at, is_invitation=is_new)
        await tell(self.log, connection, person, said, cause, refusal)
        await resets.put(connection, person.id, secret_text.hashed(self._token(link)), expires_at, mail=link)
        return expires_at

    async def link(self, mail: UUID) -> MailedLink:
        """NotFound for what is used up, replaced, too old, or of somebody who may not sign in."""
        found = await resets.of_mail(self.log.pool, mail, self.clock.now())
        token = self._token(mail)
        person = await persons.find(self.log.pool, found.person) if found else None
        if found is None or person is None or not person.is_enabled:
            raise NotFound
        if not hmac.compare_digest(found.secret_hash, secret_text.hashed(token)):
            raise NotFound  # the system key is another one by now
        shown = SecretStr(f"hdp_{token.get_secret_value()}")
        return MailedLink(shown, person.state["name"], person.email, found.expires_at)

    def _token(self, link: UUID) -> SecretStr:
        key = self.system_key.get_secret_value().encode()
        made = hmac.digest(key, b"helpdesk password link " + link.bytes, hashlib.sha256)
        return SecretStr(urlsafe_b64encode(made).decode().rstrip("="))
