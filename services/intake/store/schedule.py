"""When something happens to tickets by time alone, for all of them at once: after a change of the settings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Log
from services.intake.domain.ticket import Ticket

NOBODY = UUID(int=0)
"""Before every id."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    id: UUID
    version: int
    ticket: Ticket
    due_at: datetime | None


async def settings_in_force(pool: asyncpg.Pool) -> str | None:
    settings: str | None = await pool.fetchval("select settings from auto_close_schedule")
    return settings


async def put_in_force(pool: asyncpg.Pool, settings: str) -> None:
    await pool.execute(
        "insert into auto_close_schedule (settings) values ($1) on conflict (only_row) do update set settings = $1",
        settings,
    )


async def answered(pool: asyncpg.Pool, after: UUID, limit: int) -> list[Scheduled]:
    """Tickets whose client has been answered and has not written since, by id."""
    return [
        Scheduled(row["id"], row["version"], Ticket.model_validate_json(row["state"]), row["due_at"])
        for row in await pool.fetch(_ANSWERED, after, limit)
    ]


async def reschedule(log: Log, scheduled: Scheduled, due_at: datetime | None) -> None:
    """Unless the ticket was changed meanwhile; not for a time that has passed, for others know all up to now.

    The transaction has its id before the log's clock is read: a promise to be complete waits for it, or is seen by it.
    """
    async with log.pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_current_xact_id()")
        await connection.execute(_RESCHEDULE, scheduled.id, scheduled.version, due_at, log.injected_now())


_ANSWERED = """
select id, version, state, due_at from entities
 where kind = 'ticket' and id > $1 and state ->> 'answered_at' is not null
 order by id limit $2
"""
_RESCHEDULE = """
update entities set due_at = case when $3::timestamptz is not null
    then greatest($3::timestamptz, coalesce($4::timestamptz, log_now())) end
 where id = $1 and version = $2
"""
