"""Changing one's own password, and setting one by a link that an administrator has made."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr

from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor, Log
from libs.service.clock import Clock
from libs.service.context import current_correlation
from libs.service.problems import NotFound, Unauthenticated
from services.accounts import secret_text
from services.accounts.domain import passwords as domain
from services.accounts.domain.persons import Person
from services.accounts.limits import SignInLimits
from services.accounts.password_mails import PasswordMails
from services.accounts.passwords import Passwords
from services.accounts.problems import NotEnabled, ResetRefused, WrongPassword
from services.accounts.sessions import Sessions
from services.accounts.staff import Administrators
from services.accounts.store import credentials, persons, resets
from services.accounts.store import sessions as sessions_store
from services.accounts.telling import tell

LONGEST = 200
_SHAPE = re.compile(rf"hdp_({secret_text.PATTERN})")


@dataclass(frozen=True)
class Reset:
    """A link's secret part, which is shown once; None when it goes by mail."""

    person: UUID
    token: str | None
    expires_at: datetime


@dataclass(frozen=True)
class PasswordChanges:
    log: Log
    passwords: Passwords
    limits: SignInLimits
    sessions: Sessions
    clock: Clock
    reset_seconds: int
    mails: PasswordMails

    # --- one's own ---------------------------------------------------------------------------
    async def change_own(
        self, person_id: UUID, session: UUID, present: SecretStr, new: SecretStr, address: str, cause: Cause
    ) -> None:
        """Change it and end the person's other sessions. WrongPassword counts as a sign-in that fails."""
        person = await persons.find(self.log.pool, person_id)
        if person is None:
            raise Unauthenticated
        async with self.limits.attempt(address, person.email):
            found = await credentials.of_email(self.log.pool, person.email)
            right = await self.passwords.matches(found.password_hash if found else None, present)
            if not right or found is None or found.person != person_id:
                raise WrongPassword
        password_hash = await self.passwords.hash(new)

        async def work(connection: Executor) -> None:
            await tell(self.log, connection, person, domain.changed(person.kind), cause, Unauthenticated())
            if await persons.changes_of(connection, person_id) != found.changes:
                raise WrongPassword
            await credentials.change_password(connection, person_id, password_hash)
            if not await sessions_store.is_on(connection, session, self.clock.now()):
                raise Unauthenticated
            await self.sessions.end_others_of(connection, person_id, session, cause)
            await resets.void(connection, [person_id])

        await in_transaction(self.log, work)
        await self.sessions.known.refresh()

    # --- by a link ---------------------------------------------------------------------------
    async def make_reset(self, person_id: UUID, administrator: UUID, cause: Cause) -> Reset:
        """Make a link for somebody, in place of an earlier one; AboveOwnRights if they may do more than who asks."""
        secret = secret_text.made()
        expires_at = self.clock.now() + timedelta(seconds=self.reset_seconds)

        async def work(connection: Executor) -> None:
            person = await persons.find(connection, person_id)
            if person is None:
                raise NotFound
            # First the event, whose append keeps the person from being changed until the end.
            await tell(self.log, connection, person, domain.reset_made(person.kind, expires_at), cause, NotEnabled())
            await self._check(connection, person, administrator)
            await resets.put(connection, person_id, secret_text.hashed(secret), expires_at)

        await in_transaction(self.log, work)
        return Reset(person_id, f"hdp_{secret.get_secret_value()}", expires_at)

    async def mail_reset(self, person_id: UUID, administrator: UUID, cause: Cause) -> Reset:
        """As `make_reset`, but the link goes to the person by mail, and nobody else sees it."""

        async def work(connection: Executor) -> datetime:
            person = await persons.find(connection, person_id)
            if person is None:
                raise NotFound
            if not person.is_enabled:
                raise NotEnabled
            expires_at = await self.mails.make(connection, person, cause, NotEnabled())
            await self._check(connection, person, administrator)
            return expires_at

        return Reset(person_id, None, await in_transaction(self.log, work))

    async def redeem(self, token: SecretStr, new: SecretStr, address: str) -> None:
        """Set a password by a link, and end all of the person's sessions.

        ResetRefused, in the same words, for links that never were, are too old, used up, replaced, or of somebody disabled.
        """
        async with self.limits.attempt(address):
            offered = _SHAPE.fullmatch(token.get_secret_value())
            secret_hash = secret_text.hashed(SecretStr(offered[1] if offered else ""))
            person_id = await resets.person_of(self.log.pool, secret_hash, self.clock.now())
            person = await persons.find(self.log.pool, person_id) if person_id else None
            if person is None:
                raise ResetRefused
            await self._redeem(person, secret_hash, await self.passwords.hash(new))
        await self.sessions.known.refresh()

    async def _redeem(self, person: Person, secret_hash: bytes, password_hash: str) -> None:
        cause = Cause(actor=f"user:{person.id}", correlation=current_correlation())

        async def work(connection: Executor) -> None:
            await tell(self.log, connection, person, domain.changed(person.kind), cause, ResetRefused())
            if not await resets.take(connection, secret_hash):
                raise ResetRefused
            await credentials.change_password(connection, person.id, password_hash)
            await self.sessions.end_all_of(connection, [person.id], cause)

        await in_transaction(self.log, work)

    async def _check(self, connection: Executor, person: Person, administrator: UUID) -> None:
        staff = Administrators(connection)
        me, other = await staff.find(administrator), await staff.find(person.id)
        if me is None:
            raise Unauthenticated
        domain.check_reset(me, other)
