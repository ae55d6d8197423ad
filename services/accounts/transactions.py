"""Writing rows of own tables together with the log, all or nothing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from libs.events.commands import ATTEMPTS
from libs.events.log import Executor, KeyUsed, Log, TimePassed, VersionConflict
from libs.service.problems import Unavailable

T = TypeVar("T")


async def in_transaction(log: Log, work: Callable[[Executor], Awaitable[T]]) -> T:
    """Do the work in a transaction; once more from the beginning when somebody else came first."""
    for _ in range(ATTEMPTS):
        try:
            async with log.pool.acquire() as connection, connection.transaction():
                done = await work(connection)
        except (VersionConflict, TimePassed, KeyUsed):
            continue
        log.appended.set()  # once more: whom the append woke may have looked before the commit
        return done
    raise Unavailable("Too many changes at once; try again")


async def alone(executor: Executor, what: str) -> None:
    """Wait until no other transaction does this; it holds until the transaction ends."""
    await executor.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"accounts:{what}")
