"""Who of the staff may do what, and where: one table, which the documentation prints and the tests try out.

A role gives rights over tickets by where a ticket is, as seen by the administrator in question, and general rights, which
know no place. Somebody may be given single rights beyond their role's: they hold wherever the role lets them read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Right(StrEnum):
    """Something an administrator may do."""

    READ = "read"
    ANSWER = "answer"
    ASSIGN = "assign"
    UNBLOCK = "unblock"
    DELETE = "delete"
    ACT_AS = "act_as"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"


class Role(StrEnum):
    """What somebody is among the staff."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    OBSERVER = "observer"


class Where(StrEnum):
    """Where a ticket is, as seen by an administrator; several may hold at once, and their rights add up."""

    HEADED = "headed"
    """In a department that they head."""
    OWN = "own"
    """In a department that they are a member of."""
    ASSIGNED = "assigned"
    """Wherever it is: they are responsible."""
    UNPLACED = "unplaced"
    """In no department yet."""
    ELSEWHERE = "elsewhere"


_READ = frozenset({Right.READ})
_WORK = _READ | {Right.ANSWER, Right.ASSIGN}
_ALL = _WORK | {Right.UNBLOCK, Right.DELETE}

TICKET_RIGHTS: Mapping[Role, Mapping[Where, frozenset[Right]]] = {
    Role.OWNER: dict.fromkeys(Where, _ALL),
    Role.MANAGER: {Where.HEADED: _ALL, Where.OWN: _ALL, Where.ASSIGNED: _ALL, Where.UNPLACED: _ALL},
    Role.AGENT: {Where.HEADED: _ALL, Where.OWN: _WORK, Where.ASSIGNED: _WORK, Where.UNPLACED: _WORK},
    Role.OBSERVER: {Where.HEADED: _ALL, Where.OWN: _READ, Where.ASSIGNED: _READ, Where.UNPLACED: _READ},
}
"""Role -> where the ticket is -> what may be done to it. Elsewhere nobody even knows of it, unless it says so here."""

GENERAL_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset({Right.ACT_AS, Right.MANAGE_PEOPLE, Right.MANAGE_SETTINGS}),
    Role.MANAGER: frozenset({Right.ACT_AS, Right.MANAGE_PEOPLE}),
    Role.AGENT: frozenset(),
    Role.OBSERVER: frozenset(),
}
GENERAL = GENERAL_RIGHTS[Role.OWNER]
"""The rights that know no place."""


@dataclass(frozen=True, slots=True)
class Staff:
    """An administrator's rights as they are now. `extra` are those beyond the role's."""

    id: UUID
    role: Role
    extra: frozenset[Right] = frozenset()
    enabled: bool = True
    departments: frozenset[UUID] = frozenset()
    headed: frozenset[UUID] = frozenset()

    @property
    def sees_all(self) -> bool:
        return self.role is Role.OWNER

    @property
    def sees_departments(self) -> frozenset[UUID]:
        """The departments whose tickets they see, besides those assigned to them and those that have none."""
        return self.departments | self.headed

    @property
    def general(self) -> frozenset[Right]:
        """Their rights that know no place."""
        return GENERAL & (GENERAL_RIGHTS[self.role] | self.extra)

    def may(self, right: Right) -> bool:
        """Whether they have a general right."""
        return right in self.general

    def may_share_with(self, departments: frozenset[UUID] | None) -> bool:
        """Whether what they have made for themselves, a view, may be these departments' as well, or everybody's (None).

        Who manages settings shares with all, a head with the departments that they head.
        """
        return self.may(Right.MANAGE_SETTINGS) or (departments is not None and departments <= self.headed)

    @property
    def rights(self) -> frozenset[Right]:
        """All that they may do somewhere: what they may give to others."""
        somewhere = frozenset[Right]().union(*TICKET_RIGHTS[self.role].values())
        return GENERAL_RIGHTS[self.role] | somewhere | self.extra

    def covers(self, other: "Staff") -> bool:
        """Whether the other may do nothing that one may not do oneself, were one in the same place."""
        return other.general <= self.general and all(other.in_place(where) <= self.in_place(where) for where in Where)

    def in_place(self, where: Where) -> frozenset[Right]:
        """What they may do to a ticket of which nothing else is known."""
        given = TICKET_RIGHTS[self.role].get(where, frozenset())
        return given | (self.extra - GENERAL) if Right.READ in given else given

    def on_ticket(self, department: UUID | None, responsible: UUID | None) -> frozenset[Right]:
        """What they may do to a ticket; nothing at all if they may not know of it."""
        table = TICKET_RIGHTS[self.role]
        given = frozenset[Right]().union(*(table.get(where, ()) for where in self._places(department, responsible)))
        return given | (self.extra - GENERAL) if Right.READ in given else frozenset()

    def _places(self, department: UUID | None, responsible: UUID | None) -> set[Where]:
        holds = {
            Where.HEADED: department in self.headed,
            Where.OWN: department in self.departments,
            Where.ASSIGNED: responsible == self.id,
            Where.UNPLACED: department is None,
            Where.ELSEWHERE: True,
        }
        return {where for where, does in holds.items() if does}
