"""Where a ticket belongs: its department and who is responsible."""

from uuid import UUID

from libs.events.catalogue.intake import TicketAssigned, TicketRouted
from services.intake.domain.turn import Change, Turn


def assign(turn: Turn, responsible: UUID | None) -> Change:
    if turn.ticket.responsible_id != responsible:
        turn.add(TicketAssigned(responsible_id=responsible))
    return turn.done()


def adopt(turn: Turn, department: UUID, responsible: UUID | None, judged_version: int, decision: UUID) -> Change:
    """Follow routing's decision, unless a person has chosen the department since the version it judged."""
    is_outdated = judged_version < turn.ticket.routed_by_hand
    is_there_already = turn.ticket.department_id == department and responsible is None
    if not is_outdated and not is_there_already:
        turn.add(TicketRouted(department_id=department, responsible_id=responsible, decision_id=decision))
    return turn.done()
