"""Judging a ticket: which department has it, and what it weighs.

A ticket's department, and what else the submission rules say, is decided once for each category that it is given, by the
organisation as it is then. Its points are a function of the events and their instants, whatever the order in which they
became known: the rules are those in force when it was opened, the account is as it is while the client waits, and as it was
when the wait ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.routing import DepartmentDecided, TicketWeighed
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.duty import Candidate, choose
from services.routing.domain.submission import Routed, SubmissionRule, route
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import WeightRule, weigh


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
    """All that a ticket is judged by. `asked` is as of its category, and knows that one's department, if it is enabled."""

    asked: Circumstances
    weight_rules: Sequence[WeightRule] = ()
    submission_rules: Sequence[SubmissionRule] = ()
    enabled: Collection[UUID] = ()
    """The departments that are given tickets."""
    is_again: bool = False
    """Somebody asks for it to be judged by the rules of today, though it has been."""

    @property
    def ticket(self) -> Ticket:
        return self.asked.ticket


def routing_of(judged: Judged, case: Case) -> Routed | None:
    """What the submission rules say; None when nothing is to be decided, or not yet."""
    if not case.is_again and not judged.is_to_be_routed(case.ticket):
        return None
    routed = route(case.submission_rules, case.asked, case.enabled)
    if routed.department_id is None and judged.department:
        routed.department_id = judged.department.department_id  # its new category leads nowhere: it stays
    return None if routed.is_unsure or routed.department_id is None else routed


def judge(
    judged: Judged, case: Case, routed: Routed | None = None, candidates: Collection[Candidate] = ()
) -> list[EventData]:
    """What is to be decided now; nothing when it all has been decided so already.

    `candidates` are those who may be made responsible by what was `routed`.
    """
    events: list[EventData] = []
    if routed and (decided := _decided(case.ticket, routed, candidates)):
        is_news = judged.is_to_be_routed(case.ticket) or not _says_the_same(judged.department, decided)
        events += [decided] if is_news else []
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


def _decided(ticket: Ticket, routed: Routed, candidates: Collection[Candidate]) -> DepartmentDecided | None:
    if routed.department_id is None:
        return None
    present = ticket.responsible_id if ticket.department_id == routed.department_id else None
    has_rules = routed.applied or routed.passed
    return DepartmentDecided(
        department_id=routed.department_id,
        responsible_id=choose(routed.responsible, candidates, present),
        judged_version=ticket.version,
        urgency=routed.urgency,
        tags=routed.tags,
        explanation=routed.explanation() if has_rules else None,
    )


def _says_the_same(before: DepartmentDecided | None, now: DepartmentDecided) -> bool:
    """Why does not matter; nor who is responsible if nobody is to be."""
    if before is None:
        return False
    said, says = ((one.department_id, one.urgency, one.tags) for one in (before, now))
    return said == says and now.responsible_id in {None, before.responsible_id}


def _weighed(case: Case) -> TicketWeighed:
    # By when it was opened, and not by a department: both stay, whatever becomes of the ticket.
    asked = replace(case.asked, at=case.ticket.opened_at, department_id=None)
    breakdown = weigh(case.weight_rules, asked)
    return TicketWeighed(
        points=sum(part.points for part in breakdown),
        breakdown=breakdown,
        judged_version=case.ticket.version,
        account_version=asked.account.version if asked.account else None,
    )
