"""The sequence of changes that viewers are told."""

from dataclasses import dataclass

import asyncpg

from services.query.domain.changes import Place, Where


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is ticket, gone, refresh or rights, as in consumers/changes.py; the latter two are of no ticket.

    `before` is where the ticket was, if it was to be seen; `account` whose clients are to know.
    """

    seq: int
    kind: str
    ticket: str
    account: str | None
    before: Where | None


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
    return [_change(row) for row in rows if row["seq"] is not None]


def _change(row: asyncpg.Record) -> Change:
    before = Where(row["department_before"], row["responsible_before"]) if row["was_seen"] else None
    return Change(row["seq"], row["kind"], row["ticket"] or "", row["account"], before)


async def reach_back_to(pool: asyncpg.Pool, place: Place) -> bool:
    """Whether all changes after a place are still known."""
    known: bool = await pool.fetchval("select exists (select from changes where seq <= $1)", place.seq + 1)
    return known


_SINCE = """
select g.id as generation, c.seq, c.kind, c.ticket_id::text as ticket, c.account_id::text as account,
       c.was_seen, c.department_before, c.responsible_before
  from generation g left join (select * from changes where seq > $1 order by seq limit $2) c on true
 order by c.seq
"""
