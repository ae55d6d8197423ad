"""Who is told."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.kinds import FOR_CLIENTS, Kind
from services.notify.domain.notices import Notice


@dataclass(frozen=True, slots=True)
class Placed:
    """A ticket as far as it matters to who is told."""

    user: UUID
    department: UUID | None = None
    responsible: UUID | None = None


@dataclass(frozen=True, slots=True)
class Team:
    head: UUID | None
    members: Collection[UUID] = ()

    @property
    def everybody(self) -> set[UUID]:
        return {*self.members, *([self.head] if self.head else [])}


def recipients(notice: Notice, ticket: Placed | None, team: Team | None) -> set[UUID]:
    """All who are told, but for who did it: they know. `team` is the department's that the notice is about.

    A receipt goes also to who submitted the ticket: that it was received is what it says.
    """
    told = _told(notice, ticket, team)
    if notice.ticket is None or notice.kind is Kind.RECEIVED:
        return told
    return {person for person in told if notice.actor != f"user:{person}"}


def _told(notice: Notice, ticket: Placed | None, team: Team | None) -> set[UUID]:
    if notice.person:
        return {notice.person}
    if ticket is None:
        return set()
    if notice.kind in FOR_CLIENTS:
        return {ticket.user}
    everybody = team.everybody if team else set()
    match notice.kind:
        case Kind.NEW_TICKET:
            return everybody - {ticket.responsible}
        case Kind.ESCALATION:
            named = {ticket.responsible, team.head if team else None} - {None}
            return {one for one in named if one} or everybody
    return {ticket.responsible} if ticket.responsible else everybody
