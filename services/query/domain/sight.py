"""Which tickets somebody may know of: to whoever may not, they are not there, in lists, details, histories and updates."""

from dataclasses import dataclass
from uuid import UUID

from libs.service.rights import Staff

UNPLACED = UUID(int=0)
"""Stands for no department."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an administrator or a system sees: everything, if `departments` is None; else what is in one of these
    departments or in none yet, and, wherever it is, what `administrator` is responsible for.
    """

    administrator: UUID | None = None
    departments: frozenset[UUID] | None = None

    @classmethod
    def of(cls, staff: Staff) -> "Sight":
        return cls(staff.id) if staff.sees_all else cls(staff.id, staff.sees_departments)

    @property
    def places(self) -> list[UUID] | None:
        """Where tickets are seen whoever is responsible; None: everywhere."""
        return None if self.departments is None else [UNPLACED, *sorted(self.departments)]

    def sees(self, department: UUID | None, responsible: UUID | None) -> bool:
        if self.departments is None or department is None or department in self.departments:
            return True
        return responsible is not None and responsible == self.administrator


EVERYTHING = Sight()
"""What a system with the scope sees."""
