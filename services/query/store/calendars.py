"""Open hours around an instant."""

from datetime import datetime
from uuid import UUID

import asyncpg

from libs.worktime import to_instant, to_micros

OpenHours = tuple[UUID, list[datetime], list[datetime]]
"""A department, when it opens, and when it closes each time."""


async def now(pool: asyncpg.Pool) -> datetime:
    found: datetime = await pool.fetchval("select now()")
    return found


async def between(pool: asyncpg.Pool, since: datetime, until: datetime) -> list[OpenHours]:
    """Of all departments that have hours, by the version in force."""
    found = await pool.fetch(_BETWEEN, to_micros(since), to_micros(until))
    return [(row["department_id"], _instants(row["opens"]), _instants(row["closes"])) for row in found]


def _instants(micros: list[int]) -> list[datetime]:
    return [to_instant(one) for one in micros]


# The left join keeps a department that is closed all the time.
_BETWEEN = """
with latest as (
    select department_id, max(version) as version from segments group by department_id
)
select l.department_id,
       coalesce(array_agg(greatest(s.opens, $1) order by s.opens) filter (where s.opens is not null), '{}') as opens,
       coalesce(array_agg(least(s.closes, $2) order by s.opens) filter (where s.opens is not null), '{}') as closes
  from latest l
  left join segments s on s.department_id = l.department_id and s.version = l.version and s.opens < $2 and s.closes > $1
 group by l.department_id order by l.department_id
"""
