"""What a ticket weighs, against a slow and obvious reckoning."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.routing import Per, WeightRuleFacts
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.weights import LARGEST, WeightRule, weigh
from tests.unit.routing.routing_strategies import circumstances, weight_rules
from tests.unit.routing.test_conditions import ASKED

ACCOUNT = Account(1, Attitude.GOOD, ("vps", "vps", "domain"), Decimal("29.99"))


def points(rule: WeightRuleFacts, account: Account | None = ACCOUNT) -> int:
    return sum(part.points for part in weigh([WeightRule.of(UUID(int=1), rule)], replace(ASKED, account=account)))


def rule(**given: object) -> WeightRuleFacts:
    return WeightRuleFacts.model_validate({"name": "r", "points": 2, **given})


def slowly_counted(amount: Decimal | int, unit: Decimal) -> int:
    """Whole units, by taking one away after the other."""
    count, rest = 0, Decimal(amount)
    while rest >= unit:
        rest, count = rest - unit, count + 1
    return count


def slowly_weighed(rules: list[WeightRule], asked: Circumstances) -> list[tuple[UUID, int]]:
    found, account = [], asked.account
    for rule in rules:
        facts, count = rule.facts, 1
        if rule.condition.test(asked) is not True:
            continue
        if facts.per is Per.SERVICE:
            count = slowly_counted(account.services, facts.unit) if account else 0
        if facts.per is Per.EXPENSES:
            count = slowly_counted(account.expenses, facts.unit) if account else 0
        size = abs(facts.points * count)
        if facts.floor is not None and facts.points and size < facts.floor:
            size = facts.floor
        if facts.cap is not None and size > facts.cap:
            size = facts.cap
        if size:
            found.append((rule.id, size if facts.points > 0 else -size))
    return found


@given(weight_rules, circumstances)
def test_points_are_what_slow_reckoning_says(rules: list[WeightRule], asked: Circumstances) -> None:
    found = [(part.rule_id, part.points) for part in weigh(rules, asked)]
    assert all(abs(value) <= LARGEST for _, value in found)
    assert found == slowly_weighed(rules, asked)


@given(weight_rules, circumstances)
def test_each_rule_counts_by_itself_and_in_its_place(rules: list[WeightRule], asked: Circumstances) -> None:
    assert weigh(rules, asked) == [part for one in rules for part in weigh([one], asked)]


@pytest.mark.parametrize(
    ("given_rule", "expected"),
    [
        (rule(), 2),
        (rule(points=-2), -2),
        (rule(unit=7), 2),
        (rule(per="service"), 6),
        (rule(per="service", unit=2), 2),
        (rule(per="expenses", unit="10"), 4),
        (rule(per="expenses", unit="29.99"), 2),
        (rule(per="expenses", unit="30"), 0),
        (rule(per="service", cap=5), 5),
        (rule(per="service", points=-2, cap=5), -5),
        (rule(per="service", cap=0), 0),
        (rule(points=LARGEST, per="service"), LARGEST),
        (rule(per="expenses", unit="30", floor=5), 5),
        (rule(per="service", floor=5), 6),
        (rule(points=-1, per="service", floor=5), -5),
        (rule(points=0, floor=5), 0),
    ],
)
def test_only_whole_units_count_and_floor_and_cap_are_on_the_size(given_rule: WeightRuleFacts, expected: int) -> None:
    assert points(given_rule) == expected


def test_a_quotient_is_never_rounded_up_to_a_whole_unit() -> None:
    nearly = Account(1, Attitude.GOOD, (), Decimal("0." + "9" * 40))
    assert points(rule(per="expenses", unit=1), nearly) == 0


def test_an_account_in_credit_gives_no_points_the_wrong_way() -> None:
    in_credit = Account(1, Attitude.GOOD, (), Decimal(-50))
    assert points(rule(per="expenses", unit=10), in_credit) == 0


@pytest.mark.parametrize("condition", [{"attitudes": ["good"]}, {"min_services": 0}, {"min_expenses": 0}])
def test_an_unknown_account_meets_no_condition_on_accounts(condition: dict[str, object]) -> None:
    assert points(rule(conditions=condition), None) == 0
    assert points(rule(conditions=condition)) == 2


def test_limits_are_met_exactly() -> None:
    assert points(rule(conditions={"min_services": 3, "min_expenses": "29.99"})) == 2
    assert points(rule(conditions={"min_services": 4})) == 0
    assert points(rule(conditions={"min_expenses": "30"})) == 0
