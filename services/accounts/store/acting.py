"""Which administrators act as clients just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor
from services.accounts.domain.acting import ActAs


@dataclass(frozen=True, slots=True)
class Open:
    """A session that goes on."""

    id: UUID
    version: int
    acting: ActAs


async def of_people(executor: Executor, people: Sequence[UUID]) -> list[Open]:
    """Who acts as one of these people, or is one of them; nobody else changes that until the transaction ends."""
    return await _open(executor, f"{_OPEN} and (state->>'user_id' = any($1) or {_ADMINISTRATOR}) {_HELD}", people)


async def begun_in(executor: Executor, sessions: Sequence[UUID]) -> list[Open]:
    """What began in one of these sessions of administrators; nobody else changes it until the transaction ends."""
    return await _open(executor, f"{_OPEN} and state->>'session_id' = any($1) {_HELD}", sessions)


async def is_acting(executor: Executor, session: UUID, now: datetime) -> bool:
    """Whether somebody acts as a client who began to in this session."""
    found: bool = await executor.fetchval(_IS_ACTING, str(session), now)
    return found


async def _open(executor: Executor, statement: str, ids: Sequence[UUID]) -> list[Open]:
    rows = await executor.fetch(statement, [str(one) for one in ids])
    return [Open(row["id"], row["version"], ActAs.model_validate_json(row["state"])) for row in rows]


# They are few, and indexed as such: whatever is still to happen by time alone.
_OPEN = "select id, version, state from entities where kind = 'act_as' and due_at is not null"
_ADMINISTRATOR = "state->>'administrator_id' = any($1)"
_HELD = "order by id for update"
_IS_ACTING = """
select exists (select from entities
                where kind = 'act_as' and due_at is not null and state->>'session_id' = $1 and due_at > $2)
"""
