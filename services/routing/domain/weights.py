"""What a ticket weighs: the points of all weight rules that match, added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.events.catalogue.routing import Per, Points, WeightRuleFacts
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.conditions import Compiled, compiled

LARGEST = 1_000_000
"""No rule gives or takes more points, whatever it counts: sums stay within PostgreSQL's integer."""


class RuleVersion(BaseModel):
    """A weight rule from an instant on; without facts it is deleted."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    facts: WeightRuleFacts | None


class RuleHistory(BaseModel):
    """A weight rule with its past: a change of it weighs new tickets only, however often an old one is weighed again."""

    model_config = ConfigDict(frozen=True)

    versions: tuple[RuleVersion, ...] = ()

    def current(self) -> WeightRuleFacts | None:
        return self.versions[-1].facts if self.versions else None

    def at(self, instant: datetime) -> WeightRuleFacts | None:
        return next((past.facts for past in reversed(self.versions) if past.since <= instant), None)

    def then(self, since: datetime, facts: WeightRuleFacts | None) -> "RuleHistory":
        return RuleHistory(versions=(*self.versions, RuleVersion(since=since, facts=facts)))


@dataclass(frozen=True, slots=True)
class WeightRule:
    """A rule that can be asked."""

    id: UUID
    facts: WeightRuleFacts
    condition: Compiled

    @classmethod
    def of(cls, rule_id: UUID, facts: WeightRuleFacts) -> "WeightRule":
        return cls(rule_id, facts, compiled(facts.conditions, "/conditions"))


def weigh(rules: Sequence[WeightRule], asked: Circumstances) -> list[Points]:
    """The part of each rule that matches, in the order of the rules; parts of zero points are left out.

    A rule of which it cannot be said does not match: an account that is not known yet meets no condition on accounts.
    """
    parts = (
        Points(rule_id=rule.id, name=rule.facts.name, points=_points(rule.facts, asked.account))
        for rule in rules
        if rule.condition.test(asked)
    )
    return [part for part in parts if part.points]


def _points(rule: WeightRuleFacts, account: Account | None) -> int:
    """Floor and cap are on the size, so a rule that takes points takes at least and at most so many."""
    size = abs(rule.points) * _count(rule, account)
    if rule.floor is not None and rule.points:
        size = max(size, rule.floor)
    size = min(size, LARGEST if rule.cap is None else rule.cap, LARGEST)
    return size if rule.points > 0 else -size


def _count(rule: WeightRuleFacts, account: Account | None) -> int:
    """How many times the points are given: whole units only."""
    if rule.per is Per.TICKET:
        return 1
    if account is None:
        return 0
    counted = account.services if rule.per is Per.SERVICE else account.expenses
    # Fractions, because a quotient of decimals is rounded, and could be rounded up to a whole unit.
    return max(0, Fraction(counted) // Fraction(rule.unit))
