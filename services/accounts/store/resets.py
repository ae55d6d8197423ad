"""Links by which somebody sets a password: one a person, and of its secret a hash only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class Link:
    person: UUID
    secret_hash: bytes
    expires_at: datetime


async def put(
    executor: Executor, person: UUID, secret_hash: bytes, expires_at: datetime, *, mail: UUID | None = None
) -> None:
    """Keep a link in place of the person's earlier one; `mail` is its name when it goes by mail."""
    await executor.execute(_PUT, person, secret_hash, expires_at, mail)


async def of_mail(executor: Executor, mail: UUID, now: datetime) -> Link | None:
    """The link of that name; None if it is used up, replaced, or too old."""
    row = await executor.fetchrow(
        "select person, secret_hash, expires_at from password_resets where mail = $1 and expires_at > $2", mail, now
    )
    return Link(**dict(row)) if row else None


async def ask(executor: Executor, email: str, now: datetime) -> None:
    """Keep the wish for a mail, whoever has the address, if anybody."""
    await executor.execute("insert into password_mail_requests (email, requested_at) values ($1, $2)", email, now)


async def take_request(executor: Executor) -> str | None:
    """The address of the oldest wish that nobody else looks up; it is gone once the transaction is committed."""
    email: str | None = await executor.fetchval(_TAKE_REQUEST)
    return email


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
insert into password_resets (person, secret_hash, expires_at, mail) values ($1, $2, $3, $4)
on conflict (person) do update set secret_hash = $2, expires_at = $3, mail = $4
"""
_TAKE_REQUEST = """
delete from password_mail_requests where number = (
    select number from password_mail_requests order by number limit 1 for update skip locked)
returning email
"""
