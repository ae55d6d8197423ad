"""Links by which somebody sets a password: one a person, and of its secret a hash only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor


async def put(executor: Executor, person: UUID, secret_hash: bytes, expires_at: datetime) -> None:
    """Keep a link in place of the person's earlier one."""
    await executor.execute(_PUT, person, secret_hash, expires_at)


async def person_of(executor: Executor, secret_hash: bytes, now: datetime) -> UUID | None:
    """Whose link it is; None if it is nobody's, or too old."""
    person: UUID | None = await executor.fetchval(
        "select person from password_resets where secret_hash = $1 and expires_at > $2", secret_hash, now
    )
    return person


async def take(executor: Executor, secret_hash: bytes) -> bool:
    """Use the link up; False if somebody else has, or if it has been replaced."""
    taken: bool | None = await executor.fetchval(
        "delete from password_resets where secret_hash = $1 returning true", secret_hash
    )
    return taken is True


async def void(executor: Executor, people: Sequence[UUID]) -> None:
    """Make these people's links useless."""
    await executor.execute("delete from password_resets where person = any($1::uuid[])", people)


async def forget(executor: Executor, now: datetime) -> None:
    """Delete what is too old."""
    await executor.execute("delete from password_resets where expires_at <= $1", now)


_PUT = """
insert into password_resets (person, secret_hash, expires_at) values ($1, $2, $3)
on conflict (person) do update set secret_hash = $2, expires_at = $3
"""
