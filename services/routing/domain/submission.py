"""What the submission rules make of a ticket, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import (
    Explanation,
    Responsible,
    RuleApplied,
    RulePassed,
    SubmissionRuleFacts,
)
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.conditions import Compiled, Holds, compiled

MOST_EXPLAINED = 100
"""Rules passed that are told one by one."""


@dataclass(frozen=True, slots=True)
class SubmissionRule:
    """A rule that can be asked."""

    id: UUID
    facts: SubmissionRuleFacts
    condition: Compiled

    @classmethod
    def of(cls, rule_id: UUID, facts: SubmissionRuleFacts) -> "SubmissionRule":
        return cls(rule_id, facts, compiled(facts.conditions, "/conditions"))


class Passed(NamedTuple):
    """A rule that did not match these circumstances; `holds` is what its condition said."""

    rule: SubmissionRule
    asked: Circumstances
    holds: Holds

    def told(self) -> RulePassed:
        because, kind = "/then/department_id", "disabled"
        if self.holds is not True:
            part = self.rule.condition.failing(self.asked)
            because, kind = part.path, part.kind
        name, known = self.rule.facts.name, self.holds is not None
        return RulePassed(rule_id=self.rule.id, name=name, because=because, kind=kind, known=known)


class Applied(NamedTuple):
    """A rule that matched, and what of it counted."""

    rule: SubmissionRule
    gave: list[str]

    def told(self) -> RuleApplied:
        return RuleApplied(rule_id=self.rule.id, name=self.rule.facts.name, gave=self.gave)


@dataclass
class Routed:
    """What the rules said. `department_id` is the category's own, with which they begin, until one says another."""

    department_id: UUID | None
    responsible: Responsible | None = None
    urgency: Urgency | None = None
    tags: list[str] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    has_department: bool = False
    """A rule has said it."""
    is_unsure: bool = False
    """A rule could not be asked because the ticket's account is not known yet."""

    def explanation(self) -> Explanation:
        """Made only when it is told: most of the work of a trial would be to say why not."""
        return Explanation(
            applied=[one.told() for one in self.applied],
            passed=[one.told() for one in self.passed[:MOST_EXPLAINED]],
            left_out=max(0, len(self.passed) - MOST_EXPLAINED),
        )

    def apply(self, rule: SubmissionRule) -> None:
        """Take from the rule what none before it has said."""
        then, gave = rule.facts.then, list[str]()
        if then.department_id is not None and not self.has_department:
            self.department_id, self.has_department = then.department_id, True
            gave.append("department")
        if then.responsible is not None and self.responsible is None:
            self.responsible = then.responsible
            gave.append("responsible")
        if then.urgency is not None and self.urgency is None:
            self.urgency = then.urgency
            gave.append("urgency")
        if new := [tag for tag in then.tags if tag not in self.tags]:
            self.tags += new
            gave.append("tags")
        self.applied.append(Applied(rule, gave))


def route(rules: Sequence[SubmissionRule], asked: Circumstances, enabled: Collection[UUID]) -> Routed:
    """Try the rules in their order. `asked` knows the category's department; only `enabled` ones are given tickets.

    What one rule has said, a later one does not change; tags add up. A rule whose department is not enabled does not count.
    """
    routed = Routed(asked.department_id)
    for rule in rules:
        holds = rule.condition.test(asked)
        if holds is True and _is_open(rule, enabled):
            routed.apply(rule)
            if rule.facts.stop:
                break
            asked = asked.going_to(routed.department_id) if routed.department_id else asked
        else:
            routed.passed.append(Passed(rule, asked, holds))
            routed.is_unsure = routed.is_unsure or (holds is None and asked.account is None)
    return routed


def _is_open(rule: SubmissionRule, enabled: Collection[UUID]) -> bool:
    department = rule.facts.then.department_id
    return department is None or department in enabled
