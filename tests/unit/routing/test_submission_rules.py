"""What submission rules make of a ticket, and why."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import DepartmentFacts, Responsible, ResponsibleBy, SubmissionRuleFacts
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.duty import Candidate, choose, eligible
from services.routing.domain.submission import MOST_EXPLAINED, Routed, SubmissionRule, route
from tests.unit.routing.routing_strategies import DEPARTMENTS, NINE, circumstances, conditions
from tests.unit.routing.test_conditions import ASKED

OWN, OTHER = DEPARTMENTS
ANN, BOB, EVE = (UUID(int=n) for n in range(31, 34))
NEVER_ONE = {"kind": "urgency", "values": ["low"]}


def rule(at: int = 1, **given: Any) -> SubmissionRule:
    facts = {"name": f"rule {at}", "then": {"tags": ["a"]}, **given}
    return SubmissionRule.of(UUID(int=at), SubmissionRuleFacts.model_validate(facts))


def routed(*rules: SubmissionRule, asked: Circumstances = ASKED) -> Routed:
    return route(rules, asked, {OWN, OTHER})


def test_without_a_rule_it_goes_to_the_categorys_department() -> None:
    assert routed() == Routed(OWN)


def test_the_first_that_matches_decides_and_those_before_say_why_not() -> None:
    found = routed(
        rule(1, conditions={"kind": "all", "of": [{"kind": "all"}, NEVER_ONE]}),
        rule(2, then={"department_id": OTHER}),
        rule(3, then={"department_id": OWN}),
    )
    assert found.department_id == OTHER
    assert [(one.rule_id.int, one.because, one.kind) for one in found.explanation().passed] == [
        (1, "/conditions/of/1", "urgency")
    ]
    assert [(one.rule_id.int, one.gave) for one in found.explanation().applied] == [(2, ["department"])]


def test_a_later_rule_adds_what_none_before_has_said() -> None:
    found = routed(
        rule(1, then={"urgency": "low", "tags": ["a", "b"]}, stop=False),
        rule(2, then={"urgency": "high", "department_id": OTHER, "tags": ["b", "c"]}, stop=False),
        rule(3, then={"department_id": OWN, "responsible": {"by": "round_robin"}}),
        rule(4, then={"tags": ["d"]}),
    )
    assert (found.department_id, found.urgency, found.tags) == (OTHER, Urgency.LOW, ["a", "b", "c"])
    assert found.responsible == Responsible(by=ResponsibleBy.ROUND_ROBIN)
    assert [one.gave for one in found.explanation().applied] == [
        ["urgency", "tags"],
        ["department", "tags"],
        ["responsible"],
    ]


def test_a_rule_whose_department_is_not_enabled_does_not_count() -> None:
    closed = UUID(int=99)
    found = routed(rule(1, then={"department_id": closed, "tags": ["x"]}), rule(2))
    assert (found.department_id, found.tags) == (OWN, ["a"])
    assert [(one.because, one.kind) for one in found.explanation().passed] == [("/then/department_id", "disabled")]


def test_a_later_rule_asks_about_the_hours_of_where_the_ticket_goes_by_then() -> None:
    at_night = replace(ASKED, at=NINE + timedelta(hours=12))
    outside = {"kind": "working_hours", "inside": False}
    rules = [rule(1, then={"department_id": OTHER}, stop=False), rule(2, conditions=outside, then={"tags": ["night"]})]
    assert routed(*rules, asked=at_night).tags == [], "the other is always open"
    assert routed(rules[1], asked=at_night).tags == ["night"]


def test_an_explanation_has_a_bound() -> None:
    found = routed(*(rule(at, conditions=NEVER_ONE) for at in range(MOST_EXPLAINED + 7)))
    assert (len(found.explanation().passed), found.explanation().left_out) == (MOST_EXPLAINED, 7)


ACTIONS = st.fixed_dictionaries(
    {
        "department_id": st.none() | st.sampled_from(DEPARTMENTS),
        "urgency": st.none() | st.sampled_from(Urgency),
        "tags": st.lists(st.sampled_from("abc"), unique=True),
    }
)
RULES = st.lists(
    st.builds(rule, st.integers(1, 99), conditions=conditions, then=ACTIONS, stop=st.booleans()), max_size=6
)


@given(RULES, circumstances)
def test_rules_after_the_one_that_stops_make_no_difference(rules: list[SubmissionRule], asked: Circumstances) -> None:
    found = routed(*rules, asked=asked)
    tried = len(found.applied) + len(found.passed)
    assert routed(*rules[:tried], asked=asked) == found
    stops = [one for one in rules[: tried - 1] if one.facts.stop]
    passed = [one.rule_id for one in found.explanation().passed]
    assert all(one.id in passed for one in stops)


@given(RULES, circumstances)
def test_each_rule_that_was_tried_either_gave_or_says_why_not(
    rules: list[SubmissionRule], asked: Circumstances
) -> None:
    found = routed(*rules, asked=asked)
    told = [one.rule_id for one in found.explanation().applied] + [one.rule_id for one in found.explanation().passed]
    assert sorted(told) == sorted(one.id for one in rules[: len(told)])
    given_by = {what for one in found.explanation().applied for what in one.gave}
    assert ("urgency" in given_by) is (found.urgency is not None)
    assert ("tags" in given_by) is bool(found.tags)


# --- who becomes responsible ----------------------------------------------------------------------

LEAST, ROUND, FIXED = (
    Responsible(by=ResponsibleBy.LEAST_LOADED),
    Responsible(by=ResponsibleBy.ROUND_ROBIN),
    Responsible(by=ResponsibleBy.FIXED, administrator_id=EVE),
)


def test_members_are_on_duty_while_their_department_is_open() -> None:
    department = DepartmentFacts(name="D", member_ids=[ANN, BOB])
    at_night = replace(ASKED, at=NINE + timedelta(hours=12))
    assert list(eligible(LEAST, department, ASKED)) == [ANN, BOB]
    assert list(eligible(ROUND, department, at_night)) == []
    assert list(eligible(ROUND, department, replace(at_night, department_id=OTHER))) == [ANN, BOB]
    assert list(eligible(FIXED, department, at_night)) == [EVE], "a fixed one is asked at any time"
    assert list(eligible(None, department, ASKED)) == []


def test_the_one_with_the_fewest_open_tickets_is_the_least_loaded() -> None:
    team = [Candidate(ANN, 3), Candidate(BOB, 1), Candidate(EVE, 1)]
    assert choose(LEAST, team) == BOB
    assert choose(LEAST, []) is None


def test_it_is_the_turn_of_who_had_none_or_the_longest_ago() -> None:
    team = [Candidate(ANN, 0, NINE), Candidate(BOB, 9, NINE - timedelta(hours=1)), Candidate(EVE, 9)]
    assert choose(ROUND, team) == EVE
    assert choose(ROUND, team[:2]) == BOB


def test_who_is_responsible_already_stays_so() -> None:
    team = [Candidate(ANN, 3), Candidate(BOB, 1)]
    assert choose(LEAST, team, ANN) == ANN
    assert choose(LEAST, team, EVE) == BOB


@given(st.integers(1, 5), st.integers(1, 30))
def test_turns_go_round(members: int, tickets: int) -> None:
    turns = [NINE - timedelta(days=at) for at in range(members)]
    counts = [0] * members
    for ticket in range(tickets):
        team = [Candidate(UUID(int=at), 0, turn) for at, turn in enumerate(turns)]
        chosen = choose(ROUND, team)
        assert chosen is not None
        turns[chosen.int] = NINE + timedelta(minutes=ticket)
        counts[chosen.int] += 1
    assert max(counts) - min(counts) <= 1
