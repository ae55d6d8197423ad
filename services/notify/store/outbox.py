"""The outbox: one row a notification, from the decision to its end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events.log import Executor
from services.notify.domain.kinds import Kind
from services.notify.domain.notices import Notice
from services.notify.domain.schedule import Wanted

_CLAIM_LOCK = 0x6D61696C  # "mail": two who claim at once could tear a digest apart


@dataclass(frozen=True, slots=True)
class Row:
    """A notification that somebody is to get."""

    id: UUID
    cause: UUID
    kind: Kind
    recipient: UUID
    ticket: UUID | None
    correlation: str
    said: str | None
    facts: dict[str, Any]
    requested_at: datetime
    attempts: int
    unsure: int
    in_digest: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an address is not written to: a server's answer, or the status that a bounce gave."""

    at: datetime
    code: int | None
    status: str | None


async def begin(executor: Executor, now: datetime) -> datetime:
    """The instant at which this installation began to tell anybody; now, the first time."""
    at: datetime = await executor.fetchval(
        "insert into beginning as known (at) values ($1) on conflict (only_row) do update set at = known.at returning at",
        now,
    )
    return at


# --- deciding -----------------------------------------------------------------------------------
async def put(executor: Executor, one: Wanted) -> bool:
    """Keep it, unless the same was decided before, be it that its row is gone by now."""
    notice = one.notice
    added: bool | None = await executor.fetchval(
        _PUT,
        one.id,
        notice.cause,
        notice.kind,
        one.recipient,
        notice.ticket,
        notice.correlation,
        notice.said,
        orjson.dumps(dict(notice.facts)).decode(),
        notice.at,
        one.next_at,
        one.in_digest,
    )
    return added is True


async def was_answered(executor: Executor, ticket: UUID, correlation: str) -> bool:
    """Whether an answer that was given by the same request is told of."""
    told: bool = await executor.fetchval(
        "select exists (select from outbox where ticket = $1 and kind = 'answered' and correlation = $2)",
        ticket,
        correlation,
    )
    return told


async def hurry(executor: Executor, tickets: Collection[UUID], now: datetime) -> None:
    """Send the receipts of these tickets now: what they waited for is known."""
    await executor.execute(
        "update outbox set next_at = $2::timestamptz where ticket = any($1) and kind = 'received' and state = 'pending'"
        " and attempts = 0 and not in_digest and next_at < $2::timestamptz + interval '5 minutes'",
        list(tickets),
        now,
    )


async def postpone(executor: Executor, notices: Sequence[Notice]) -> None:
    rows = [(one.cause, one.kind, one.ticket, _packed(one)) for one in notices]
    await executor.executemany(_POSTPONE, rows)


async def take_postponed(executor: Executor) -> list[Notice]:
    """Those of which it is known by now whom they are about."""
    rows = await executor.fetch(_TAKE_POSTPONED)
    return [_unpacked(row) for row in rows]


async def forget_tickets(executor: Executor, tickets: Collection[UUID]) -> None:
    for table in ("outbox", "postponed"):
        await executor.execute(f"delete from {table} where ticket = any($1)", list(tickets))  # noqa: S608


async def forget_people(executor: Executor, people: Collection[UUID]) -> None:
    for table, column in (("outbox", "recipient"), ("refused_addresses", "person"), ("preferences", "person")):
        await executor.execute(f"delete from {table} where {column} = any($1)", list(people))  # noqa: S608


# --- sending ------------------------------------------------------------------------------------
async def claim(connection: Executor, now: datetime, lease: timedelta, limit: int) -> list[list[Row]]:
    """What is due, to be sent by the caller alone until the lease is over; each list is one mail.

    A digest's rows are bound together here, so that a retry sends the same ones under the same id. The attempt counts as
    unsure until its outcome is written down.
    """
    await connection.execute(f"select pg_advisory_xact_lock({_CLAIM_LOCK})")
    await connection.execute(_BIND_DIGESTS, now)
    rows = await connection.fetch(_CLAIM, now, now + lease, limit)
    mails: dict[UUID, list[Row]] = {}
    for row in rows:
        mails.setdefault(row["batch"] or row["id"], []).append(_row(row))
    return list(mails.values())


async def holds(executor: Executor, rows: Sequence[Row]) -> list[Row]:
    """Those that are still to be sent, locked until the transaction ends: a ticket may have been deleted meanwhile."""
    found = await executor.fetch(
        "select id from outbox where id = any($1) and state = 'pending' order by id for update",
        [row.id for row in rows],
    )
    left = {one["id"] for one in found}
    return [row for row in rows if row.id in left]


async def finish(
    executor: Executor, ids: Collection[UUID], state: str, now: datetime, error: str | None, address: bytes | None
) -> None:
    """What was told of goes: it is not needed any more. `address` is where it went, as a hash."""
    await executor.execute(
        "update outbox set state = $2, done_at = $3, last_error = $4, said = null, facts = '{}', leased_until = null,"
        " next_at = null, address = $5 where id = any($1)",
        list(ids),
        state,
        now,
        error,
        address,
    )


async def put_off(executor: Executor, ids: Collection[UUID], until: datetime, error: str, *, unsure: bool) -> None:
    await executor.execute(
        "update outbox set next_at = $2, last_error = $3, leased_until = null, unsure = unsure - $4"
        " where id = any($1) and state = 'pending'",
        list(ids),
        until,
        error,
        0 if unsure else 1,
    )


