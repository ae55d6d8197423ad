"""What a ticket weighs, against a slow and obvious reckoning."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import Conditions, Per, WeightRuleFacts
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import LARGEST, Account, Rule, weigh
from tests.unit.routing.routing_strategies import CATEGORIES, NINE, accounts, named_rules, tickets

TICKET = Ticket(UUID(int=9), CATEGORIES[0], Urgency.HIGH, 1, 1, NINE, None)
ACCOUNT = Account(version=1, attitude=Attitude.GOOD, services=3, expenses=Decimal("29.99"))


def points(rule: WeightRuleFacts, account: Account | None = ACCOUNT) -> int:
    return sum(part.points for part in weigh([(UUID(int=1), rule)], TICKET, account))


def rule(**given: object) -> WeightRuleFacts:
    return WeightRuleFacts.model_validate({"name": "r", "points": 2, **given})


def slowly_counted(amount: Decimal | int, unit: Decimal) -> int:
    """Whole units, by taking one away after the other."""
    count, rest = 0, Decimal(amount)
    while rest >= unit:
        rest, count = rest - unit, count + 1
    return count


def slowly_matches(wanted: Conditions, ticket: Ticket, account: Account | None) -> bool:
    about_ticket = [(wanted.urgencies, ticket.urgency), (wanted.category_ids, ticket.category_id)]
    if any(values is not None and value not in values for values, value in about_ticket):
        return False
    about_account = [wanted.attitudes, wanted.min_services, wanted.min_expenses]
    if account is None:
        return about_account == [None, None, None]
    if wanted.attitudes is not None and account.attitude not in wanted.attitudes:
        return False
    if wanted.min_services is not None and account.services < wanted.min_services:
        return False
    return wanted.min_expenses is None or account.expenses >= wanted.min_expenses


def slowly_weighed(rules: list[Rule], ticket: Ticket, account: Account | None) -> list[tuple[UUID, int]]:
    found = []
    for rule_id, facts in rules:
        if not slowly_matches(facts.conditions, ticket, account):
            continue
        count = 1
        if facts.per is Per.SERVICE:
            count = slowly_counted(account.services, facts.unit) if account else 0
        if facts.per is Per.EXPENSES:
            count = slowly_counted(account.expenses, facts.unit) if account else 0
        given_points = facts.points * count
        if facts.cap is not None and abs(given_points) > facts.cap:
            given_points = facts.cap if given_points > 0 else -facts.cap
        if given_points:
            found.append((rule_id, given_points))
    return found


@given(named_rules, tickets, accounts)
def test_points_are_what_slow_reckoning_says(rules: list[Rule], ticket: Ticket, account: Account) -> None:
    for known in (account, None):
        found = [(part.rule_id, part.points) for part in weigh(rules, ticket, known)]
        assert all(abs(value) <= LARGEST for _, value in found)
        assert found == slowly_weighed(rules, ticket, known)


@given(named_rules, tickets, accounts)
def test_each_rule_counts_by_itself_and_in_its_place(rules: list[Rule], ticket: Ticket, account: Account) -> None:
    together = weigh(rules, ticket, account)
    assert together == [part for one in rules for part in weigh([one], ticket, account)]


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
    ],
)
def test_only_whole_units_count_and_the_cap_is_on_the_size(given_rule: WeightRuleFacts, expected: int) -> None:
    assert points(given_rule) == expected


def test_a_quotient_is_never_rounded_up_to_a_whole_unit() -> None:
    nearly = Account(1, Attitude.GOOD, 0, Decimal("0." + "9" * 40))
    assert points(rule(per="expenses", unit=1), nearly) == 0


def test_an_account_in_credit_gives_no_points_the_wrong_way() -> None:
    in_credit = Account(1, Attitude.GOOD, 0, Decimal(-50))
    assert points(rule(per="expenses", unit=10), in_credit) == 0


@pytest.mark.parametrize("condition", [{"attitudes": ["good"]}, {"min_services": 0}, {"min_expenses": 0}])
def test_an_unknown_account_meets_no_condition_on_accounts(condition: dict[str, object]) -> None:
    assert points(rule(conditions=condition), None) == 0
    assert points(rule(conditions=condition)) == 2


def test_limits_are_met_exactly() -> None:
    assert points(rule(conditions={"min_services": 3, "min_expenses": "29.99"})) == 2
    assert points(rule(conditions={"min_services": 4})) == 0
    assert points(rule(conditions={"min_expenses": "30"})) == 0
