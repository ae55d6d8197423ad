"""Rules that could not work, and where it is said that they could not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import one_of, times
from pydantic import TypeAdapter

from libs.events.catalogue.conditions import Condition, IsTimeOfDay
from libs.events.catalogue.routing import SubmissionRuleFacts, WeightRuleFacts
from services.routing.domain.checks import DEEPEST, faults_of
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.conditions import compiled
from services.routing.domain.possible import never
from tests.unit.routing.routing_strategies import CATEGORIES, circumstances, conditions

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
HIGH, LOW = ({"kind": "urgency", "values": [value]} for value in ("high", "low"))
ONE, TWO = ({"kind": "category", "ids": [str(category)]} for category in CATEGORIES)


def every(*of: Any) -> dict[str, Any]:
    return {"kind": "all", "of": [*of]}


equal_times = times().map(lambda at: IsTimeOfDay(kind="time_of_day", starts=f"{at:%H:%M}", ends=f"{at:%H:%M}"))
"""Which are drawn too seldom otherwise."""


def negated(of: Any) -> dict[str, Any]:
    return {"kind": "not", "of": of}


@settings(max_examples=500)
@given(one_of(conditions, equal_times), circumstances)
def test_what_is_said_never_to_hold_does_not(condition: Condition, asked: Circumstances) -> None:
    if never(condition):
        assert compiled(condition).test(asked) is not True


@pytest.mark.parametrize(
    ("condition", "pointer"),
    [
        (every(HIGH, LOW), ""),
        (every(HIGH, every(LOW)), ""),
        (every(ONE, negated(ONE)), ""),
        (every(ONE, {"kind": "any", "of": [TWO]}), ""),
        (every(HIGH, {"kind": "any", "of": [every(ONE, TWO)]}), "/of/1/of/0"),
        (every({"kind": "services", "at_least": 3, "at_most": 2}), "/of/0"),
        (every({"kind": "expenses", "at_least": 3}, {"kind": "expenses", "at_most": 2}), ""),
        (every(negated({"kind": "urgency", "values": ["high", "medium", "low"]})), "/of/0"),
        (every(negated(HIGH), negated({"kind": "urgency", "values": ["medium", "low"]})), ""),
        (negated(every()), ""),
        ({"kind": "time_of_day", "starts": "09:00", "ends": "09:00"}, ""),
        (every({"kind": "working_hours"}, {"kind": "working_hours", "inside": False}), ""),
        (every({"kind": "working_hours"}, negated({"kind": "working_hours"})), ""),
    ],
)
def test_an_impossible_condition_is_found(condition: dict[str, Any], pointer: str) -> None:
    found = never(CONDITION.validate_python(condition))
    assert found is not None
    assert found[0] == pointer


@pytest.mark.parametrize(
    "condition",
    [
        every(HIGH, ONE),
        every(negated(HIGH), negated(LOW)),
        {"kind": "any", "of": [every(HIGH, LOW), ONE]},
        every({"kind": "services", "at_least": 3, "product_types": ["a"]}, {"kind": "services", "at_most": 9}),
        every(
            {"kind": "services", "at_least": 3, "product_types": ["a"]},
            {"kind": "services", "at_most": 0, "product_types": ["b"]},
        ),
        negated({"kind": "attitude", "values": ["good", "neutral"]}),
    ],
)
def test_a_possible_condition_is_none_of_them(condition: dict[str, Any]) -> None:
    assert never(CONDITION.validate_python(condition)) is None


def faults(**given: Any) -> dict[str, str]:
    facts = {"name": "r", "then": {"tags": ["a"]}, **given}
    return dict(faults_of(SubmissionRuleFacts.model_validate(facts)))


@pytest.mark.parametrize("pattern", ["a(", "(?=a)", r"(a)\1", "((a{500}){500}){500}", "[b-a]"])
def test_a_pattern_that_re2_refuses_is_refused_with_its_reason(pattern: str) -> None:
    found = faults(conditions=every(ONE, {"kind": "text", "matches": pattern}))
    assert list(found) == ["/conditions/of/1/matches"]
    assert found["/conditions/of/1/matches"].startswith("RE2 refuses this pattern: ")


def test_a_rule_has_bounds() -> None:
    deep: Any = ONE
    for _ in range(DEEPEST):
        deep = negated(deep)
    assert list(faults(conditions=deep)) == ["/conditions"]
    assert list(faults(conditions=every(*[{"kind": "any", "of": [ONE] * 100}] * 3))) == ["/conditions"]


def test_a_rule_does_something() -> None:
    assert list(faults(then={})) == ["/then"]
    assert list(faults(then={"responsible": {"by": "fixed"}})) == ["/then/responsible/administrator_id"]
    assert list(faults(then={"responsible": {"by": "round_robin", "administrator_id": CATEGORIES[0]}})) == [
        "/then/responsible/administrator_id"
    ]
    assert faults(then={"responsible": {"by": "round_robin"}}) == {}


def test_a_weight_rule_names_whose_hours_it_asks_about() -> None:
    facts = {"name": "r", "points": 1, "conditions": every({"kind": "working_hours"}), "floor": 5, "cap": 4}
    found = dict(faults_of(WeightRuleFacts.model_validate(facts)))
    assert list(found) == ["/floor", "/conditions/of/0/department_id"]
