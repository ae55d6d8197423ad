"""Carrying out a command, the same way in every service: load, decide, append; again when somebody else came first."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from libs.events.envelope import Cause, Event
from libs.events.log import Change, Executor, Key, KeyUsed, Loaded, Log, NewEvent, TimePassed, Used, VersionConflict
from libs.service.caller import Caller
from libs.service.context import current_correlation
from libs.service.http import ConsistencyToken
from libs.service.idempotency import Idempotency, KeyReused
from libs.service.problems import Unavailable
from libs.service.tracing import current_traceparent

T = TypeVar("T")

ATTEMPTS = 20


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
    for _ in range(ATTEMPTS):
        loaded = await (load() if load else log.load(entity, key, executor))
        if key and loaded.used:
            return await _replay(log, key, loaded.used, executor)
        decision = decide(loaded)
        if not decision.events:
            position = await log.remember(key, entity) if key else 0
            token = await _token(log, position, executor)
            return Outcome(entity, loaded.version, decision.state, position, token, is_new=False)
        change = Change(entity, kind, loaded.version, decision.events, decision.state, decision.due_at)
        try:
            position = await log.append([change], cause, loaded.now, key=key, executor=executor)
        except (VersionConflict, TimePassed, KeyUsed):
            if executor is not None:
                raise  # the caller's transaction is broken; only the caller can begin again
            continue
        version = loaded.version + len(decision.events)
        return Outcome(entity, version, decision.state, position, await _token(log, position, executor))
    raise Unavailable("Too many changes at once; try again")


async def in_transaction(log: Log, work: Callable[[Executor], Awaitable[T]]) -> T:
    """Write to the log together with other tables in one transaction, again when somebody else came first."""
    for _ in range(ATTEMPTS):
        try:
            async with log.pool.acquire() as connection, connection.transaction():
                done = await work(connection)
            log.appended.set()  # again, now that it is committed
        except (VersionConflict, TimePassed, KeyUsed):
            continue
        else:
            return done
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
