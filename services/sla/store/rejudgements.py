"""Departments whose waiting tickets are to be judged again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.projection import Connection


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A department's waiting tickets are to be judged again, from the ticket `after` on."""

    department: UUID
    changed_at: datetime
    position: int
    after: UUID | None


async def request(connection: Connection, department: UUID, position: int) -> None:
    """Because of the change that was just appended at this position; begins anew if one was under way."""
    await connection.execute(_REQUEST, department, position)


async def request_all(connection: Connection, position: int) -> None:
    """The same for every department that has, or ever had, a ticket."""
    await connection.execute(_REQUEST_ALL, position)


async def next_one(connection: Connection) -> Rejudgement | None:
    row = await connection.fetchrow(
        "select department, changed_at, position, after from rejudgements order by changed_at limit 1"
        " for update skip locked"
    )
    return Rejudgement(**dict(row)) if row else None


async def tickets_of(connection: Connection, rejudgement: Rejudgement, clocks: Sequence[str], limit: int) -> list[UUID]:
    """The next tickets, by id, that have ever been in the department and waited, for these, at or after the change."""
    after = rejudgement.after or UUID(int=0)
    rows = await connection.fetch(_TICKETS, rejudgement.department, after, rejudgement.changed_at, limit, clocks)
    return [row["ticket"] for row in rows]


async def advance(connection: Connection, department: UUID, after: UUID | None) -> None:
    """Up to a ticket; None is all of them."""
    if after is None:
        await connection.execute("delete from rejudgements where department = $1", department)
    else:
        await connection.execute("update rejudgements set after = $2 where department = $1", department, after)


async def earliest(pool: asyncpg.Pool) -> datetime | None:
    instant: datetime | None = await pool.fetchval("select min(changed_at) from rejudgements")
    return instant


async def envelope_at(connection: Connection, position: int) -> str:
    """The event that was stored there, as JSON."""
    stored: str = await connection.fetchval("select envelope from log where position = $1", position)
    return stored


_REQUEST = """
insert into rejudgements (department, changed_at, position) select $1, time, position from log where position = $2
on conflict (department) do update
   set changed_at = least(rejudgements.changed_at, excluded.changed_at), position = excluded.position, after = null
"""
# One descent of the index for each department, however many tickets there are.
_REQUEST_ALL = """
with recursive placed as (
    (select department from placements order by department limit 1)
    union all
    select (select p.department from placements p where p.department > placed.department order by p.department limit 1)
      from placed where placed.department is not null)
insert into rejudgements (department, changed_at, position)
select placed.department, log.time, log.position from placed cross join log
 where placed.department is not null and log.position = $1
on conflict (department) do update
   set changed_at = least(rejudgements.changed_at, excluded.changed_at), position = excluded.position, after = null
"""
_TICKETS = """
with waiting as (
    (select distinct ticket from waits where clock = any($5) and until is null and ticket > $2
        and exists (select from placements p where p.department = $1 and p.ticket = waits.ticket)
      order by ticket limit $4)
    union
    (select distinct ticket from waits where clock = any($5) and until >= $3 and ticket > $2
        and exists (select from placements p where p.department = $1 and p.ticket = waits.ticket)
      order by ticket limit $4)
)
select ticket from waiting order by ticket limit $4
"""
