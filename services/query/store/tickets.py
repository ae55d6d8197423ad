"""One ticket, as far as whoever asks may know of it: what is shown of it, its messages, its weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.query.domain.sight import Sight
from services.query.store import past
from services.query.store.rows import (
    ADMINISTRATORS_COLUMNS,
    ASOF,
    CLIENTS_JOINS,
    CLIENTS_ROW,
    MESSAGES_THEN,
    NO_NOTES,
    messages,
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a deleted ticket."""

    number: int
    deleted_at: datetime
    deleted_by: str
    on_behalf_of: str | None


async def clients_rows(executor: Executor, ids: Sequence[str]) -> dict[str, str]:
    """Tickets as their clients' lists show them (JSON), by id; not those whose opening is not known yet."""
    found = await executor.fetch(_CLIENTS_ROWS, None, ids) if ids else []
    return {row["id"]: row["ticket"] for row in found}


async def details_then(pool: asyncpg.Pool, ticket: UUID, sight: Sight, then: datetime) -> asyncpg.Record | None:
    """The same as `details`, as it was, with the messages there were: if it is seen now, and was to be seen where it was."""
    return await pool.fetchrow(_DETAILS_THEN, then, ticket, *_seen_by(sight))


async def was_seen(pool: asyncpg.Pool, ticket: UUID, sight: Sight, then: datetime) -> bool:
    """Whether it was there and is seen, both now and as it was."""
    found: bool = await pool.fetchval(_WAS_SEEN, then, ticket, *_seen_by(sight))
    return found


async def weight_then(pool: asyncpg.Pool, ticket: UUID, sight: Sight, then: datetime) -> str | None:
    found: str | None = await pool.fetchval(_WEIGHT_THEN, then, ticket, *_seen_by(sight))
    return found


async def details(pool: asyncpg.Pool, ticket: UUID, sight: Sight, now: datetime | None = None) -> asyncpg.Record | None:
    """What the list shows of it and some more, and its `messages` (JSON)."""
    return await pool.fetchrow(_DETAILS, now, ticket, *_seen_by(sight))


async def clients_details(pool: asyncpg.Pool, ticket: UUID, account: UUID) -> asyncpg.Record | None:
    """`ticket` and `messages` (JSON), but for notes, and `version`, if it is of this account."""
    return await pool.fetchrow(_CLIENTS_DETAILS, None, ticket, account)


async def is_seen(pool: asyncpg.Pool, ticket: UUID, sight: Sight) -> bool:
    found: bool = await pool.fetchval(_IS_SEEN, ticket, *_seen_by(sight))
    return found


async def is_of_account(pool: asyncpg.Pool, ticket: UUID, account: UUID) -> bool:
    found: bool = await pool.fetchval(_IS_OF_ACCOUNT, ticket, account)
    return found


async def tombstone(pool: asyncpg.Pool, ticket: UUID) -> Tombstone | None:
    row = await pool.fetchrow(
        "select number, deleted_at, deleted_by, on_behalf_of from tombstones where id = $1", ticket
    )
    return Tombstone(**dict(row)) if row else None


async def all_tombstones(pool: asyncpg.Pool) -> list[str]:
    """JSON of each, in the order of deletion."""
    rows = await pool.fetch("select row_to_json(t)::text as tombstone from live.tombstones t order by deleted_at, id")
    return [row["tombstone"] for row in rows]


async def weight(pool: asyncpg.Pool, ticket: UUID, sight: Sight, now: datetime | None = None) -> str | None:
    """JSON of the weight and what it is made of."""
    found: str | None = await pool.fetchval(_WEIGHT, now, ticket, *_seen_by(sight))
    return found


def _seen_by(sight: Sight) -> tuple[list[UUID] | None, UUID | None]:
    return sight.places, sight.administrator


def _clients(columns: str, row: str, where: str) -> str:
    """What the account's users see of a ticket, as JSON."""
    return f"""
with {ASOF}
select {columns}
  from tickets t, lateral (
      select row_to_json(shown)::text as ticket from (select {row} from (select t.*) t {CLIENTS_JOINS}) shown) shown
 where t.state is not null and {where}"""  # noqa: S608 - our own expressions


def _administrators(columns: str, where: str) -> str:
    return f"""
with {ASOF}
select asof.at as as_of, {columns} from asof, tickets t where t.state is not null and {where}"""  # noqa: S608


def _seen(first: int, row: str = "t") -> str:
    """Rows that a sight has, whose arguments are this one and the next."""
    places, me = f"${first}::uuid[]", f"${first + 1}::uuid"
    return f"({places} is null or {row}.place = any({places}) or {row}.responsible_id = {me})"


def _weight(tickets: str, where: str) -> str:
    return f"""
with {ASOF}
select json_build_object('weight', t.points + w.minutes, 'points', t.points, 'minutes_waiting', w.minutes,
                         'rules', t.breakdown)::text
  from {tickets} t, asof, lateral (
      select case when t.waiting then greatest(0, asof.us - t.rank - t.points * 60000000::bigint) / 60000000
                  else 0 end as minutes) w
 where {where}
"""  # noqa: S608 - our own expressions


_FURTHER = "t.version, t.breakdown, t.target_seconds, t.used_seconds, t.block_expires_at"
_CLIENTS_ROWS = _clients("t.id::text as id, shown.ticket", CLIENTS_ROW, "t.id = any($2::uuid[])")
_DETAILS = _administrators(
    f"{ADMINISTRATORS_COLUMNS}, {_FURTHER}, {messages('true')}::text as messages", f"t.id = $2 and {_seen(3)}"
)
_CLIENTS_DETAILS = _clients(
    f"t.version, shown.ticket, {messages(NO_NOTES)}::text as messages",
    f"{CLIENTS_ROW}, t.version",
    "t.id = $2 and t.account_id = $3",
)
_IS_SEEN = f"select exists (select from tickets t where t.id = $1 and t.state is not null and {_seen(2)})"  # noqa: S608
_IS_OF_ACCOUNT = "select exists (select from tickets where id = $1 and account_id = $2 and state is not null)"
_WEIGHT = _weight("tickets", f"t.id = $2 and t.state is not null and {_seen(3)}")

_SEEN_NOW = f"(select * from tickets n where n.id = $2 and n.state is not null and {_seen(3, 'n')})"  # noqa: S608
_THEN = f"({past.rows(_SEEN_NOW)})"
_DETAILS_THEN = f"""
with {ASOF}
select asof.at as as_of, {ADMINISTRATORS_COLUMNS}, null::integer as version, t.breakdown, t.target_seconds, t.used_seconds,
       null::timestamptz as block_expires_at, {MESSAGES_THEN}::text as messages
  from asof, {_THEN} t where {_seen(3)}"""  # noqa: S608 - our own expressions
_WAS_SEEN = f"with {ASOF} select exists (select from {_THEN} t where {_seen(3)})"  # noqa: S608
_WEIGHT_THEN = _weight(_THEN, _seen(3))
