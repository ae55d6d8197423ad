"""All of sla's SQL, and how its entities are written down."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from libs.events.catalogue.sla import CalendarCompiled
from libs.events.commands import Decision
from libs.events.log import Loaded, NewEvent
from libs.events.projection import Connection
from services.sla.domain import hours as hours_domain
from services.sla.domain.hours import Hours
from services.sla.domain.target import Target
from services.sla.domain.ticket import Said
from services.sla.domain.wait import Facts, Placement, Wait

HOURS = "working_hours"
TARGET = "target"
TICKET = "ticket"

Executor = asyncpg.Pool | Connection

# --- entities -------------------------------------------------------------------------------------


def hours_of(loaded: Loaded, department_id: UUID) -> Hours:
    return Hours.model_validate_json(loaded.state) if loaded.state else Hours(department_id=department_id)


def target_of(loaded: Loaded, department_id: UUID) -> Target:
    return Target.model_validate_json(loaded.state) if loaded.state else Target(department_id=department_id)


def said_of(loaded: Loaded) -> Said:
    return Said.model_validate_json(loaded.state) if loaded.state else Said()


def written_hours(hours: Hours, events: Sequence[NewEvent], now: datetime) -> Decision:
    """Hours come up again when the table among the events, their last one, has to be followed by the next."""
    table = events[-1].data if events else None
    due_at = hours_domain.compile_again_at(table, now) if isinstance(table, CalendarCompiled) else None
    return Decision(events, hours.model_dump_json().encode(), due_at)


async def due_hours(pool: asyncpg.Pool, now: datetime) -> list[tuple[UUID, datetime]]:
    rows = await pool.fetch("select id, due_at from entities where kind = $1 and due_at <= $2", HOURS, now)
    return [(row["id"], row["due_at"]) for row in rows]


# --- what others tell -----------------------------------------------------------------------------


class Begun(NamedTuple):
    ticket: UUID
    since: datetime
    version: int


class Ended(NamedTuple):
    ticket: UUID
    at: datetime
    version: int


class Placed(NamedTuple):
    ticket: UUID
    since: datetime
    version: int
    department: UUID


async def keep_department(connection: Connection, department: UUID, name: str) -> None:
    await connection.execute(
        "insert into departments (id, name) values ($1, $2) on conflict (id) do update set name = $2", department, name
    )


async def keep_waits(connection: Connection, begun: Collection[Begun], ended: Collection[Ended]) -> None:
    """A wait that begun already stays as it is; an end is one of the wait that was begun last before it."""
    if begun:
        await connection.execute(_BEGIN, *_columns(begun))
    if ended:
        await connection.execute(_END, *_columns(ended))


async def keep_placements(connection: Connection, placed: Collection[Placed]) -> None:
    if placed:
        await connection.execute(_PLACE, *_columns(placed))


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


_BEGIN = """
insert into waits (ticket, since, begun)
select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[])
on conflict do nothing
"""
_END = """
with ended as (select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[]) as e(ticket, at, version))
update waits w
   set until = (select at from ended e where e.ticket = w.ticket and e.version > w.begun order by e.version limit 1)
 where w.until is null
   and exists (select from ended e where e.ticket = w.ticket and e.version > w.begun)
