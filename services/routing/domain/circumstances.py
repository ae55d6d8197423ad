"""All that a condition can ask about: a ticket as it came, what was written, its account, the time, and hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from libs.events.catalogue.accounts import Attitude
from services.routing.domain.hours import NEVER_SET, DepartmentHours
from services.routing.domain.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Account:
    """What counts of a version of an account: a product type for each service, what they cost together, its group."""

    version: int
    attitude: Attitude
    product_types: tuple[str, ...] = ()
    expenses: Decimal = Decimal(0)
    group_id: UUID | None = None

    @property
    def services(self) -> int:
        return len(self.product_types)


@dataclass(frozen=True)
class Words:
    """A ticket's subject, and the text it was submitted with. Content: nothing that is kept or told quotes it."""

    subject: str = ""
    text: str = ""

    @cached_property
    def subject_in_any_case(self) -> str:
        return self.subject.casefold()

    @cached_property
    def text_in_any_case(self) -> str:
        return self.text.casefold()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a ticket is judged by. `at` is when it came; no account while it is not known."""

    ticket: Ticket
    account: Account | None
    at: datetime
    words: Words = Words()
    department_id: UUID | None = None
    """Where it goes, as far as that is known."""
    hours: Mapping[UUID, DepartmentHours] = field(default_factory=dict)

    def hours_of(self, department_id: UUID | None) -> DepartmentHours | None:
        """Of a department, or of the ticket's if none is named; None when that is not known."""
        department = department_id or self.department_id
        return self.hours.get(department, NEVER_SET) if department else None

    def going_to(self, department_id: UUID) -> "Circumstances":
        return self if department_id == self.department_id else replace(self, department_id=department_id)
