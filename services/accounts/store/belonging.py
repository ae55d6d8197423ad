"""An account with the users that belong to it, held until the transaction ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class HeldAccount:
    version: int
    is_deleted: bool


async def held_account(executor: Executor, account: UUID) -> HeldAccount | None:
    """The account; nobody changes it meanwhile, or adds a user to it."""
    row = await executor.fetchrow(_ACCOUNT, account)
    return HeldAccount(**row) if row else None


async def held_users(executor: Executor, account: UUID) -> dict[UUID, int]:
    """Id and version of each user; nobody changes them meanwhile."""
    rows = await executor.fetch(_USERS, str(account))
    return {row["id"]: row["version"] for row in rows}


async def last_positions(executor: Executor, entities: Sequence[UUID]) -> dict[UUID, int]:
    """Where each entity's last event is in the log."""
    rows = await executor.fetch(_LAST, entities)
    return {row["entity"]: row["position"] for row in rows}


_ACCOUNT = """
select version, state->>'deleted' is not null as is_deleted
  from entities where id = $1 and kind = 'account' for update
"""
_USERS = """
select id, version from entities where kind = 'user' and state->>'account_id' = $1 order by id for update
"""
_LAST = "select entity, max(position) as position from log where entity = any($1) group by entity"
