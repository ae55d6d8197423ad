"""What a ticket is about, which department has it and who is responsible: by hand, and by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.catalogue.intake import (
    Property,
    TicketAssigned,
    TicketEdited,
    TicketRouted,
    TicketTransferred,
    UnblockReason,
)
from libs.events.catalogue.routing import DepartmentDecided
from libs.service.problems import Invalid
from libs.service.rights import Right, Staff
from services.intake.domain.ticket import MOST_TAGS, ByHand, Ticket
from services.intake.domain.turn import Change, Turn


def properties_of(ticket: Ticket, subject: str | None) -> dict[Property, Any]:
    """What can be edited of a ticket, as it is; its state knows all but the subject."""
    return {
        Property.SUBJECT: subject,
        Property.CATEGORY: ticket.category_id,
        Property.URGENCY: ticket.urgency,
        Property.PROJECT: ticket.project_id,
        Property.TAGS: list(ticket.tags),
    }


def edit(turn: Turn, wanted: Mapping[Property, Any], subject: str | None) -> Change:
    """Make the ticket what is wanted of it; nothing when it is so already. `subject` is the present one."""
    present = properties_of(turn.ticket, subject)
    changed = [each for each in present if each in wanted and wanted[each] != present[each]]
    if changed:
        then = {**present, **wanted}
        turn.add(
            TicketEdited(
                changed=changed,
                subject=then[Property.SUBJECT] if Property.SUBJECT in changed else None,
                category_id=then[Property.CATEGORY],
                urgency=then[Property.URGENCY],
                project_id=then[Property.PROJECT],
                tags=then[Property.TAGS],
            )
        )
    return turn.done()


def take(turn: Turn, administrator: UUID) -> Change:
    """Become responsible."""
    return _assign(turn, administrator)


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whoever is to be responsible, with their rights; without, if nobody tells of them."""

    id: UUID
    staff: Staff | None

    def sees(self, ticket: Ticket) -> bool:
        """Once it is theirs."""
        if self.staff is None or not self.staff.enabled:
            return False
        return Right.READ in self.staff.on_ticket(ticket.department_id, self.id)


def assign(turn: Turn, assignee: Assignee | None) -> Change:
    """Make an administrator responsible who sees the ticket then; or nobody, but the department."""
    if assignee is not None and not assignee.sees(turn.ticket):
        raise Invalid.at("/responsible_id", "This is no enabled administrator who may see the ticket")
    return _assign(turn, assignee.id if assignee else None)


def _assign(turn: Turn, responsible: UUID | None) -> Change:
    if turn.ticket.responsible_id != responsible:
        turn.add(TicketAssigned(responsible_id=responsible))
    return turn.done()


@dataclass(frozen=True, slots=True)
class Destination:
    """A department that is to have a ticket, and whether it is one, and enabled."""

    id: UUID
    is_open: bool


def transfer(turn: Turn, administrator: UUID, to: Destination) -> Change:
    """Give the ticket to another department, unless another administrator is writing; an own block is given up."""
    if not to.is_open:
        raise Invalid.at("/department_id", "There is no such department, or it is not enabled")
    turn.require_no_other_holder(administrator)
    if turn.ticket.department_id != to.id:
        turn.end_block(UnblockReason.RELEASED)
        turn.add(TicketTransferred(department_id=to.id))
    return turn.done()


def adopt(turn: Turn, decided: DepartmentDecided, decision: UUID) -> Change:
    """Follow routing's decision, but in what a person has chosen; not at all if it was made on a category from before."""
    ticket = turn.ticket
    if decided.judged_version < ticket.categorised:
        return turn.done()
    department, responsible = _place(ticket, decided)
    urgency = None if ByHand.URGENCY in ticket.by_hand or decided.urgency == ticket.urgency else decided.urgency
    tags = _with_tags(ticket, decided.tags)
    is_same_place = department in {None, ticket.department_id} and responsible in {None, ticket.responsible_id}
    if department is not None and not (is_same_place and urgency is None and tags is None):
        turn.add(
            TicketRouted(
                department_id=department,
                responsible_id=responsible,
                decision_id=decision,
                urgency=urgency,
                tags=tags,
            )
        )
    return turn.done()


def _place(ticket: Ticket, decided: DepartmentDecided) -> tuple[UUID | None, UUID | None]:
    """Department and responsible; nobody new where a person has chosen the department, as it was decided for another."""
    if ByHand.DEPARTMENT in ticket.by_hand:
        return ticket.department_id, None
    return decided.department_id, None if ByHand.RESPONSIBLE in ticket.by_hand else decided.responsible_id


def _with_tags(ticket: Ticket, added: Sequence[str]) -> list[str] | None:
    """All tags with as many of these as there is room for; None when that changes nothing."""
    if ByHand.TAGS in ticket.by_hand:
        return None
    new = [tag for tag in added if tag not in ticket.tags][: max(0, MOST_TAGS - len(ticket.tags))]
    return sorted([*ticket.tags, *new]) if new else None
