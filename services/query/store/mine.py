"""What a client lists: the tickets of the own account; and who the client is."""

from uuid import UUID

import asyncpg

from services.query.domain.mine import Request, State
from services.query.store.rows import ASOF, CLIENTS_JOINS, CLIENTS_ROW


async def page(pool: asyncpg.Pool, account: UUID, asked: Request) -> list[asyncpg.Record]:
    """`number`, `active_at` and `ticket` (JSON), the latest first; one more than the limit if more follow."""
    states = ["active", "closed"] if asked.state is State.ALL else [asked.state.value]
    at, number = (asked.end.active_at, asked.end.number) if asked.end else (None, None)
    arguments = (None, account, states, asked.project_id, number, asked.limit + 1)
    if asked.sort == "activity":
        return await pool.fetch(_BY_ACTIVITY, *arguments, at)
    return await pool.fetch(_BY_NUMBER, *arguments)


async def account(pool: asyncpg.Pool, account_id: UUID, user: UUID, acting: UUID | None) -> str:
    """JSON of the account, the user, and the administrator who acts as the user."""
    found: str = await pool.fetchval(_ACCOUNT, account_id, user, acting)
    return found


def _listed(order: str, after: str) -> str:
    # One state at a time, because only so the index has them in order.
    return f"""
with {ASOF},
page as (
    select found.number, found.active_at from unnest($3::text[]) s(state), lateral (
        select t.number, t.active_at from tickets t
         where t.account_id = $2 and t.state = s.state and ($4::uuid is null or t.project_id = $4::uuid) and {after}
         order by {order.format("t.")} limit $6::bigint) found
     order by {order.format("found.")} limit $6::bigint)
select page.number, page.active_at, shown.ticket from page, lateral (
    select row_to_json(shown)::text as ticket from (
        select {CLIENTS_ROW} from tickets t {CLIENTS_JOINS} where t.number = page.number) shown) shown
 order by {order.format("page.")}
"""  # noqa: S608 - our own expressions


_BY_ACTIVITY = _listed(
    "{0}active_at desc, {0}number desc",
    "(t.active_at, t.number) < (coalesce($7::timestamptz, 'infinity'), coalesce($5::bigint, 0))",
)
_BY_NUMBER = _listed("{0}number desc", "t.number < coalesce($5::bigint, 9223372036854775807)")
_ACCOUNT = """
select json_build_object(
    'account', json_build_object('id', $1::uuid, 'name', (select name from accounts where id = $1)),
    'user', json_build_object('id', $2::uuid, 'name', (select name from names where id = $2)),
    'acting', case when $3::uuid is not null
                   then json_build_object('id', $3::uuid, 'name', (select name from names where id = $3)) end)::text
"""
