"""The organisation as tickets are judged by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts
from services.routing.domain.weights import Rule, RuleHistory


@dataclass(frozen=True)
class Organisation:
    departments: Mapping[UUID, DepartmentFacts] = field(default_factory=dict)
    categories: Mapping[UUID, CategoryFacts] = field(default_factory=dict)
    rules: Mapping[UUID, RuleHistory] = field(default_factory=dict)
    """By id, that is in the order in which they were made."""

    def department_for(self, category_id: UUID) -> UUID | None:
        """The enabled department that a category's tickets go to, if there is one."""
        category = self.categories.get(category_id)
        department = self.departments.get(category.default_department_id) if category else None
        return category.default_department_id if category and department and department.enabled else None

    def decidable_categories(self) -> list[UUID]:
        return [category_id for category_id in self.categories if self.department_for(category_id)]

    def rules_at(self, instant: datetime) -> Sequence[Rule]:
        """The rules in force at an instant."""
        found = ((rule_id, history.at(instant)) for rule_id, history in self.rules.items())
        return [(rule_id, facts) for rule_id, facts in found if facts and facts.enabled]
