"""Up to when the past is final."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True, slots=True)
class Standing:
    """The present instant, and that up to which nothing can be added to the past any more; None while it is not known."""

    now: datetime
    complete: datetime | None

    def is_final(self, then: datetime) -> bool:
        return self.complete is not None and then <= self.complete


async def standing(pool: asyncpg.Pool, now: datetime | None = None) -> Standing:
    """As it is before whatever is read after it; `now` replaces PostgreSQL's clock."""
    row = await pool.fetchrow(_STANDING, now)
    assert row is not None
    return Standing(row["now"], row["complete"])


# What is parked was not folded, whatever the markers say.
_STANDING = """
select coalesce($1::timestamptz, statement_timestamp()) as now,
       case when count(i.source) = count(*) and not exists (select from parked) then min(i.instant) end as complete
  from checkpoints c left join completeness i on i.source = c.source
"""
