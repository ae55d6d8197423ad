"""What a ticket weighs: the points of all weight rules that match, added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.routing import Conditions, Per, Points, WeightRuleFacts
from services.routing.domain.tickets import Ticket

LARGEST = 1_000_000
"""No rule gives or takes more points, whatever it counts: sums stay within PostgreSQL's integer."""


@dataclass(frozen=True, slots=True)
class Account:
    """What counts of a version of an account. `expenses` is a sum of money."""

    version: int
    attitude: Attitude
    services: int
    expenses: Decimal


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


Rule = tuple[UUID, WeightRuleFacts]


def weigh(rules: Sequence[Rule], ticket: Ticket, account: Account | None) -> list[Points]:
    """The part of each rule that matches, in the order of the rules; parts of zero points are left out."""
    parts = (
        Points(rule_id=rule_id, name=facts.name, points=_points(facts, account))
        for rule_id, facts in rules
        if _matches(facts.conditions, ticket, account)
    )
    return [part for part in parts if part.points]


def _matches(wanted: Conditions, ticket: Ticket, account: Account | None) -> bool:
    return _is_of(wanted.urgencies, ticket.urgency) and (
        _is_of(wanted.category_ids, ticket.category_id) and _account_matches(wanted, account)
    )


def _account_matches(wanted: Conditions, account: Account | None) -> bool:
    """An account that is not known yet meets no condition on accounts."""
    if account is None:
        return wanted.attitudes is None and wanted.min_services is None and wanted.min_expenses is None
    return (
        _is_of(wanted.attitudes, account.attitude)
        and (wanted.min_services is None or account.services >= wanted.min_services)
        and (wanted.min_expenses is None or account.expenses >= wanted.min_expenses)
    )


def _is_of(wanted: Sequence[object] | None, value: object) -> bool:
    return wanted is None or value in wanted


def _points(rule: WeightRuleFacts, account: Account | None) -> int:
    limit = LARGEST if rule.cap is None else min(rule.cap, LARGEST)
    return max(-limit, min(limit, rule.points * _count(rule, account)))


def _count(rule: WeightRuleFacts, account: Account | None) -> int:
    """How many times the points are given: whole units only."""
    if rule.per is Per.TICKET:
        return 1
    if account is None:
        return 0
    counted = account.services if rule.per is Per.SERVICE else account.expenses
    # Fractions, because a quotient of decimals is rounded, and could be rounded up to a whole unit.
    return max(0, Fraction(counted) // Fraction(rule.unit))
