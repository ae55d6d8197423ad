"""Waits for an answer, as they came."""

from datetime import datetime
from uuid import UUID

import asyncpg

PastWait = tuple[UUID, datetime]
"""A ticket, and since when somebody waited."""
FIRST = UUID(int=0)


async def count(pool: asyncpg.Pool, since: datetime) -> int:
    found: int = await pool.fetchval("select count(*) from waits where clock = 'answer' and since >= $1", since)
    return found


async def page(pool: asyncpg.Pool, after: PastWait, limit: int) -> list[PastWait]:
    """The next ones after this, by their beginning."""
    rows = await pool.fetch(_PAGE, after[1], after[0], limit)
    return [(row["ticket"], row["since"]) for row in rows]


_PAGE = """
select ticket, since from waits
 where clock = 'answer' and (since, ticket) > ($1, $2)
 order by since, ticket limit $3
"""
