"""Counting failed sign-ins in fixed windows, one row a subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg


@dataclass(frozen=True, slots=True)
class Count:
    """Failures of a subject, running sign-ins among them, and since when its window is open."""

    subject: bytes
    failures: int
    since: datetime


async def add(pool: asyncpg.Pool, subjects: Sequence[bytes], now: datetime, window: timedelta) -> list[Count]:
    """Count one failure more for each."""
    return [Count(**row) for row in await pool.fetch(_ADD, sorted(subjects), now, window)]


async def take_back(pool: asyncpg.Pool, subjects: Sequence[bytes]) -> None:
    await pool.execute(_TAKE_BACK, subjects)


async def forget(pool: asyncpg.Pool, until: datetime) -> None:
    """Delete the windows opened up to an instant."""
    await pool.execute("delete from sign_in_failures where since <= $1", until)


_ADD = """
insert into sign_in_failures as known (subject, since, failures)
select subject, $2, 1 from unnest($1::bytea[]) as subject
on conflict (subject) do update
   set since = case when known.since <= $2::timestamptz - $3::interval then $2 else known.since end,
       failures = case when known.since <= $2::timestamptz - $3::interval then 1 else known.failures + 1 end
returning subject, failures, since
"""

# Rows are locked in the order in which _ADD takes them, or two sign-ins could wait for each other.
_TAKE_BACK = """
with held as (select subject from sign_in_failures where subject = any($1) order by subject for update)
update sign_in_failures as known set failures = greatest(failures - 1, 0) from held where known.subject = held.subject
"""
