"""Judging a ticket: which department has it, and what it weighs.

A ticket's department is decided once for each category that it is given, by the organisation as it is then. Its points
are a function of the events and their instants, whatever the order in which they became known: the rules are those in
force when it was opened, the account is as it is while the client waits, and as it was when the wait ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.routing import DepartmentDecided, TicketWeighed
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import Account, Rule, weigh


class Judged(BaseModel):
    """What has been decided on a ticket so far, and when."""

    model_config = ConfigDict(frozen=True)

    department: DepartmentDecided | None = None
    department_decided_at: AwareDatetime | None = None
    weight: TicketWeighed | None = None
    weighed_at: AwareDatetime | None = None

    def is_to_be_routed(self, ticket: Ticket) -> bool:
        """Even if the department is the same again: intake no longer listens to what was decided on the category before."""
        return self.department is None or self.department.judged_version < ticket.categorised


@dataclass(frozen=True, slots=True)
class Case:
    """All that a ticket is judged by. No department when its category is unknown or points to a disabled one."""

    ticket: Ticket
    account: Account | None
    rules: Sequence[Rule]
    department_id: UUID | None


def judge(judged: Judged, case: Case) -> list[EventData]:
    """What is to be decided now; nothing when it all has been decided so already."""
    events: list[EventData] = []
    department_id = _department(judged, case)
    if department_id is not None and judged.is_to_be_routed(case.ticket):
        events.append(DepartmentDecided(department_id=department_id, judged_version=case.ticket.version))
    weighed = _weighed(case)
    if judged.weight is None or judged.weight.breakdown != weighed.breakdown:
        events.append(weighed)
    return events


def evolve(judged: Judged, data: EventData, time: datetime) -> Judged:
    match data:
        case DepartmentDecided():
            return judged.model_copy(update={"department": data, "department_decided_at": time})
        case TicketWeighed():
            return judged.model_copy(update={"weight": data, "weighed_at": time})
    return judged


def _department(judged: Judged, case: Case) -> UUID | None:
    """A ticket whose new category leads nowhere stays where it was decided to be."""
    return case.department_id or (judged.department.department_id if judged.department else None)


def _weighed(case: Case) -> TicketWeighed:
    breakdown = weigh(case.rules, case.ticket, case.account)
    return TicketWeighed(
        points=sum(part.points for part in breakdown),
        breakdown=breakdown,
        judged_version=case.ticket.version,
        account_version=case.account.version if case.account else None,
    )
