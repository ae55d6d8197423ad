"""Who of those on duty becomes responsible."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from libs.events.catalogue.routing import DepartmentFacts, Responsible, ResponsibleBy
from services.routing.domain.circumstances import Circumstances

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enabled administrator, with how many open tickets they have, and when a rule last gave them one."""

    id: UUID
    open_tickets: int = 0
    last_turn: datetime | None = None


def eligible(
    responsible: Responsible | None, department: DepartmentFacts | None, asked: Circumstances
) -> Collection[UUID]:
    """Who may become responsible if they are enabled. Members are on duty while their department is open.

    `asked` knows the department. Of hours that are not known it is taken for open.
    """
    if responsible is None:
        return ()
    if responsible.by is ResponsibleBy.FIXED:
        return [responsible.administrator_id] if responsible.administrator_id else []
    hours = asked.hours_of(None)
    is_closed = hours is not None and hours.is_open(asked.at) is False
    return [] if department is None or is_closed else department.member_ids


def choose(
    responsible: Responsible | None, candidates: Collection[Candidate], present: UUID | None = None
) -> UUID | None:
    """One of them; nobody when there is none. Whoever of them is responsible already (`present`) stays so."""
    if responsible is None or not candidates:
        return None
    if present in {one.id for one in candidates}:
        return present
    if responsible.by is ResponsibleBy.ROUND_ROBIN:
        return min(candidates, key=lambda one: (one.last_turn or _NEVER, one.id)).id
    return min(candidates, key=lambda one: (one.open_tickets, one.id)).id
