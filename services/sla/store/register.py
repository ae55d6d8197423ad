"""What sla keeps of the others' facts: departments, waits and placements."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from libs.events.log import Executor
from libs.events.projection import Connection


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


async def has_department(executor: Executor, department: UUID) -> bool:
    known: bool = await executor.fetchval("select exists (select from departments where id = $1)", department)
    return known


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
