"""Strangers who are answered, and when that was: as hashes of their addresses."""

from datetime import datetime, timedelta

from libs.events.log import Executor


async def begin_to_answer(executor: Executor, address: bytes, now: datetime, once_in: timedelta) -> bool:
    """Whether this address has not been answered for so long; then it is from now on, once the transaction is committed.

    Who asks about the same address meanwhile waits for that.
    """
    return bool(await executor.fetchval(_BEGIN, address, now, now - once_in))


async def forget(executor: Executor, before: datetime) -> None:
    await executor.execute("delete from answered_strangers where at <= $1", before)


_BEGIN = """
insert into answered_strangers as known (address, at) values ($1, $2)
on conflict (address) do update set at = $2 where known.at <= $3
returning true
"""
