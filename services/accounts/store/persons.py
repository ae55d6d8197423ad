"""Reading who signs in, together with what decides whether they may."""

import json
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.accounts.domain.persons import Person


async def find(executor: Executor, person: UUID) -> Person | None:
    """The person as they are now; None for what is no person, or was deleted."""
    row = await executor.fetchrow(_FIND, person)
    return _person(row) if row else None


async def hold(executor: Executor, person: UUID, *others: UUID) -> Person | None:
    """As `find`, and nobody changes them, their account or `others` until the transaction ends.

    Locked in the order in which the log's appends take their rows.
    """
    known = await find(executor, person)
    if known is None:
        return None
    await executor.execute(_HOLD, [*others, person, *([known.account_id] if known.account_id else [])])
    return await find(executor, person)  # as they are now that they stay so


async def of_account(executor: Executor, account: UUID) -> list[UUID]:
    """The ids of an account's users."""
    rows = await executor.fetch(
        "select id from entities where kind = 'user' and state->>'account_id' = $1", str(account)
    )
    return [row["id"] for row in rows]


async def changes_of(executor: Executor, person: UUID) -> int | None:
    """How often the password was changed; it stays so until the transaction ends."""
    changes: int | None = await executor.fetchval("select changes from credentials where person = $1 for share", person)
    return changes


def _person(row: asyncpg.Record) -> Person:
    account = row["account"]
    return Person(row["id"], row["kind"], json.loads(row["state"]), json.loads(account) if account else None)


_FIND = """
select p.id, p.kind, p.state, a.state as account
  from entities p left join entities a on a.id = (p.state->>'account_id')::uuid
 where p.id = $1 and p.kind in ('user', 'administrator') and p.state->>'deleted' is null
"""
_HOLD = "select id from entities where id = any($1::uuid[]) order by id for share"