async def hold_back(executor: Executor, ids: Collection[UUID], until: datetime) -> None:
    """Nothing was tried, as it is not the time for it."""
    await executor.execute(
        "update outbox set next_at = $2, leased_until = null, unsure = unsure - 1, attempts = attempts - 1"
        " where id = any($1) and state = 'pending'",
        list(ids),
        until,
    )


async def next_due(executor: Executor) -> datetime | None:
    at: datetime | None = await executor.fetchval(
        "select min(greatest(next_at, leased_until)) from outbox where state = 'pending'"
    )
    return at


async def pending(executor: Executor, limit: int) -> list[Row]:
    """What is to be sent, whoever has claimed it."""
    rows = await executor.fetch("select * from outbox where state = 'pending' limit $1", limit)
    return [_row(row) for row in rows]


async def counts(executor: Executor) -> dict[str, int]:
    """State -> rows."""
    rows = await executor.fetch("select state, count(*) as rows from outbox group by state")
    return {row["state"]: row["rows"] for row in rows}


async def forget_done(executor: Executor, before: datetime) -> None:
    """The log knows what was sent; the rows are there for whoever looks at the last weeks."""
    await executor.execute("delete from outbox where state <> 'pending' and done_at < $1", before)


async def of_ticket(executor: Executor, ticket: UUID) -> list[dict[str, Any]]:
    rows = await executor.fetch(
        "select id, kind, recipient, state, requested_at, next_at, attempts, last_error, done_at"
        " from outbox where ticket = $1 order by requested_at, id",
        ticket,
    )
    return [dict(row) for row in rows]


# --- addresses ----------------------------------------------------------------------------------
async def refuse(executor: Executor, person: UUID, address: bytes, code: int, now: datetime) -> None:
    await executor.execute(
        "insert into refused_addresses (person, address, at, code) values ($1, $2, $3, $4) on conflict do nothing",
        person,
        address,
        now,
        code,
    )


async def bounced(executor: Executor, notification: UUID, status: str, now: datetime) -> None:
    """Where this mail went, nobody takes mail; nothing if no such mail was handed over."""
    await executor.execute(
        "insert into refused_addresses (person, address, at, status) select recipient, address, $3, $2 from outbox"
        " where id = $1 and address is not null on conflict do nothing",
        notification,
        status,
        now,
    )


async def refusal(executor: Executor, person: UUID, address: bytes) -> Refusal | None:
    row = await executor.fetchrow(
        "select at, code, status from refused_addresses where person = $1 and address = $2", person, address
    )
    return Refusal(**dict(row)) if row else None


async def forgive(executor: Executor, person: UUID) -> None:
    await executor.execute("delete from refused_addresses where person = $1", person)


def _packed(notice: Notice) -> str:
    members = {name: getattr(notice, name) for name in _KEPT}
    return orjson.dumps(members, default=str).decode()


def _unpacked(row: asyncpg.Record) -> Notice:
    body = orjson.loads(row["body"])
    ids: dict[str, Any] = {name: UUID(body[name]) if body[name] else None for name in ("person", "department")}
    rest = {name: body[name] for name in ("correlation", "actor", "said", "facts")}
    at = datetime.fromisoformat(body["at"])
    return Notice(kind=Kind(row["kind"]), cause=row["cause"], at=at, ticket=row["ticket"], **ids, **rest)


def _row(row: asyncpg.Record) -> Row:
    names = (
        "id",
        "cause",
        "recipient",
        "ticket",
        "correlation",
        "said",
        "requested_at",
        "attempts",
        "unsure",
        "in_digest",
    )
    return Row(kind=Kind(row["kind"]), facts=orjson.loads(row["facts"]), **{name: row[name] for name in names})


_KEPT = ("at", "correlation", "actor", "person", "department", "said", "facts")
_PUT = """
insert into outbox (id, cause, kind, recipient, ticket, correlation, said, facts, requested_at, next_at, in_digest)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
 where not exists (select from entities where id = $1)
on conflict do nothing returning true
"""
_POSTPONE = """
insert into postponed select $1, $2, $3, $4 where not exists (select from gone where ticket = $3)
on conflict do nothing
"""
_TAKE_POSTPONED = """
delete from postponed p using tickets t
 where t.id = p.ticket
   and (p.body->>'department' is null or exists (
        select from staff_departments s where s.id = (p.body->>'department')::uuid))
returning p.cause, p.kind, p.ticket, p.body
"""
_BIND_DIGESTS = """
with due as (
    select id, recipient, requested_at from outbox
     where state = 'pending' and in_digest and batch is null and next_at <= $1
       for update skip locked),
bound as (select id, first_value(id) over (partition by recipient order by requested_at, id) as batch from due)
update outbox o set batch = bound.batch from bound where o.id = bound.id
"""
_CLAIM = """
with due as (
    select id from outbox
     where state = 'pending' and next_at <= $1 and (leased_until is null or leased_until <= $1)
     order by next_at, id limit $3 for update skip locked),
mates as (
    select o.id from outbox o
     where o.state = 'pending' and o.batch in (select m.batch from outbox m join due on due.id = m.id)
       and (o.leased_until is null or o.leased_until <= $1)
       for update skip locked)
update outbox o set attempts = attempts + 1, unsure = unsure + 1, leased_until = $2
  from (select id from due union select id from mates) as claimed
 where o.id = claimed.id
returning o.*
"""
