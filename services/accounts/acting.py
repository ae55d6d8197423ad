"""Acting as a client: an administrator in the client's own panel, with the client's rights and none of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from libs.events import log as events_log
from libs.events.catalogue.accounts import ActAsEndReason
from libs.events.commands import Decision, Outcome, execute, in_transaction
from libs.events.due import Due
from libs.events.envelope import Cause
from libs.events.log import Executor, Loaded, Log
from libs.service.caller import Caller
from libs.service.ids import Ids
from libs.service.problems import Forbidden, NotFound, Unauthenticated
from libs.service.rights import Right
from services.accounts.domain.acting import KIND, ActAs, Change, end, expire, start
from services.accounts.domain.persons import Person
from services.accounts.domain.sessions import MARGIN
from services.accounts.ended_sessions import EndedSessions
from services.accounts.problems import AlreadyActing, NotEnabled
from services.accounts.staff import Administrators
from services.accounts.store import acting as store
from services.accounts.store import persons, sessions
from services.accounts.store.acting import Open


@dataclass(frozen=True)
class Begun:
    """An administrator who acts as a client from now on."""

    caller: Caller
    client: Person
    expires_at: datetime
    outcome: Outcome


@dataclass(frozen=True)
class Acting:
    log: Log
    known: EndedSessions
    ids: Ids
    seconds: int

    async def begin(self, user: UUID, administrator: UUID, session: UUID, cause: Cause) -> Begun:
        """Let an administrator act as a client user until the time is over, or the administrator's own session.

        Everything is looked at as it stays until this is committed: whoever takes it away meanwhile waits, and ends it then.
        """
        return await in_transaction(
            self.log, lambda connection: self._begin(connection, user, administrator, session, cause)
        )

    async def _begin(self, connection: Executor, user: UUID, administrator: UUID, session: UUID, cause: Cause) -> Begun:
        client = await persons.hold(connection, user, administrator)
        await self._check(connection, administrator, session)
        if client is None or client.is_administrator:
            raise NotFound
        if not client.is_enabled:
            raise NotEnabled
        made = self.ids()
        lasts = timedelta(seconds=self.seconds)

        def decide(loaded: Loaded) -> Decision:
            return _decision(start(client, administrator, session, loaded.now, lasts))

        outcome = await execute(self.log, made, KIND, decide, cause, executor=connection)
        expires_at = ActAs.model_validate_json(outcome.state).expires_at
        return Begun(client.caller(made, acting=administrator), client, expires_at, outcome)

    async def _check(self, connection: Executor, administrator: UUID, session: UUID) -> None:
        if not await may_act(connection, administrator):
            raise Forbidden(right=Right.ACT_AS)
        if await sessions.hold(connection, session) is None:
            raise Unauthenticated
        if await store.is_acting(connection, session, await self.log.now(connection)):
            raise AlreadyActing

    # --- ending ------------------------------------------------------------------------------
    async def give_back(self, acting: UUID, cause: Cause) -> int:
        """End this session, by the wish of who acts; the position of its last event, 0 when it had ended."""

        async def work(connection: Executor) -> int:
            loaded = await self.log.load(acting, executor=connection, lock=True)
            assert loaded.state is not None, "its id is in a token"
            found = Open(acting, loaded.version, ActAs.model_validate_json(loaded.state))
            return await self._end(connection, [found], ActAsEndReason.RETURNED, cause)

        return await self._done(await in_transaction(self.log, work))

    async def give_back_from(self, session: UUID, cause: Cause) -> int:
        """End what began in this session of an administrator, by their wish."""

        async def work(connection: Executor) -> int:
            found = await store.begun_in(connection, [session])
            return await self._end(connection, found, ActAsEndReason.RETURNED, cause)

        return await self._done(await in_transaction(self.log, work))

    async def end_of(self, connection: Executor, people: Sequence[UUID], cause: Cause) -> int:
        """Take it away from these administrators and end it for these clients, in the transaction of the reason."""
        found = await store.of_people(connection, people)
        return await self._end(connection, found, ActAsEndReason.TAKEN_AWAY, cause)

    async def end_in(self, connection: Executor, own_sessions: Sequence[UUID], cause: Cause) -> int:
        """End what began in these sessions of administrators, which end."""
        found = await store.begun_in(connection, own_sessions)
        return await self._end(connection, found, ActAsEndReason.TAKEN_AWAY, cause)

    async def _end(self, connection: Executor, found: Sequence[Open], reason: ActAsEndReason, cause: Cause) -> int:
        now = await self.log.now(connection)
        changes = [(one, end(one.acting, reason, now)) for one in found]
        ending = [(one, change) for one, change in changes if change.events]
        if not ending:
            return 0
        await sessions.remember_ended(connection, [(one.id, one.acting.expires_at + MARGIN) for one, _ in ending])
        appended = [_appended(one.id, one.version, change) for one, change in ending]
        return await self.log.append(appended, cause, now, executor=connection)

    async def _done(self, position: int) -> int:
        await self.known.refresh()
        return position


async def may_act(executor: Executor, administrator: UUID) -> bool:
    """Whether the administrator may act as clients, as their rights are now."""
    staff = await Administrators(executor).find(administrator)
    return staff is not None and staff.enabled and staff.may(Right.ACT_AS)


def run_out(due: Due) -> events_log.Change:
    """The time of an administrator who acts as a client is over."""
    return _appended(due.entity, due.version, expire(ActAs.model_validate_json(due.state)))


def _decision(change: Change) -> Decision:
    return Decision(change.events, change.state, change.due_at)


def _appended(acting: UUID, version: int, change: Change) -> events_log.Change:
    return events_log.Change(acting, KIND, version, change.events, change.state, change.due_at)
