"""Who asks for something to be done, and what they may do to a ticket."""

from dataclasses import dataclass
from uuid import UUID

from libs.service.caller import Caller
from libs.service.problems import Forbidden
from libs.service.rights import Right, Staff
from services.intake.domain.ticket import Status, Ticket
from services.intake.problems import TicketGone


@dataclass(frozen=True, slots=True)
class Asker:
    """A caller. Administrators come with their rights as they are now."""

    caller: Caller
    staff: Staff | None = None

    @property
    def id(self) -> UUID:
        """The person's; ValueError for systems."""
        return self.caller.user_id

    @property
    def is_client(self) -> bool:
        return self.caller.kind == "client"

    @property
    def administrator(self) -> UUID | None:
        return self.staff.id if self.staff else None

    def sees(self, ticket: Ticket) -> bool:
        """Whether they may know of it: clients of their own account's, administrators by where it is."""
        if self.is_client:
            return ticket.account_id == self.caller.account_id
        return self.may(Right.READ, ticket)

    def may(self, right: Right, ticket: Ticket) -> bool:
        """Whether an administrator may do this to a ticket where it is now."""
        return self.staff is not None and right in self.staff.on_ticket(ticket.department_id, ticket.responsible_id)

    def may_somewhere(self, right: Right) -> bool:
        """Whether there is a place, the departments' and the one outside of all, where an administrator has this right."""
        if self.staff is None:
            return False
        places = (None, *self.staff.sees_departments)
        return any(right in self.staff.on_ticket(department, None) for department in places)


def admitted(ticket: Ticket | None, asker: Asker, right: Right) -> Ticket:
    """The ticket as it is, if the asker may have their way with it; an administrator needs this right on it.

    Whoever may not know of it gets TicketGone, as for one that does not exist; without the right it is Forbidden.
    """
    if ticket is None or ticket.status is Status.DELETED or not asker.sees(ticket):
        raise TicketGone
    if not asker.is_client and not asker.may(right, ticket):
        raise Forbidden(right=right)
    return ticket
