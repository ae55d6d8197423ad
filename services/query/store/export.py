"""All that is kept of an account's tickets, in short statements: no transaction is open for as long as the reader takes."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg

from services.query.store.rows import ASOF, CLIENTS_JOINS, CLIENTS_ROW, MESSAGE_JOINS, MESSAGE_ROW, NO_NOTES, named

TICKETS, MESSAGES = 100, 50
"""Rows that are held in memory at once."""


async def account(pool: asyncpg.Pool, account_id: UUID) -> str | None:
    """JSON of the account."""
    found: str | None = await pool.fetchval(_ACCOUNT, account_id)
    return found


async def tickets(pool: asyncpg.Pool, account_id: UUID) -> AsyncIterator[asyncpg.Record]:
    """`id` and `ticket` (JSON) of each, by number."""
    last = 0
    while page := await pool.fetch(_TICKETS, None, account_id, last, TICKETS):
        for row in page:
            yield row
        last = page[-1]["number"]


async def messages(pool: asyncpg.Pool, ticket: UUID, *, notes: bool) -> AsyncIterator[str]:
    """JSON of each message, in their order."""
    last, statement = -1, _MESSAGES if notes else _NO_NOTES
    while page := await pool.fetch(statement, ticket, last, MESSAGES):
        for row in page:
            yield row["message"]
        last = page[-1]["position"]


def _messages(where: str) -> str:
    return f"""
select m.position, (select row_to_json(shown)::text from (select {MESSAGE_ROW}) shown) as message
  from (select * from messages m where m.ticket_id = $1 and m.position > $2 and {where} order by m.position limit $3) m
  {MESSAGE_JOINS}
 order by m.position
"""  # noqa: S608 - our own expressions


_ACCOUNT = f"""
select json_build_object('id', a.id, 'name', a.name, 'attitude', a.attitude, 'group', {named("a.group_id", "g")})::text
  from accounts a left join names g on g.id = a.group_id where a.id = $1
"""  # noqa: S608 - our own expressions
_TICKETS = f"""
with {ASOF},
page as (
    select t.id, t.number from unnest(array['active', 'closed']) s(state), lateral (
        select t.id, t.number from tickets t
         where t.account_id = $2 and t.state = s.state and t.number > $3 order by t.number limit $4::bigint) t
     order by t.number limit $4::bigint)
select page.id, page.number, shown.ticket from page, lateral (
    select row_to_json(shown)::text as ticket from (
        select {CLIENTS_ROW}, t.tags from tickets t {CLIENTS_JOINS} where t.number = page.number) shown) shown
 order by page.number
"""  # noqa: S608 - our own expressions
_MESSAGES, _NO_NOTES = _messages("true"), _messages(NO_NOTES)
