"""What is decided on a ticket, and what is not decided again."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given

from libs.events.catalogue.routing import DepartmentDecided, Points, TicketWeighed, WeightRuleFacts
from services.routing.domain.judgement import Case, Judged, evolve, judge
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import Account, Rule
from tests.unit.routing.routing_strategies import NINE, accounts, named_rules, tickets

DEPARTMENT, OTHER, RULE = UUID(int=1), UUID(int=2), UUID(int=3)


def settled(judged: Judged, case: Case) -> Judged:
    for event in judge(judged, case):
        judged = evolve(judged, event, NINE)
    return judged


@given(tickets, accounts)
def test_a_ticket_that_no_rule_matches_is_weighed_as_nothing(ticket: Ticket, account: Account) -> None:
    decided, weighed = judge(Judged(), Case(ticket, account, [], DEPARTMENT))
    assert decided == DepartmentDecided(department_id=DEPARTMENT, judged_version=ticket.version)
    assert weighed == TicketWeighed(
        points=0, breakdown=[], judged_version=ticket.version, account_version=account.version
    )


@given(tickets, accounts, named_rules)
def test_nothing_is_decided_twice(ticket: Ticket, account: Account, rules: list[Rule]) -> None:
    case = Case(ticket, account, rules, DEPARTMENT)
    assert judge(settled(Judged(), case), case) == []


@given(tickets, accounts, named_rules)
def test_the_points_are_the_sum_of_the_breakdown(ticket: Ticket, account: Account, rules: list[Rule]) -> None:
    weight = settled(Judged(), Case(ticket, account, rules, None)).weight
    assert weight is not None
    assert weight.points == sum(part.points for part in weight.breakdown)


@given(tickets)
def test_a_department_is_decided_once_and_as_soon_as_there_is_one(ticket: Ticket) -> None:
    undecided = settled(Judged(), Case(ticket, None, [], None))
    assert undecided.department is None
    decided = settled(undecided, Case(ticket, None, [], DEPARTMENT))
    assert decided.department is not None
    assert settled(decided, Case(ticket, None, [], OTHER)) == decided


@given(tickets)
def test_a_department_is_decided_anew_for_each_category_even_if_it_is_the_same(ticket: Ticket) -> None:
    decided = settled(Judged(), Case(ticket, None, [], DEPARTMENT))
    edited = replace(ticket, version=ticket.version + 2, categorised=ticket.version + 2)
    again = settled(decided, Case(edited, None, [], DEPARTMENT))
    assert again.department == DepartmentDecided(department_id=DEPARTMENT, judged_version=edited.version)
    assert judge(again, Case(edited, None, [], OTHER)) == []
    stayed = settled(decided, Case(edited, None, [], None))
    assert stayed.department == again.department


@given(tickets)
def test_other_reasons_for_the_same_points_are_told(ticket: Ticket) -> None:
    rule = WeightRuleFacts(name="a", points=1)
    judged = settled(Judged(), Case(ticket, None, [(RULE, rule)], None))
    (weighed,) = judge(judged, Case(ticket, None, [(OTHER, rule)], None))
    assert isinstance(weighed, TicketWeighed)
    assert weighed.breakdown == [Points(rule_id=OTHER, name="a", points=1)]
