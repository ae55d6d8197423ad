"""Transactions that others could get in the way of."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from libs.events.commands import in_transaction
from libs.events.log import Executor, Log, VersionConflict

T = TypeVar("T")


async def alone(executor: Executor, what: str) -> None:
    """Wait until no other transaction does this; it holds until the transaction ends."""
    await executor.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"accounts:{what}")


async def undeadlocked(log: Log, work: Callable[[Executor], Awaitable[T]]) -> T:
    """As `in_transaction`, for work on many entities: whoever waits for each other in a circle begins again."""

    async def patient(connection: Executor) -> T:
        try:
            return await work(connection)
        except asyncpg.DeadlockDetectedError as error:
            raise VersionConflict(str(error)) from error

    return await in_transaction(log, patient)
