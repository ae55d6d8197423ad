"""What others have told about accounts and tickets, and the cases that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import asyncpg

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.projection import Connection
from services.routing.domain.judgement import Judged
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import Account


@dataclass(frozen=True, slots=True)
class AccountVersion:
    account_id: UUID
    version: int
    since: datetime
    attitude: Attitude
    services: int
    expenses: Decimal


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A ticket to be judged, what was decided on it before, and whether this cause has been judged already."""

    ticket_id: UUID
    ticket: Ticket
    account: Account | None
    judged: Judged
    version: int
    """Of the entity in routing's own log."""
    is_used: bool
    now: datetime


# --- what others have told ------------------------------------------------------------------------


async def keep_named(connection: Connection, kinds: Mapping[UUID, str]) -> None:
    await connection.execute(
        "insert into named select * from unnest($1::uuid[], $2::text[]) on conflict do nothing",
        list(kinds),
        list(kinds.values()),
    )


async def keep_accounts(connection: Connection, versions: Sequence[AccountVersion]) -> None:
    await connection.executemany(
        "insert into account_versions values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        [(v.account_id, v.version, v.since, v.attitude, v.services, v.expenses) for v in versions],
    )


async def tickets(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Ticket | None]:
    rows = await connection.fetch(f"select {_TICKET} from tickets where id = any($1)", list(ids))  # noqa: S608 - columns
    return {row["id"]: _ticket(row) for row in rows}


async def keep_tickets(connection: Connection, known: Mapping[UUID, Ticket | None]) -> None:
    """Write these tickets; forget those that are None."""
    rows = [_row(ticket_id, ticket) for ticket_id, ticket in known.items() if ticket]
    if rows:
        await connection.execute(_KEEP_TICKETS, *(list(column) for column in zip(*rows, strict=True)))
    gone = [ticket_id for ticket_id, ticket in known.items() if ticket is None]
    if gone:
        await connection.execute("delete from tickets where id = any($1)", gone)


# --- judging --------------------------------------------------------------------------------------


async def tickets_of(connection: Connection, accounts: Mapping[UUID, datetime]) -> list[tuple[UUID, UUID]]:
    """Ticket and account, of each account's tickets that were waiting, or were opened, at the instant or after it."""
    rows = await connection.fetch(_TICKETS_OF, list(accounts), list(accounts.values()))
    return [(row["id"], row["account_id"]) for row in rows]


async def open_cases(connection: Connection, keys: Mapping[UUID, str], injected_now: datetime | None) -> list[OpenCase]:
    """The tickets that still exist, each with the idempotency key of what is to be decided."""
    rows = await connection.fetch(_CASES, list(keys), list(keys.values()), injected_now)
    return [
        OpenCase(
            ticket_id=row["id"],
            ticket=_ticket(row),
            account=_account(row),
            judged=Judged.model_validate_json(row["state"]) if row["state"] else Judged(),
            version=row["entity_version"] or 0,
            is_used=row["is_used"],
            now=row["now"],
        )
        for row in rows
    ]


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


def _row(ticket_id: UUID, ticket: Ticket) -> tuple[object, ...]:
    return (
        ticket_id,
        ticket.account_id,
        ticket.category_id,
        ticket.urgency,
        ticket.version,
        ticket.categorised,
        ticket.opened_at,
        ticket.waited_until,
    )


def _ticket(row: asyncpg.Record) -> Ticket:
    return Ticket(
        account_id=row["account_id"],
        category_id=row["category_id"],
        urgency=Urgency(row["urgency"]),
        version=row["version"],
        categorised=row["categorised"],
        opened_at=row["opened_at"],
        waited_until=row["waited_until"],
    )


def _account(row: asyncpg.Record) -> Account | None:
    if row["account_version"] is None:
        return None
    return Account(row["account_version"], Attitude(row["attitude"]), row["services"], row["expenses"])


_TICKET = "id, account_id, category_id, urgency, version, categorised, opened_at, waited_until"
_KEEP_TICKETS = """
insert into tickets (id, account_id, category_id, urgency, version, categorised, opened_at, waited_until)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::integer[], $7::timestamptz[],
                     $8::timestamptz[])
on conflict (id) do update
   set account_id = excluded.account_id, category_id = excluded.category_id, urgency = excluded.urgency,
       version = excluded.version, categorised = excluded.categorised,
       opened_at = excluded.opened_at, waited_until = excluded.waited_until
"""
_TICKETS_OF = """
select t.id, t.account_id
  from unnest($1::uuid[], $2::timestamptz[]) as a(id, since)
  join tickets t on t.account_id = a.id and coalesce(t.waited_until, 'infinity') >= a.since
"""
# Of an account that seems younger than its ticket the first version counts: it is only the clocks that disagree.
_CASES = """
select t.*, e.version as entity_version, e.state, k.key is not null as is_used,
       a.version as account_version, a.attitude, a.services, a.expenses,
       coalesce($3::timestamptz, log_now()) as now
  from unnest($1::uuid[], $2::text[]) as c(id, key)
  join tickets t on t.id = c.id
  left join entities e on e.id = c.id
  left join idempotency k on k.key = c.key
  left join account_versions a on a.account_id = t.account_id and a.version = coalesce(
      (select max(v.version) from account_versions v
        where v.account_id = t.account_id and v.since <= coalesce(t.waited_until, 'infinity')), 1)
"""
_UNDECIDED = """
select e.id, t.category_id from entities e join tickets t on t.id = e.id
 where e.kind = 'ticket' and (e.state -> 'department') is null and t.category_id = any($1)
 order by e.id limit $2
"""
