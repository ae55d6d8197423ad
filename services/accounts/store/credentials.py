"""How people sign in. What is here is in no event and in no log line."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.accounts.emails import folded
from services.accounts.problems import EmailTaken


@dataclass(frozen=True, slots=True)
class Credentials:
    """Someone who may want to sign in; `changes` counts how often the password was changed."""

    person: UUID
    password_hash: str
    changes: int


async def of_email(pool: asyncpg.Pool, email: str) -> Credentials | None:
    """How the person signs in; None as well when they have no password yet."""
    row = await pool.fetchrow(_OF_EMAIL, folded(email))
    return Credentials(**row) if row else None


async def person_of(executor: Executor, email: str) -> UUID | None:
    """Who has the address, with a password or without."""
    person: UUID | None = await executor.fetchval("select person from credentials where email = $1", folded(email))
    return person


async def has_password(executor: Executor, person: UUID) -> bool:
    has: bool | None = await executor.fetchval(
        "select password_hash is not null from credentials where person = $1", person
    )
    return has is True


async def add(executor: Executor, person: UUID, email: str, password_hash: str | None) -> None:
    """Reserve the address, with no password yet if it is None; EmailTaken if another person has it."""
    added = await executor.fetchval(
        "insert into credentials (person, email, password_hash) values ($1, $2, $3) on conflict do nothing"
        " returning true",
        person,
        folded(email),
        password_hash,
    )
    if not added:
        raise EmailTaken


async def remove(executor: Executor, people: Sequence[UUID]) -> None:
    """Forget how they sign in; their addresses are free again."""
    await executor.execute("delete from credentials where person = any($1)", people)


async def change_email(executor: Executor, person: UUID, email: str) -> None:
    """Reserve another address instead; EmailTaken if another person has it."""
    try:
        await executor.execute("update credentials set email = $2 where person = $1", person, folded(email))
    except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
        raise EmailTaken from None  # two people who swap addresses at once wait for each other


async def change_password(executor: Executor, person: UUID, password_hash: str) -> None:
    await executor.execute(
        "update credentials set password_hash = $2, changes = changes + 1 where person = $1", person, password_hash
    )


async def renew_hash(executor: Executor, person: UUID, known_hash: str, password_hash: str) -> None:
    """Replace the hash of the same password, unless the password was changed meanwhile."""
    await executor.execute(
        "update credentials set password_hash = $3 where person = $1 and password_hash = $2",
        person,
        known_hash,
        password_hash,
    )


_OF_EMAIL = """
select person, password_hash, changes from credentials where email = $1 and password_hash is not null
"""