"""
_PLACE = """
insert into placements (ticket, since, version, department)
select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::uuid[])
on conflict do nothing
"""

# --- judging --------------------------------------------------------------------------------------

_PLANS_LOCK = 0x706C616E  # "plan"; advisory locks are per database


async def hold_plans(connection: Connection, *, to_change: bool = False) -> None:
    """Let no plan change, or nobody judge by one, until the transaction ends.

    So whoever changes one finds all tickets that were judged by the former one.
    """
    shared = "" if to_change else "_shared"
    await connection.execute(f"select pg_advisory_xact_lock{shared}({_PLANS_LOCK})")


async def has_department(executor: Executor, department: UUID) -> bool:
    known: bool = await executor.fetchval("select exists (select from departments where id = $1)", department)
    return known


async def lock_tickets(connection: Connection, tickets: Collection[UUID]) -> None:
    """In one order, so that nobody waits for another who waits for them."""
    await connection.execute("select id from entities where id = any($1) order by id for update", tickets)


async def facts(executor: Executor, tickets: Collection[UUID], known_until: datetime | None) -> dict[UUID, Facts]:
    """What intake says of tickets, without the waits of which nothing can be said any more.

    Those were over by `known_until`, and nothing of theirs has fallen due since.
    """
    waits: dict[UUID, list[Wait]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_WAITS, tickets, known_until):
        waits[row["ticket"]].append(Wait(row["since"], row["until"]))
    placements: dict[UUID, list[Placement]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_PLACEMENTS, tickets):
        placements[row["ticket"]].append(Placement(row["since"], row["department"]))
    return {ticket: Facts(waits[ticket], placements[ticket]) for ticket in tickets}


async def newer_states(executor: Executor, known: dict[UUID, int]) -> list[asyncpg.Record]:
    """Id, version and state of those entities that are at another version than is known."""
    return await executor.fetch(_NEWER, list(known), list(known.values()))


async def reschedule(connection: Connection, ticket: UUID, due_at: datetime | None) -> None:
    """When time alone has something to say next; that is an index of facts, not part of the state."""
    await connection.execute(
        "update entities set due_at = $2 where id = $1 and due_at is distinct from $2", ticket, due_at
    )


async def due_tickets(pool: asyncpg.Pool, known_until: datetime, limit: int) -> list[UUID]:
    """Tickets with something to say by then, but for those of which an event is parked: it may be the answer."""
    return [row["id"] for row in await pool.fetch(_DUE, TICKET, known_until, limit)]


_WAITS = """
select w.ticket, w.since, w.until
  from waits w left join entities e on e.id = w.ticket
 where w.ticket = any($1)
   and (w.until is null or $2::timestamptz is null or w.until > $2 or w.until > e.due_at)
 order by w.ticket, w.since
"""
_PLACEMENTS = "select ticket, since, department from placements where ticket = any($1) order by ticket, version"
_NEWER = """
select e.id, e.version, e.state
  from unnest($1::uuid[], $2::integer[]) as k(id, version) join entities e on e.id = k.id and e.version <> k.version
"""
_DUE = """
select id from entities e
 where kind = $1 and due_at <= $2
   and not exists (select from parked p where p.source = 'intake' and p.entity = e.id::text)
 order by due_at limit $3
"""

# --- judging again after a change -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A department's waiting tickets are to be judged again, from the ticket `after` on."""

    department: UUID
    changed_at: datetime
    position: int
    after: UUID | None


async def request_rejudgement(connection: Connection, department: UUID, changed_at: datetime, position: int) -> None:
    await connection.execute(_REQUEST, department, changed_at, position)


async def next_rejudgement(connection: Connection) -> Rejudgement | None:
    row = await connection.fetchrow(
        "select department, changed_at, position, after from rejudgements order by changed_at limit 1"
        " for update skip locked"
    )
    return Rejudgement(**dict(row)) if row else None


async def tickets_of(connection: Connection, rejudgement: Rejudgement, limit: int) -> list[UUID]:
    """The next tickets, by id, that have ever been in the department and waited at or after the change."""
    rows = await connection.fetch(
        _TICKETS, rejudgement.department, rejudgement.after or UUID(int=0), rejudgement.changed_at, limit
    )
    return [row["ticket"] for row in rows]


async def advance_rejudgement(connection: Connection, department: UUID, after: UUID | None) -> None:
    """Up to a ticket; None is all of them."""
    if after is None:
        await connection.execute("delete from rejudgements where department = $1", department)
    else:
        await connection.execute("update rejudgements set after = $2 where department = $1", department, after)


async def earliest_rejudgement(pool: asyncpg.Pool) -> datetime | None:
    instant: datetime | None = await pool.fetchval("select min(changed_at) from rejudgements")
    return instant


async def envelope_at(connection: Connection, position: int) -> str:
    """The event that was stored there, as JSON."""
    stored: str = await connection.fetchval("select envelope from log where position = $1", position)
    return stored


_REQUEST = """
insert into rejudgements (department, changed_at, position) values ($1, $2, $3)
on conflict (department) do update
   set changed_at = least(rejudgements.changed_at, excluded.changed_at), position = excluded.position, after = null
"""
_TICKETS = """
with waiting as (
    (select ticket from waits where until is null and ticket > $2
        and exists (select from placements p where p.department = $1 and p.ticket = waits.ticket)
      order by ticket limit $4)
    union
    (select ticket from waits where until >= $3 and ticket > $2
        and exists (select from placements p where p.department = $1 and p.ticket = waits.ticket)
      order by ticket limit $4)
)
select ticket from waiting order by ticket limit $4
"""
