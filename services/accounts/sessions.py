"""Sessions: begun by signing in, carried on by refresh tokens, ended at once in every service.

A session that ended is told as `session.ended` in the transaction that ends it, and its row is gone; so what is in the table
goes on. The address and the browser are in that table only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson
import structlog

from libs.events.catalogue.accounts import SessionEnded
from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.log import Change, Executor, Log, NewEvent
from libs.service.clock import Clock
from libs.service.context import current_correlation
from libs.service.http import ConsistencyToken
from libs.service.ids import Ids
from services.accounts import refresh_tokens
from services.accounts.acting import Acting
from services.accounts.domain.persons import Person
from services.accounts.domain.sessions import MARGIN, Lifetimes, Verdict, judge
from services.accounts.ended_sessions import EndedSessions
from services.accounts.problems import JustRefreshed, SessionRefused, SignInRefused
from services.accounts.refresh_tokens import RefreshToken
from services.accounts.store import persons, resets
from services.accounts.store import sessions as store
from services.accounts.store.credentials import Credentials
from services.accounts.store.sessions import Ended, Held, Session

logger = structlog.get_logger()

KIND = "session"


@dataclass(frozen=True)
class Visitor:
    """From where somebody comes."""

    address: str
    user_agent: str = ""


@dataclass(frozen=True)
class Carried:
    """A session that goes on: what its next tokens are made of."""

    id: UUID
    person: Person
    refresh_token: RefreshToken
    good_until: datetime
    tokens_until: datetime


@dataclass(frozen=True)
class Sessions:
    log: Log
    known: EndedSessions
    acting: Acting
    clock: Clock
    ids: Ids
    lifetimes: Lifetimes

    async def begin(self, found: Credentials, visitor: Visitor) -> Carried:
        """Begin a session of somebody who has proved who they are.

        SignInRefused if they are not enabled, or if the password has been changed since it was compared: whoever disables
        them or changes it after this has begun waits for it, and then ends this session, too.
        """
        now, token = self.clock.now(), refresh_tokens.first(self.ids())
        ends_at = now + self.lifetimes.whole
        good_until = self.lifetimes.good_until(now, ends_at)
        tokens_until = self.lifetimes.tokens_until(now, good_until)
        async with self.log.pool.acquire() as connection, connection.transaction():
            person = await persons.hold(connection, found.person)
            if person is None or not person.is_enabled:
                raise SignInRefused
            if await persons.changes_of(connection, found.person) != found.changes:
                raise SignInRefused
            session = Session(
                token.session, person.id, now, now, good_until, ends_at, visitor.address, visitor.user_agent
            )
            await store.add(connection, session, tokens_until, token.family_hash, token.secret_hash)
        return Carried(token.session, person, token, good_until, tokens_until)

    # --- refreshing --------------------------------------------------------------------------
    async def refresh(self, offered: RefreshToken, visitor: Visitor) -> Carried:
        """Carry the session on with a new refresh token.

        SessionRefused for whatever is no good token, after which the session has ended if the token was a used one;
        JustRefreshed if the token was used by another of the same client's requests a moment ago.
        """
        done = await in_transaction(self.log, lambda connection: self._refresh(connection, offered, visitor))
        if not isinstance(done, Carried):
            await self.known.refresh()
            raise done
        return done

    async def _refresh(
        self, connection: Executor, offered: RefreshToken, visitor: Visitor
    ) -> Carried | SessionRefused | JustRefreshed:
        """Answer a refusal instead of raising it: the end of a session has to be committed."""
        held, now = await store.hold(connection, offered.session), self.clock.now()
        if held is None or held.family != offered.family_hash or now >= held.good_until:
            return SessionRefused()
        verdict = judge(held.chain, offered.secret_hash, now, self.lifetimes.grace)
        if verdict is Verdict.TWICE:
            return JustRefreshed()
        person = await persons.find(connection, held.person)
        if verdict is Verdict.REUSED or person is None or not person.is_enabled:
            logger.warning("session_taken_away", session=str(offered.session), token=verdict)
            cause = Cause(actor=f"service:{self.log.service}", correlation=current_correlation())
            await self._end(connection, await store.take(connection, offered.session), cause)
            return SessionRefused()
        token = await self._successor(connection, offered, held, verdict, now)
        return await self._prolong(connection, Carried(token.session, person, token, now, now), held, visitor)

    async def _successor(
        self, connection: Executor, offered: RefreshToken, held: Held, verdict: Verdict, now: datetime
    ) -> RefreshToken:
        if verdict is Verdict.LOST:
            assert held.salt is not None, "what was replaced was replaced by something"
            await store.repeat(connection, offered.session)
            return offered.successor(held.salt)
        salt = refresh_tokens.new_salt()
        token = offered.successor(salt)
        await store.rotate(connection, token.session, token.secret_hash, salt, now)
        return token

    async def _prolong(self, connection: Executor, carried: Carried, held: Held, visitor: Visitor) -> Carried:
        now = self.clock.now()
        good_until = self.lifetimes.good_until(now, held.ends_at)
        tokens_until = self.lifetimes.tokens_until(now, good_until)
        await store.prolong(connection, carried.id, now, good_until, tokens_until, visitor.address)
        return replace(carried, good_until=good_until, tokens_until=tokens_until)

    # --- ending ------------------------------------------------------------------------------
    async def end(self, session: UUID, person: UUID, cause: Cause) -> ConsistencyToken | None:
        """End one of a person's sessions; None when it is none that goes on."""

        async def work(connection: Executor) -> int:
            return await self._end(connection, await store.take(connection, session, person), cause)

        return await self._ended(await in_transaction(self.log, work))

    async def end_others(self, person: UUID, session: UUID, cause: Cause) -> ConsistencyToken | None:
        """End all of a person's sessions but this one; None when there are none."""
        return await self._ended(
            await in_transaction(self.log, lambda connection: self.end_others_of(connection, person, session, cause))
        )

    async def end_others_of(self, connection: Executor, person: UUID, session: UUID, cause: Cause) -> int:
        """As `end_others`, within a transaction of the caller's; the position of the last event, 0 when there is none."""
        return await self._end(connection, await store.take_all(connection, [person], session), cause)

    async def end_all_of(self, connection: Executor, people: Sequence[UUID], cause: Cause) -> int:
        """End all of these people's sessions, and those in which others act as them, in the transaction of the reason.

        Links by which they could set a password are void, too.
        Call it after the change itself, whose lock keeps further sessions from beginning; answers the position of the last
        event in the log, 0 when there were none. Others refuse the tokens once they have heard of it, this service within
        moments of the commit.
        """
        await resets.void(connection, people)
        ended = await self._end(connection, await store.take_all(connection, people), cause)
        return max(ended, await self.acting.end_of(connection, people, cause))

    async def _end(self, connection: Executor, ended: Collection[Ended], cause: Cause) -> int:
        if not ended:
            return 0
        until = {session.id: session.tokens_until + MARGIN for session in ended}
        await store.remember_ended(connection, until.items())
        changes = [_ending(session, until[session.id]) for session in ended]
        position = await self.log.append(changes, cause, await self.log.now(connection), executor=connection)
        return max(position, await self.acting.end_in(connection, list(until), cause))

    async def _ended(self, position: int) -> ConsistencyToken | None:
        await self.known.refresh()
        if not position:
            return None
        return ConsistencyToken(self.log.service, await self.log.known_epoch(), position)


def _ending(session: Ended, until: datetime) -> Change:
    data = SessionEnded(person_id=session.person, tokens_until=until)
    return Change(session.id, KIND, 0, [NewEvent(data)], orjson.dumps({"ended": True}))
