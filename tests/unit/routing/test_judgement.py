"""What is decided on a ticket, and what is not decided again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from hypothesis import given

from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import DepartmentDecided, Points, SubmissionRuleFacts, TicketWeighed, WeightRuleFacts
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.duty import Candidate
from services.routing.domain.judgement import Case, Judged, evolve, judge, routing_of
from services.routing.domain.submission import SubmissionRule
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import WeightRule
from tests.unit.routing.routing_strategies import NINE, accounts, tickets, weight_rules

DEPARTMENT, OTHER, RULE = UUID(int=1), UUID(int=2), UUID(int=3)
ANN = Candidate(UUID(int=4))


def case_of(
    ticket: Ticket,
    account: Account | None = None,
    weights: Sequence[WeightRule] = (),
    department: UUID | None = None,
    rules: Sequence[SubmissionRule] = (),
) -> Case:
    asked = Circumstances(ticket, account, ticket.categorised_at, department_id=department)
    return Case(asked, weights, rules, {DEPARTMENT, OTHER})


def decide(judged: Judged, case: Case, candidates: Collection[Candidate] = ()) -> list[object]:
    return [*judge(judged, case, routing_of(judged, case), candidates)]


def settled(judged: Judged, case: Case, candidates: Collection[Candidate] = ()) -> Judged:
    for event in judge(judged, case, routing_of(judged, case), candidates):
        judged = evolve(judged, event, NINE)
    return judged


def rule(**given: object) -> SubmissionRule:
    return SubmissionRule.of(RULE, SubmissionRuleFacts.model_validate({"name": "r", **given}))


@given(tickets, accounts)
def test_a_ticket_that_no_rule_matches_is_weighed_as_nothing(ticket: Ticket, account: Account) -> None:
    decided, weighed = decide(Judged(), case_of(ticket, account, department=DEPARTMENT))
    assert decided == DepartmentDecided(department_id=DEPARTMENT, judged_version=ticket.version)
    assert weighed == TicketWeighed(
        points=0, breakdown=[], judged_version=ticket.version, account_version=account.version
    )


@given(tickets, accounts, weight_rules)
def test_nothing_is_decided_twice(ticket: Ticket, account: Account, rules: list[WeightRule]) -> None:
    case = case_of(ticket, account, rules, DEPARTMENT)
    assert decide(settled(Judged(), case), case) == []
    assert decide(settled(Judged(), case), replace(case, is_again=True)) == []


@given(tickets, accounts, weight_rules)
def test_the_points_are_the_sum_of_the_breakdown(ticket: Ticket, account: Account, rules: list[WeightRule]) -> None:
    weight = settled(Judged(), case_of(ticket, account, rules)).weight
    assert weight is not None
    assert weight.points == sum(part.points for part in weight.breakdown)


@given(tickets)
def test_a_department_is_decided_once_and_as_soon_as_there_is_one(ticket: Ticket) -> None:
    undecided = settled(Judged(), case_of(ticket))
    assert undecided.department is None
    decided = settled(undecided, case_of(ticket, department=DEPARTMENT))
    assert decided.department is not None
    assert settled(decided, case_of(ticket, department=OTHER)) == decided


@given(tickets)
def test_a_department_is_decided_anew_for_each_category_even_if_it_is_the_same(ticket: Ticket) -> None:
    decided = settled(Judged(), case_of(ticket, department=DEPARTMENT))
    edited = replace(ticket, version=ticket.version + 2, categorised=ticket.version + 2)
    again = settled(decided, case_of(edited, department=DEPARTMENT))
    assert again.department == DepartmentDecided(department_id=DEPARTMENT, judged_version=edited.version)
    assert decide(again, case_of(edited, department=OTHER)) == []
    stayed = settled(decided, case_of(edited))
    assert stayed.department == again.department


@given(tickets)
def test_other_reasons_for_the_same_points_are_told(ticket: Ticket) -> None:
    facts = WeightRuleFacts(name="a", points=1)
    judged = settled(Judged(), case_of(ticket, None, [WeightRule.of(RULE, facts)]))
    (weighed,) = decide(judged, case_of(ticket, None, [WeightRule.of(OTHER, facts)]))
    assert isinstance(weighed, TicketWeighed)
    assert weighed.breakdown == [Points(rule_id=OTHER, name="a", points=1)]


@given(tickets, accounts)
def test_a_rule_that_asks_about_the_account_waits_until_it_is_known(ticket: Ticket, account: Account) -> None:
    rules = [rule(conditions={"attitudes": ["good"]}, then={"department_id": OTHER})]
    waiting = settled(Judged(), case_of(ticket, None, (), DEPARTMENT, rules))
    assert waiting.department is None
    decided = settled(waiting, case_of(ticket, account, (), DEPARTMENT, rules)).department
    assert decided is not None
    assert decided.department_id == (OTHER if account.attitude == "good" else DEPARTMENT)


@given(tickets)
def test_a_decision_says_all_that_the_rules_say_and_why(ticket: Ticket) -> None:
    then = {"responsible": {"by": "least_loaded"}, "urgency": "low", "tags": ["a"]}
    decided = settled(Judged(), case_of(ticket, None, (), DEPARTMENT, [rule(then=then)]), [ANN]).department
    assert decided is not None
    assert (decided.responsible_id, decided.urgency, decided.tags) == (ANN.id, Urgency.LOW, ["a"])
    assert decided.explanation is not None
    assert [one.gave for one in decided.explanation.applied] == [["responsible", "urgency", "tags"]]


@given(tickets)
def test_judging_again_tells_only_what_is_different(ticket: Ticket) -> None:
    judged = settled(Judged(), case_of(ticket, department=DEPARTMENT))
    moved = replace(case_of(ticket, department=DEPARTMENT, rules=[rule(then={"department_id": OTHER})]), is_again=True)
    (decided,) = decide(judged, moved)
    assert isinstance(decided, DepartmentDecided)
    assert decided.department_id == OTHER
    other_reason = replace(moved, submission_rules=[rule(then={"department_id": OTHER}, name="other")])
    assert decide(settled(judged, moved), other_reason) == []
