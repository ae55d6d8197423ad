"""The sequence of changes that viewers are told, and all that is read with it: at one moment, so that it fits together."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from libs.events.log import Executor
from services.query.domain.changes import Place
from services.query.domain.membership import Facts
from services.query.store import tickets
from services.query.store.rows import ADMINISTRATORS_COLUMNS


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is ticket, gone, refresh or rights, as in consumers/changes.py; the latter two are of no ticket.

    `before` is how the ticket was, if it was to be seen; `account` whose clients are to know.
    """

    seq: int
    kind: str
    ticket: str
    account: str | None
    before: Facts | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether there is anything to tell: which changes there are, from `first` to `last`; whether a deadline has passed."""

    generation: int
    first: int
    last: int
    at: datetime
    views: int
    """Counts the changes of named views."""
    is_due: bool

    @property
    def place(self) -> Place:
        return Place(self.generation, self.last)

    def reaches_back_to(self, place: Place) -> bool:
        """Whether all changes after a place are still known."""
        return self.generation == place.generation and self.first <= place.seq + 1 and place.seq <= self.last


async def outlook(executor: Executor, now: datetime | None, since: datetime | None = None) -> Outlook | None:
    """None while there is no projection yet. `is_due` is about deadlines since an instant, if one is given."""
    try:
        row = await executor.fetchrow(_OUTLOOK, now, since)
    except asyncpg.UndefinedTableError:
        return None
    return Outlook(**dict(row)) if row else None


class Reading:
    """What is read at one moment, `at`."""

    def __init__(self, connection: Executor, outlook: Outlook) -> None:
        self.executor: Executor = connection
        self.outlook = outlook

    async def changes(self, place: Place, limit: int) -> list[Change]:
        """Those after a place, in their order."""
        rows = await self.executor.fetch(_CHANGES, place.seq, limit)
        return [_change(row) for row in rows]

    async def due(self, since: datetime) -> list[str]:
        """Tickets whose deadline has passed since, in that order."""
        return [row["id"] for row in await self.executor.fetch(_DUE, since, self.outlook.at)]

    async def rows(self, ids: Sequence[str]) -> list[asyncpg.Record]:
        """Tickets as the list shows them, with what else membership depends on; not those whose opening is not known."""
        return await self.executor.fetch(_ROWS, self.outlook.at, ids) if ids else []

    async def clients_rows(self, ids: Sequence[str]) -> dict[str, str]:
        return await tickets.clients_rows(self.executor, ids)


@asynccontextmanager
async def reading(pool: asyncpg.Pool, now: datetime | None) -> AsyncIterator[Reading | None]:
    """A few short statements on one snapshot; None while there is no projection."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        found = await outlook(connection, now)
        yield Reading(connection, found) if found else None


def distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _change(row: asyncpg.Record) -> Change:
    before = row["before"] and Facts.of_json(row["before"])
    return Change(row["seq"], row["kind"], row["ticket"] or "", row["account"], before)


_OUTLOOK = """
select g.id as generation, coalesce((select min(seq) from changes), 0) as first,
       coalesce((select max(seq) from changes), 0) as last, now.at, (select seen from view_changes) as views,
       exists (select from tickets where state = 'active' and deadline_at >= $2 and deadline_at < now.at) as is_due
  from generation g, (select coalesce($1::timestamptz, statement_timestamp()) as at) now
"""
_CHANGES = """
select seq, kind, ticket_id::text as ticket, account_id::text as account, before
  from changes where seq > $1 order by seq limit $2
"""
# The same strictness as the list's: at its deadline a ticket is not overdue yet.
_DUE = """
select id::text as id from tickets where state = 'active' and deadline_at >= $1 and deadline_at < $2 order by deadline_at
"""
_ROWS = f"""
select $1::timestamptz as as_of, {ADMINISTRATORS_COLUMNS}, t.attitude, t.group_id::text as group_id
  from tickets t where t.state is not null and t.id = any($2::uuid[])
"""  # noqa: S608 - our own expressions
