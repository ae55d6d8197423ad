"""Accounts that were deleted, and the tickets that they still have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.envelope import Cause
from libs.events.projection import Connection

NOBODY = UUID(int=0)
"""Before every id."""


@dataclass(frozen=True, slots=True)
class ErasedAccount:
    """An account, and the cause of its tickets' deletion; `is_last` when no submission for it can be under way any more."""

    id: UUID
    cause: Cause
    is_last: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The account's tickets among some of all tickets, and where these end; None when there are no more."""

    tickets: Sequence[UUID]
    end: UUID | None


async def request(connection: Connection, account: UUID, cause: Cause, now: datetime) -> None:
    """Once: told again, it has been requested already."""
    await connection.execute(
        "insert into erased_accounts (account, causation, correlation, traceparent, requested_at)"
        " values ($1, $2::text::uuid, $3, $4, $5) on conflict do nothing",
        account,
        cause.causation,
        cause.correlation,
        cause.traceparent,
        now,
    )


async def pending(pool: asyncpg.Pool, now: datetime, settle_seconds: float) -> list[ErasedAccount]:
    """Those not searched yet, and those to be searched once more."""
    return [
        ErasedAccount(
            row["account"],
            Cause(
                actor="service:intake",
                correlation=row["correlation"],
                causation=str(row["causation"]),
                traceparent=row["traceparent"],
            ),
            row["is_last"],
        )
        for row in await pool.fetch(_PENDING, now, settle_seconds)
    ]


async def tickets_of(pool: asyncpg.Pool, account: UUID, after: UUID, limit: int) -> Page:
    """Look at so many tickets, whosever they are: there is no index, as it would cost each command and serve no other."""
    row = await pool.fetchrow(_TICKETS_OF, str(account), after, limit)
    assert row is not None
    return Page(row["tickets"] or [], row["last"])


async def searched(pool: asyncpg.Pool, account: ErasedAccount, now: datetime) -> None:
    await pool.execute(_SEARCHED, account.id, now, account.is_last)


_PENDING = """
select *, requested_at + make_interval(secs => $2) <= $1 as is_last from erased_accounts
 where done_at is null and (searched_at is null or requested_at + make_interval(secs => $2) <= $1)
 order by requested_at
"""
_TICKETS_OF = """
with looked_at as (select id, state from entities where kind = 'ticket' and id > $2 order by id limit $3)
select array_agg(id order by id) filter (
           where state ->> 'account_id' = $1 and state ->> 'status' is distinct from 'deleted') as tickets,
       (array_agg(id order by id desc))[1] as last
  from looked_at
"""
_SEARCHED = """
update erased_accounts set searched_at = $2, done_at = case when $3 then $2::timestamptz end where account = $1
"""
