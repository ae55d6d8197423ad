"""What is known of people, teams and tickets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor
from services.notify.domain.recipients import Placed, Team


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be told. `enabled` is false for a client whose account is not, too."""

    id: UUID
    kind: str
    name: str
    email: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    id: UUID
    number: int
    subject: str
    urgency: str
    closed: bool
    language: str | None
    said: str
    project: UUID | None
    project_name: str | None
    department_name: str | None
    department_language: str | None
    due_at: datetime | None


async def person(executor: Executor, who: UUID) -> Person | None:
    row = await executor.fetchrow(_PERSON, who)
    return Person(**dict(row)) if row else None


async def ticket(executor: Executor, which: UUID) -> Ticket | None:
    row = await executor.fetchrow(_TICKET, which)
    return Ticket(**dict(row)) if row else None


async def placed(executor: Executor, tickets: Collection[UUID]) -> dict[UUID, Placed]:
    rows = await executor.fetch(
        "select id, user_id, department, responsible from tickets where id = any($1)", list(tickets)
    )
    return {row["id"]: Placed(row["user_id"], row["department"], row["responsible"]) for row in rows}


async def teams(executor: Executor, departments: Collection[UUID]) -> dict[UUID, Team]:
    rows = await executor.fetch(
        "select id, head_id, member_ids from staff_departments where id = any($1)", list(departments)
    )
    return {row["id"]: Team(row["head_id"], row["member_ids"]) for row in rows}


async def staff_language(executor: Executor, who: UUID) -> str | None:
    """That of a team that the administrator belongs to."""
    language: str | None = await executor.fetchval(
        "select d.language from staff_departments s join departments d on d.id = s.id"
        " where $1 = any(s.member_ids) or s.head_id = $1 order by d.id limit 1",
        who,
    )
    return language


async def projects(executor: Executor, which: Collection[UUID]) -> set[UUID]:
    """Those of them that are known here."""
    return {row["id"] for row in await executor.fetch("select id from projects where id = any($1)", list(which))}


async def project_name(executor: Executor, project: UUID) -> str | None:
    name: str | None = await executor.fetchval("select name from projects where id = $1", project)
    return name


_PERSON = """
select p.id, p.kind, p.name, p.email, p.enabled and coalesce(a.enabled, true) as enabled
  from people p left join accounts a on a.id = p.account
 where p.id = $1
"""
_TICKET = """
select t.id, t.number, t.subject, t.urgency, t.closed, t.language, t.said, t.project, p.name as project_name,
       d.name as department_name, d.language as department_language, due.due_at
  from tickets t
  left join projects p on p.id = t.project
  left join departments d on d.id = t.department
  left join deadlines due on due.ticket = t.id
 where t.id = $1
"""
