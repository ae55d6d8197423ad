"""Who may become responsible, and whose turn it was."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from libs.events.projection import Connection
from services.routing.domain.duty import Candidate

UNADOPTED = timedelta(minutes=5)
"""For so long a ticket counts for whom a rule gave it to, though intake has not said so yet."""


async def candidates(
    connection: Connection, department: UUID, administrators: Collection[UUID], now: datetime
) -> list[Candidate]:
    """Those of them who are enabled."""
    rows = await connection.fetch(_CANDIDATES, list(administrators), department, now - UNADOPTED)
    return [Candidate(row["id"], row["open_tickets"], row["last_turn"]) for row in rows]


async def note_turn(connection: Connection, ticket: UUID, department: UUID, administrator: UUID, now: datetime) -> None:
    await connection.execute(_NOTE, ticket, department, administrator, now, now - UNADOPTED)


_CANDIDATES = """
select s.id,
       (select count(*) from tickets t where t.responsible_id = s.id and t.is_open)
     + (select count(*) from turns u join tickets t on t.id = u.ticket
         where u.administrator = s.id and u.at > $3 and t.is_open and t.responsible_id is null) as open_tickets,
       (select max(u.at) from turns u where u.department = $2 and u.administrator = s.id) as last_turn
  from staff s where s.id = any($1) and s.enabled
"""
# Of older turns only the last is asked for, so the others may go; there are never many.
_NOTE = """
with older as (
    delete from turns where department = $2 and administrator = $3 and at < $5)
insert into turns (ticket, department, administrator, at) values ($1, $2, $3, $4)
on conflict (ticket) do update set department = $2, administrator = $3, at = $4
"""
