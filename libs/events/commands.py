"""Carrying out a command, the same way in every service: load, decide, append; again when somebody else came first."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from typing import TypeVar
from uuid import UUID

from libs.events.envelope import Cause, Event
from libs.events.log import Change, Executor, Key, KeyUsed, Loaded, Log, NewEvent, TimePassed, Used, VersionConflict
from libs.events.turns import Turns
from libs.service.caller import Caller
from libs.service.context import current_correlation
from libs.service.http import ConsistencyToken
from libs.service.idempotency import Idempotency, KeyReused
from libs.service.problems import Unavailable
from libs.service.tracing import current_traceparent

T = TypeVar("T")

ATTEMPTS = 20
OPTIMISTIC_ATTEMPTS = 4
"""In a turn, where only other processes can come first; after that the entity is locked."""
_LOST = (VersionConflict, TimePassed, KeyUsed)
"""Somebody else came first, or the log's time has gone on: load and decide again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command makes of an entity: no events when there is nothing to do."""

    events: Sequence[NewEvent]
    state: bytes
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command, or of the first try of it; `state` is the entity's state now."""

    entity: UUID
    version: int
    state: bytes
    position: int
    """Of the last event in the log; 0 when nothing had to be done."""
    token: ConsistencyToken
    is_new: bool = True
    """Whether this very call has written something."""


Decide = Callable[[Loaded], Decision]
"""Pure: the entity as loaded, to events. Raises a Problem to refuse."""

Load = Callable[[], Awaitable[Loaded]]


async def execute(
    log: Log,
    entity: UUID,
    kind: str,
    decide: Decide,
    cause: Cause,
    *,
    key: Key | None = None,
    executor: Executor | None = None,
    load: Load | None = None,
) -> Outcome:
    """Carry out a command on one entity. With a key that was used before, answer what it did then.

    `load` replaces the usual reading, for a command that has to read more than the entity in the same round trip.
    Raises KeyReused when the key stood for another request, Unavailable when others were always faster.
    """
    command = _Command(log, entity, kind, decide, cause, key, load)
    if executor is not None:
        return await command.attempt(executor)  # when it loses, only the transaction's owner can begin again
    if load is not None:  # which would want another connection while a transaction holds one
        return await _in_turn(log.turns, entity, repeat(command.attempt, ATTEMPTS))
    locked = partial(in_transaction, log, partial(command.attempt, lock=True))
    return await _in_turn(log.turns, entity, chain(repeat(command.attempt, OPTIMISTIC_ATTEMPTS), [locked]))


@dataclass(frozen=True, slots=True)
class _Command:
    log: Log
    entity: UUID
    kind: str
    decide: Decide
    cause: Cause
    key: Key | None
    load: Load | None

    async def attempt(self, executor: Executor | None = None, *, lock: bool = False) -> Outcome:
        """Raises one of _LOST when somebody else came first, which nobody does with the entity locked."""
        log, key = self.log, self.key
        loaded = await (self.load() if self.load else log.load(self.entity, key, executor, lock=lock))
        if key and loaded.used:
            return await _replay(log, key, loaded.used, executor)
        decision = self.decide(loaded)
        if not decision.events:
            position = await log.remember(key, self.entity, executor) if key else 0
            return await self._outcome(loaded.version, decision, position, executor)
        change = Change(self.entity, self.kind, loaded.version, decision.events, decision.state, decision.due_at)
        position = await log.append([change], self.cause, loaded.now, key=key, executor=executor)
        return await self._outcome(loaded.version + len(decision.events), decision, position, executor)

    async def _outcome(self, version: int, decision: Decision, position: int, executor: Executor | None) -> Outcome:
        token = await _token(self.log, position, executor)
        return Outcome(self.entity, version, decision.state, position, token, is_new=bool(decision.events))


async def in_transaction(log: Log, work: Callable[[Executor], Awaitable[T]], *, entity: UUID | None = None) -> T:
    """Write to the log together with other tables in one transaction, again when somebody else came first.

    `entity` is what it changes, if several may change it at the same time: they take turns then.
    """

    async def attempt() -> T:
        async with log.pool.acquire() as connection, connection.transaction():
            done = await work(connection)
        log.appended.set()  # again, now that it is committed
        return done

    return await _in_turn(log.turns, entity, repeat(attempt, ATTEMPTS))


async def _in_turn(turns: Turns, entity: UUID | None, attempts: Iterable[Callable[[], Awaitable[T]]]) -> T:
    """The first attempt at once unless others have turns, and all that follow in a turn; Unavailable after the last."""
    left = iter(attempts)
    if entity is None or not turns.are_taken(entity):
        with suppress(*_LOST):
            return await next(left)()
    async with turns.turn(entity) if entity else nullcontext():
        for attempt in left:
            with suppress(*_LOST):
                return await attempt()
    raise Unavailable("Too many changes at once; try again")


async def _replay(log: Log, key: Key, used: Used, executor: Executor | None) -> Outcome:
    if used.fingerprint != key.fingerprint:
        raise KeyReused
    assert used.entity is not None
    loaded = await log.load(used.entity, executor=executor)
    token = await _token(log, used.position, executor)
    return Outcome(used.entity, loaded.version, loaded.state or b"null", used.position, token, is_new=False)


async def _token(log: Log, position: int, executor: Executor | None) -> ConsistencyToken:
    return ConsistencyToken(log.service, await log.known_epoch(executor), position)


def asked_by(caller: Caller) -> Cause:
    """The cause of what a request does."""
    return Cause(
        actor=caller.actor,
        correlation=current_correlation(),
        on_behalf_of=caller.on_behalf_of,
        traceparent=current_traceparent(),
    )


def caused_by(event: Event, service: str) -> Cause:
    """The cause of what a service does about an event."""
    return Cause(
        actor=f"service:{service}",
        correlation=event.cause.correlation,
        causation=event.id,
        traceparent=event.cause.traceparent,
    )


def request_key(idempotency: Idempotency) -> Key:
    return Key(idempotency.key, idempotency.fingerprint.hex())
