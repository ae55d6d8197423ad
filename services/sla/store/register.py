"""What sla keeps of the others' facts: departments, waits and placements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from libs.events.catalogue.routing import CategoryFacts
from libs.events.log import Executor
from libs.events.projection import Connection


class Begun(NamedTuple):
    ticket: UUID
    clock: str
    since: datetime
    version: int


class Ended(NamedTuple):
    ticket: UUID
    clock: str
    at: datetime
    version: int


class Placed(NamedTuple):
    ticket: UUID
    since: datetime
    version: int
    department: UUID


class Told(NamedTuple):
    """What intake told of a ticket."""

    ticket: UUID
    since: datetime
    version: int
    urgency: str | None
    project: UUID | None
    tells_project: bool


class AccountTold(NamedTuple):
    account: UUID
    since: datetime
    version: int
    attitude: str
    group: UUID | None
    project: UUID | None
    product_types: str
    """As a JSON array: rows go to PostgreSQL as columns, and an array of arrays would be one of two dimensions there."""


async def keep_department(connection: Connection, department: UUID, name: str) -> None:
    await connection.execute(
        "insert into departments (id, name) values ($1, $2) on conflict (id) do update set name = $2", department, name
    )


async def has_department(executor: Executor, department: UUID) -> bool:
    known: bool = await executor.fetchval("select exists (select from departments where id = $1)", department)
    return known


async def keep_waits(connection: Connection, begun: Collection[Begun], ended: Collection[Ended]) -> None:
    """A wait that begun already stays as it is; an end is one of the wait that was begun last before it.

    Waits are known by their beginning. One that was over at that very instant, when another began, gives way to the latter.
    """
    if ended:
        await connection.execute(_END, *_columns(ended))
    if begun:
        await connection.execute(_BEGIN, *_columns(list(_lasting(begun, ended))))
    if begun and ended:
        await connection.execute(_END, *_columns(ended))


def _lasting(begun: Iterable[Begun], ended: Iterable[Ended]) -> Iterator[Begun]:
    """One of each beginning: the first that did not come to an end before another of the same instant."""
    ends: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    for end in ended:
        ends[end.ticket, end.clock].append(end.version)
    lasting: dict[tuple[UUID, str, datetime], Begun] = {}
    for one in sorted(begun, key=lambda one: one.version):
        former = lasting.get(one[:3])
        if former is None or any(former.version < end < one.version for end in ends[one[:2]]):
            lasting[one[:3]] = one
    yield from lasting.values()


async def keep_placements(connection: Connection, placed: Collection[Placed]) -> None:
    if placed:
        await connection.execute(_PLACE, *_columns(placed))


async def keep_traits(connection: Connection, told: Collection[Told]) -> None:
    if told:
        await connection.execute(_TELL, *_columns(told))


async def keep_ticket_accounts(connection: Connection, accounts: Mapping[UUID, UUID]) -> None:
    if accounts:
        await connection.execute(_BELONG, list(accounts), list(accounts.values()))


async def keep_accounts(connection: Connection, told: Collection[AccountTold]) -> None:
    if told:
        await connection.execute(_TELL_ACCOUNT, *_columns(told))


async def forget_accounts(connection: Connection, accounts: Collection[UUID]) -> None:
    if accounts:
        await connection.execute("delete from account_versions where account = any($1)", list(accounts))


async def keep_named(connection: Connection, entity: UUID, kind: str) -> None:
    await connection.execute("insert into named values ($1, $2) on conflict do nothing", entity, kind)


async def keep_category(connection: Connection, category: UUID, facts: CategoryFacts) -> None:
    await connection.execute(
        "insert into categories (id, department, project, product_types, enabled) values ($1, $2, $3, $4, $5)"
        " on conflict (id) do update set department = $2, project = $3, product_types = $4, enabled = $5",
        category,
        facts.default_department_id,
        facts.project_id,
        facts.product_types,
        facts.enabled,
    )


async def unknown(executor: Executor, table: Literal["departments", "named"], ids: Collection[UUID]) -> set[UUID]:
    rows = await executor.fetch(f"select id from {table} where id = any($1)", list(ids))  # noqa: S608 - one of two names
    return set(ids) - {row["id"] for row in rows}


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


_BEGIN = """
insert into waits (ticket, clock, since, begun)
select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::integer[])
on conflict (ticket, clock, since) do update set begun = excluded.begun, until = null where waits.until = waits.since
"""
_END = """
with ended as (
    select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::integer[]) as e(ticket, clock, at, version))
update waits w
   set until = (select at from ended e
                 where e.ticket = w.ticket and e.clock = w.clock and e.version > w.begun order by e.version limit 1)
 where w.until is null
   and exists (select from ended e where e.ticket = w.ticket and e.clock = w.clock and e.version > w.begun)
"""
_PLACE = """
insert into placements (ticket, since, version, department)
select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::uuid[])
on conflict do nothing
"""
_TELL = """
insert into traits (ticket, since, version, urgency, project, tells_project)
select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::text[], $5::uuid[], $6::boolean[])
on conflict do nothing
"""
_BELONG = """
insert into ticket_accounts (ticket, account) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing
"""
_TELL_ACCOUNT = """
insert into account_versions (account, since, version, attitude, group_id, project, product_types)
select account, since, version, attitude, group_id, project, array(select jsonb_array_elements_text(types::jsonb))
  from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::text[], $5::uuid[], $6::uuid[], $7::text[])
       as told(account, since, version, attitude, group_id, project, types)
on conflict do nothing
"""
