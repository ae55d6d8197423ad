"""The organisation as tickets are judged by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts, SubmissionRuleFacts, WeightRuleFacts
from services.routing.domain.conditions import asks_about_words
from services.routing.domain.hours import DepartmentHours
from services.routing.domain.submission import SubmissionRule
from services.routing.domain.weights import RuleHistory, WeightRule

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Organisation:
    """As it is now, and of weight rules and hours also as they were. What is deleted is not in it."""

    departments: Mapping[UUID, DepartmentFacts] = field(default_factory=dict)
    categories: Mapping[UUID, CategoryFacts] = field(default_factory=dict)
    rules: Mapping[UUID, RuleHistory] = field(default_factory=dict)
    """Weight rules by id, that is in the order in which they were made."""
    submission: Mapping[UUID, SubmissionRuleFacts] = field(default_factory=dict)
    hours: Mapping[UUID, DepartmentHours] = field(default_factory=dict)
    """Of the departments whose hours were ever set."""

    def department_for(self, category_id: UUID) -> UUID | None:
        """The enabled department that a category's tickets go to, if there is one."""
        category = self.categories.get(category_id)
        department = self.departments.get(category.default_department_id) if category else None
        return category.default_department_id if category and department and department.enabled else None

    def trying(
        self,
        submission: Mapping[UUID, SubmissionRuleFacts] | None,
        weights: Mapping[UUID, WeightRuleFacts] | None,
    ) -> "Organisation":
        """The same with other rules; None leaves them as they are."""
        histories = {rule_id: RuleHistory().then(_EVER, facts) for rule_id, facts in (weights or {}).items()}
        return replace(
            self,
            submission=self.submission if submission is None else submission,
            rules=self.rules if weights is None else histories,
        )

    def decidable_categories(self) -> list[UUID]:
        return [category_id for category_id in self.categories if self.department_for(category_id)]

    def weight_rules_at(self, instant: datetime) -> Sequence[WeightRule]:
        """The weight rules in force at an instant."""
        found = (_at(versions, instant) for versions in self._weight_rules)
        return [rule for rule in found if rule]

    @cached_property
    def enabled_departments(self) -> frozenset[UUID]:
        return frozenset(department for department, facts in self.departments.items() if facts.enabled)

    @cached_property
    def asks_about_words(self) -> bool:
        """Whether any rule, of today or of before, asks what was written."""
        asked = [facts.conditions for facts in self.submission.values()]
        for history in self.rules.values():
            asked += [past.facts.conditions for past in history.versions if past.facts]
        return any(map(asks_about_words, asked))

    @cached_property
    def submission_rules(self) -> Sequence[SubmissionRule]:
        """Those that are enabled, in their order."""
        enabled = [(rule_id, facts) for rule_id, facts in self.submission.items() if facts.enabled]
        return [SubmissionRule.of(*rule) for rule in sorted(enabled, key=lambda rule: (rule[1].order, rule[0]))]

    @cached_property
    def _weight_rules(self) -> Sequence[Sequence[tuple[datetime, WeightRule | None]]]:
        """The versions of each, the last one first; None where it was not enabled, or deleted."""
        return [
            [
                (past.since, WeightRule.of(rule_id, past.facts) if past.facts and past.facts.enabled else None)
                for past in reversed(history.versions)
            ]
            for rule_id, history in self.rules.items()
        ]


def _at(versions: Sequence[tuple[datetime, WeightRule | None]], instant: datetime) -> WeightRule | None:
    return next((rule for since, rule in versions if since <= instant), None)
