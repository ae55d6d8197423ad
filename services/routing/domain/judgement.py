"""Judging a ticket: which department has it, and what it weighs.

A ticket's department is decided once, by the organisation as it is then. Its points are a function of the events and
their instants, whatever the order in which they became known: the rules are those in force when it was opened, the
account is as it is while the client waits, and as it was when the wait ended.
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
    if judged.department is None and case.department_id is not None:
        events.append(DepartmentDecided(department_id=case.department_id, judged_version=case.ticket.version))
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


def _weighed(case: Case) -> TicketWeighed:
    breakdown = weigh(case.rules, case.ticket, case.account)
    return TicketWeighed(
        points=sum(part.points for part in breakdown),
        breakdown=breakdown,
        judged_version=case.ticket.version,
        account_version=case.account.version if case.account else None,
    )
