"""Sessions that go on, and those that ended before their tokens expired. Of refresh tokens only hashes are here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor
from services.accounts.domain.sessions import Chain


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner is told of it."""

    id: UUID
    person: UUID
    begun_at: datetime
    used_at: datetime
    good_until: datetime
    ends_at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Held:
    """A session that nobody else changes until the transaction ends."""

    person: UUID
    good_until: datetime
    ends_at: datetime
    family: bytes
    salt: bytes | None
    chain: Chain


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that is over; its last access token expires at `tokens_until`."""

    id: UUID
    person: UUID
    tokens_until: datetime


async def add(executor: Executor, session: Session, tokens_until: datetime, family: bytes, current: bytes) -> None:
    await executor.execute(
        _ADD,
        session.id,
        session.person,
        session.begun_at,
        session.ends_at,
        session.good_until,
        tokens_until,
        family,
        current,
        session.address,
        session.user_agent,
    )


async def of_person(executor: Executor, person: UUID, now: datetime, limit: int) -> list[Session]:
    """The sessions that go on, the latest first."""
    return [Session(**row) for row in await executor.fetch(_OF_PERSON, person, now, limit)]


async def is_on(executor: Executor, session: UUID, now: datetime) -> bool:
    """Whether the session goes on."""
    found: bool = await executor.fetchval(
        "select exists (select from sessions where id = $1 and good_until > $2)", session, now
    )
    return found


# --- refreshing ------------------------------------------------------------------------------
async def hold(executor: Executor, session: UUID) -> Held | None:
    row = await executor.fetchrow(_HOLD, session)
    if row is None:
        return None
    chain = Chain(row["current"], row["replaced"], row["rotated_at"], row["repeated"])
    return Held(row["person"], row["good_until"], row["ends_at"], row["family"], row["salt"], chain)


async def rotate(executor: Executor, session: UUID, successor: bytes, salt: bytes, now: datetime) -> None:
    await executor.execute(_ROTATE, session, successor, salt, now)


async def repeat(executor: Executor, session: UUID) -> None:
    await executor.execute("update sessions set repeated = true where id = $1", session)


async def prolong(
    executor: Executor, session: UUID, now: datetime, good_until: datetime, tokens_until: datetime, address: str
) -> None:
    await executor.execute(_PROLONG, session, now, good_until, tokens_until, address)


# --- ending ----------------------------------------------------------------------------------
async def take(executor: Executor, session: UUID, person: UUID | None = None) -> list[Ended]:
    """Take one session away, if it goes on and is the person's."""
    return [Ended(**row) for row in await executor.fetch(_TAKE, session, person)]


async def take_all(executor: Executor, people: Sequence[UUID], but: UUID | None = None) -> list[Ended]:
    """Take all sessions of these people away, except for one."""
    return [Ended(**row) for row in await executor.fetch(_TAKE_ALL, people, but)]


async def remember_ended(executor: Executor, ended: Collection[tuple[UUID, datetime]]) -> None:
    """Keep ids of sessions for as long as there may be good tokens of them."""
    ids, untils = [session for session, _ in ended], [until for _, until in ended]
    await executor.execute(
        "insert into ended_sessions (id, tokens_until) select * from unnest($1::uuid[], $2::timestamptz[])"
        " on conflict do nothing",
        ids,
        untils,
    )


async def ended(executor: Executor) -> set[str]:
    """Ids of the sessions whose tokens are no longer good."""
    return {str(row["id"]) for row in await executor.fetch("select id from ended_sessions")}


async def forget(executor: Executor, now: datetime) -> None:
    """Delete the sessions that have expired by themselves, and what is no longer needed of those that were ended."""
    await executor.execute("delete from sessions where good_until <= $1", now)
    await executor.execute("delete from ended_sessions where tokens_until <= $1", now)


_ADD = """
insert into sessions (id, person, begun_at, used_at, ends_at, good_until, tokens_until, family, current, address, user_agent)
values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_OF_PERSON = """
select id, person, begun_at, used_at, good_until, ends_at, address, user_agent
  from sessions where person = $1 and good_until > $2 order by id desc limit $3
"""
_HOLD = """
select person, good_until, ends_at, family, salt, current, replaced, rotated_at, repeated
  from sessions where id = $1 for update
"""
_ROTATE = """
update sessions set replaced = current, current = $2, salt = $3, rotated_at = $4, repeated = false where id = $1
"""
_PROLONG = """
update sessions set used_at = $2, good_until = $3, tokens_until = greatest(tokens_until, $4), address = $5 where id = $1
"""
_TAKE = """
delete from sessions where id = $1 and person = coalesce($2::uuid, person) returning id, person, tokens_until
"""
# Locked in one order, or two who end the same sessions could wait for each other.
_TAKE_ALL = """
with held as (
    select id from sessions where person = any($1::uuid[]) and id is distinct from $2 order by id for update)
delete from sessions s using held where s.id = held.id returning s.id, s.person, s.tokens_until
"""
