"""One ticket: what is shown of it, its messages, its history, its weight; and the lists of a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.query.domain.orders import State
from services.query.store.rows import (
    ADMINISTRATORS_JOINS,
    ADMINISTRATORS_ROW,
    ASOF,
    CLIENTS_JOINS,
    CLIENTS_ROW,
    named,
    utc,
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a deleted ticket."""

    number: int
    deleted_at: datetime
    deleted_by: str
    on_behalf_of: str | None


async def rows(pool: asyncpg.Pool, ids: Sequence[str], now: datetime | None = None) -> dict[str, str]:
    """Tickets as the list shows them: JSON by id, without those that are not to be seen."""
    return {row["id"]: row["ticket"] for row in await pool.fetch(_ROWS, now, ids)}


async def clients_rows(pool: asyncpg.Pool, ids: Sequence[str], now: datetime | None = None) -> dict[str, str]:
    """The same, as their clients see them."""
    return {row["id"]: row["ticket"] for row in await pool.fetch(_CLIENTS_ROWS, now, ids)}


async def details(pool: asyncpg.Pool, ticket: UUID, now: datetime | None = None) -> asyncpg.Record | None:
    """`ticket` (JSON with its messages) and `version`."""
    return await pool.fetchrow(_DETAILS, now, ticket)


async def clients_details(pool: asyncpg.Pool, ticket: UUID, account: UUID | None) -> asyncpg.Record | None:
    """`ticket` (JSON with its messages, but for notes) and `version`, if it is of this account."""
    return await pool.fetchrow(_CLIENTS_DETAILS, None, ticket, account)


async def is_seen(pool: asyncpg.Pool, ticket: UUID, account: UUID | None) -> bool:
    """Whether there is such a ticket, if an account is named in that account."""
    found: bool = await pool.fetchval(_IS_SEEN, ticket, account)
    return found


async def tombstone(pool: asyncpg.Pool, ticket: UUID) -> Tombstone | None:
    row = await pool.fetchrow(
        "select number, deleted_at, deleted_by, on_behalf_of from tombstones where id = $1", ticket
    )
    return Tombstone(**dict(row)) if row else None


async def weight(pool: asyncpg.Pool, ticket: UUID, now: datetime | None = None) -> str | None:
    """JSON of the weight and what it is made of."""
    found: str | None = await pool.fetchval(_WEIGHT, now, ticket)
    return found


async def of_account(
    pool: asyncpg.Pool, account: UUID, state: State, before: int | None, limit: int
) -> list[asyncpg.Record]:
    """`number` and `ticket` (JSON) of a client's own tickets, the newest first."""
    states = ["active", "closed"] if state is State.ALL else [state.value]
    # One state at a time, because only so the index has them in order.
    return await pool.fetch(_OF_ACCOUNT, None, account, states, before, limit)


def _select(row: str, joins: str, where: str, *, key: str = "t.id::text as id") -> str:
    return f"""
with {ASOF}
select {key}, shown.ticket
  from tickets t, lateral (
      select row_to_json(shown)::text as ticket from (select {row} from (select t.*) t {joins}) shown) shown
 where {where}"""  # noqa: S608 - our own expressions


def _messages(where: str) -> str:
    return f"""(
    select coalesce(json_agg(row_to_json(said) order by said.place), '[]') from (
        select m.position as place, m.id, m.kind, {named("m.author_id", "n")} as author, m.on_behalf_of, m.channel,
               {utc("m.at")} as at, m.text
          from messages m left join names n on n.id = m.author_id
         where m.ticket_id = t.id and {where}) said) as messages"""  # noqa: S608 - our own expressions


_FURTHER = f"""
  t.version, t.breakdown, t.target_seconds, t.used_seconds,
  {utc("t.block_expires_at")} as block_expires_at, {_messages("true")}
"""
_NO_NOTES = "m.kind <> 'note'"
_SEEN = "t.state is not null"
_ROWS = _select(ADMINISTRATORS_ROW, ADMINISTRATORS_JOINS, f"t.id = any($2::uuid[]) and {_SEEN}")
_CLIENTS_ROWS = _select(CLIENTS_ROW, CLIENTS_JOINS, f"t.id = any($2::uuid[]) and {_SEEN}")
_DETAILS = _select(f"{ADMINISTRATORS_ROW}, {_FURTHER}", ADMINISTRATORS_JOINS, f"t.id = $2 and {_SEEN}", key="t.version")
_CLIENTS_DETAILS = _select(
    f"{CLIENTS_ROW}, t.version, {_messages(_NO_NOTES)}",
    CLIENTS_JOINS,
    f"t.id = $2 and t.account_id = $3 and {_SEEN}",
    key="t.version",
)
_IS_SEEN = (
    f"select exists (select from tickets t where t.id = $1 and {_SEEN} and ($2::uuid is null or account_id = $2))"  # noqa: S608
)
_OF_ACCOUNT = f"""
with {ASOF},
page as (
    select found.number from unnest($3::text[]) s(state), lateral (
        select t.number from tickets t
         where t.account_id = $2 and t.state = s.state and ($4::bigint is null or t.number < $4::bigint)
         order by t.number desc limit $5::bigint) found
     order by found.number desc limit $5::bigint)
select page.number, shown.ticket from page, lateral (
    select row_to_json(shown)::text as ticket from (
        select {CLIENTS_ROW} from tickets t {CLIENTS_JOINS} where t.number = page.number) shown) shown
 order by page.number desc
"""  # noqa: S608 - our own expressions
_WEIGHT = f"""
with {ASOF}
select json_build_object('weight', t.points + w.minutes, 'points', t.points, 'minutes_waiting', w.minutes,
                         'rules', t.breakdown)::text
  from tickets t, asof, lateral (
      select case when t.waiting then greatest(0, asof.us - t.rank - t.points * 60000000::bigint) / 60000000
                  else 0 end as minutes) w
 where t.id = $2 and {_SEEN}
"""  # noqa: S608 - our own expressions
