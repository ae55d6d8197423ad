"""The sequence of changes that viewers are told."""

from dataclasses import dataclass

import asyncpg

from services.query.domain.changes import Place


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is ticket, gone or refresh, as in consumers/changes.py; a refresh is of no ticket."""

    seq: int
    kind: str
    ticket: str
    account: str | None


async def end(pool: asyncpg.Pool) -> Place:
    """The last change; generation 0 while there is no projection yet."""
    try:
        row = await pool.fetchrow("select id, (select coalesce(max(seq), 0) from changes) as seq from generation")
    except asyncpg.UndefinedTableError:
        return Place(0, 0)
    return Place(row["id"], row["seq"]) if row else Place(0, 0)


async def since(pool: asyncpg.Pool, place: Place, limit: int) -> list[Change] | None:
    """The changes after a place in their order; None when the projection has been built anew."""
    rows = await pool.fetch(_SINCE, place.seq, limit)
    if not rows or rows[0]["generation"] != place.generation:
        return None
    return [
        Change(row["seq"], row["kind"], row["ticket"] or "", row["account"]) for row in rows if row["seq"] is not None
    ]


async def reach_back_to(pool: asyncpg.Pool, place: Place) -> bool:
    """Whether all changes after a place are still known."""
    known: bool = await pool.fetchval("select exists (select from changes where seq <= $1)", place.seq + 1)
    return known


_SINCE = """
select g.id as generation, c.seq, c.kind, c.ticket_id::text as ticket, c.account_id::text as account
  from generation g left join (select * from changes where seq > $1 order by seq limit $2) c on true
 order by c.seq
"""
