"""Runs in which open tickets are judged again: how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.envelope import Cause
from libs.events.projection import Connection


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A run. `done` of `total` tickets have been looked at, and on `changed` of them something was decided."""

    id: UUID
    actor: str
    on_behalf_of: str | None
    correlation: str
    traceparent: str | None
    requested_at: datetime
    rules_of: datetime
    total: int
    done: int
    changed: int
    after: UUID
    state: str
    finished_at: datetime | None


async def request(pool: asyncpg.Pool, run: UUID, key: str, cause: Cause, now: datetime) -> Rejudgement | None:
    """The new run, or the one that was asked for with this key before; None while another one is going on."""
    row = await pool.fetchrow(
        _REQUEST, run, key, cause.actor, cause.on_behalf_of, cause.correlation, cause.traceparent, now
    )
    row = row or await pool.fetchrow(f"select {_COLUMNS} from rejudgements where key = $1", key)  # noqa: S608 - columns
    return Rejudgement(**dict(row)) if row else None


async def find(pool: asyncpg.Pool, run: UUID) -> Rejudgement | None:
    row = await pool.fetchrow(f"select {_COLUMNS} from rejudgements where id = $1", run)  # noqa: S608 - columns
    return Rejudgement(**dict(row)) if row else None


async def newest(pool: asyncpg.Pool, limit: int) -> list[Rejudgement]:
    rows = await pool.fetch(
        f"select {_COLUMNS} from rejudgements order by requested_at desc, id desc limit $1",  # noqa: S608 - columns
        limit,
    )
    return [Rejudgement(**dict(row)) for row in rows]


async def stop(pool: asyncpg.Pool, run: UUID, now: datetime) -> None:
    """Nothing if it has come to its end already."""
    await pool.execute(
        "update rejudgements set state = 'stopped', finished_at = $2 where id = $1 and state = 'running'", run, now
    )


async def next_one(connection: Connection) -> Rejudgement | None:
    """The run that is going on, unless another process is at it; held until the transaction ends."""
    row = await connection.fetchrow(
        f"select {_COLUMNS} from rejudgements where state = 'running' for update skip locked"  # noqa: S608 - columns
    )
    return Rejudgement(**dict(row)) if row else None


async def tickets_of(connection: Connection, run: Rejudgement, limit: int) -> list[UUID]:
    """The next open tickets that were opened before it was asked for; from now on they are weighed by the rules of then."""
    rows = await connection.fetch(_TICKETS, run.after, run.rules_of, limit)
    return sorted(row["ticket"] for row in rows)


async def advance(
    connection: Connection, run: Rejudgement, judged: Sequence[UUID], changed: int, now: datetime
) -> None:
    """Past these tickets; to the end when there were none."""
    if judged:
        await connection.execute(
            "update rejudgements set after = $2, done = done + $3, changed = changed + $4 where id = $1",
            run.id,
            judged[-1],
            len(judged),
            changed,
        )
    else:
        await connection.execute("update rejudgements set state = 'done', finished_at = $2 where id = $1", run.id, now)


async def forget(connection: Connection, tickets: Sequence[UUID]) -> None:
    """What is kept of tickets that are deleted."""
    await connection.execute("delete from rejudged where ticket = any($1)", tickets)
    await connection.execute("delete from turns where ticket = any($1)", tickets)


_COLUMNS = """id, actor, on_behalf_of, correlation, traceparent, requested_at, rules_of, total, done, changed, after, state,
       finished_at"""
_REQUEST = f"""
insert into rejudgements (id, key, actor, on_behalf_of, correlation, traceparent, requested_at, rules_of, total)
select $1, $2, $3, $4, $5, $6, $7, $7, (select count(*) from tickets where is_open and opened_at < $7)
on conflict do nothing returning {_COLUMNS}
"""  # noqa: S608 - columns
_TICKETS = """
insert into rejudged (ticket, rules_of)
select id, $2 from tickets where is_open and opened_at < $2 and id > $1 order by id limit $3
on conflict (ticket) do update set rules_of = excluded.rules_of
returning ticket
"""
