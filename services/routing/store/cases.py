"""The cases to be judged: tickets with what was decided on them, and the account by which each is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.catalogue.accounts import Attitude
from libs.events.projection import Connection
from services.routing.domain.circumstances import Account, Words
from services.routing.domain.judgement import Judged
from services.routing.domain.tickets import Ticket
from services.routing.store.tickets import TICKET_COLUMNS, ticket_of


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket, what was written in it, and its account as it is judged by that."""

    ticket_id: UUID
    ticket: Ticket
    words: Words
    account: Account | None


@dataclass(frozen=True, slots=True)
class OpenCase(KnownTicket):
    """A ticket to be judged, what was decided on it before, and whether this cause has been judged already."""

    judged: Judged
    version: int
    """Of the entity in routing's own log."""
    rules_of: datetime
    """The weight rules in force then count."""
    is_used: bool
    now: datetime


async def tickets_of(connection: Connection, accounts: Mapping[UUID, datetime]) -> list[tuple[UUID, UUID]]:
    """Ticket and account, of each account's tickets that were waiting, or were opened, at the instant or after it."""
    rows = await connection.fetch(_TICKETS_OF, list(accounts), list(accounts.values()))
    return [(row["id"], row["account_id"]) for row in rows]


async def opened_since(connection: Connection, instant: datetime) -> list[UUID]:
    rows = await connection.fetch("select id from tickets where opened_at >= $1", instant)
    return [row["id"] for row in rows]


async def open_cases(
    connection: Connection, keys: Mapping[UUID, str], injected_now: datetime | None, *, with_words: bool
) -> list[OpenCase]:
    """The tickets that still exist, each with the idempotency key of what is to be decided."""
    rows = await connection.fetch(_CASES, list(keys), list(keys.values()), injected_now, with_words)
    return [
        OpenCase(
            ticket_id=row["id"],
            ticket=ticket_of(row),
            words=words_of(row),
            account=account_of(row),
            judged=Judged.model_validate_json(row["state"]) if row["state"] else Judged(),
            version=row["entity_version"] or 0,
            rules_of=row["rules_of"],
            is_used=row["is_used"],
            now=row["now"],
        )
        for row in rows
    ]


async def count_since(pool: asyncpg.Pool, since: datetime, until: datetime) -> int:
    """Tickets that were opened since then, before now."""
    count: int = await pool.fetchval(
        "select count(*) from tickets where opened_at >= $1 and opened_at < $2", since, until
    )
    return count


async def tickets_since(
    pool: asyncpg.Pool, since: datetime, until: datetime, after: UUID, limit: int, *, with_words: bool
) -> list[KnownTicket]:
    """In the order in which they were opened: at `since` those after a ticket, and later ones."""
    return [_known(row) for row in await pool.fetch(_SINCE, since, until, after, limit, with_words)]


async def known_ticket(pool: asyncpg.Pool, ticket: UUID) -> KnownTicket | None:
    row = await pool.fetchrow(_ONE, ticket)
    return _known(row) if row else None


def _known(row: asyncpg.Record) -> KnownTicket:
    return KnownTicket(row["id"], ticket_of(row), words_of(row), account_of(row))


async def undecided(connection: Connection, categories: Sequence[UUID], limit: int) -> dict[UUID, UUID]:
    """Tickets of these categories that have no department yet, and their category."""
    rows = await connection.fetch(_UNDECIDED, categories, limit)
    return {row["id"]: row["category_id"] for row in rows}


async def judged(pool: asyncpg.Pool, ticket_id: UUID) -> Judged | None:
    """The decisions on a ticket that exists and has been judged."""
    state = await pool.fetchval(
        "select e.state from tickets t join entities e on e.id = t.id where t.id = $1", ticket_id
    )
    return Judged.model_validate_json(state) if state else None


def words_of(row: asyncpg.Record) -> Words:
    return Words(row["subject"], row["text"]) if row["subject"] is not None else Words()


def account_of(row: asyncpg.Record) -> Account | None:
    """The columns are those of ACCOUNT_COLUMNS."""
    if row["account_version"] is None:
        return None
    return Account(
        version=row["account_version"],
        attitude=Attitude(row["attitude"]),
        product_types=tuple(row["product_types"]),
        expenses=row["expenses"],
        group_id=row["group_id"],
    )


ACCOUNT_COLUMNS = "a.version as account_version, a.attitude, a.product_types, a.expenses, a.group_id"
# Of an account that seems younger than its ticket the first version counts: it is only the clocks that disagree.
JOIN_ACCOUNT = """
  left join account_versions a on a.account_id = t.account_id and a.version = coalesce(
      (select max(v.version) from account_versions v
        where v.account_id = t.account_id and v.since <= coalesce(t.waited_until, 'infinity')), 1)
"""
_TICKETS_OF = """
select t.id, t.account_id
  from unnest($1::uuid[], $2::timestamptz[]) as a(id, since)
  join tickets t on t.account_id = a.id and coalesce(t.waited_until, 'infinity') >= a.since
"""
_CASES = f"""
select {TICKET_COLUMNS}, w.subject, w.text, e.version as entity_version, e.state, k.key is not null as is_used,
       {ACCOUNT_COLUMNS}, greatest(t.opened_at, r.rules_of) as rules_of,
       coalesce($3::timestamptz, log_now()) as now
  from unnest($1::uuid[], $2::text[]) as c(id, key)
  join tickets t on t.id = c.id
  left join ticket_words w on $4 and w.ticket = c.id
  left join entities e on e.id = c.id
  left join idempotency k on k.key = c.key
  left join rejudged r on r.ticket = c.id
  {JOIN_ACCOUNT}
"""  # noqa: S608 - columns
_KNOWN = f"select {TICKET_COLUMNS}, w.subject, w.text, {ACCOUNT_COLUMNS} from tickets t"  # noqa: S608 - columns
_SINCE = f"""
{_KNOWN} left join ticket_words w on $5 and w.ticket = t.id {JOIN_ACCOUNT}
 where (t.opened_at, t.id) > ($1, $3) and t.opened_at < $2
 order by t.opened_at, t.id limit $4
"""
_ONE = f"{_KNOWN} left join ticket_words w on w.ticket = t.id {JOIN_ACCOUNT} where t.id = $1"
_UNDECIDED = """
select e.id, t.category_id from entities e join tickets t on t.id = e.id
 where e.kind = 'ticket' and (e.state -> 'department') is null and t.category_id = any($1)
 order by e.id limit $2
"""
