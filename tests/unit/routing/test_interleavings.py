"""A ticket's last weight is the same for every order in which two logs can be read."""

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import ClientReplied, TicketAnswered, TicketClosed, TicketOpened
from libs.events.catalogue.routing import DepartmentDecided, TicketWeighed, WeightRuleFacts
from services.routing.domain import judgement, tickets
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.judgement import Case, Judged
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import WeightRule
from tests.unit.routing.routing_strategies import NINE, accounts

RULES = [
    WeightRule.of(UUID(int=at), WeightRuleFacts.model_validate(facts))
    for at, facts in enumerate(
        [
            {"name": "Bad", "points": -5, "conditions": {"attitudes": ["bad"]}},
            {"name": "Big", "points": 1, "per": "service"},
        ]
    )
]
DEPARTMENT = UUID(int=3)
OPENED = TicketOpened.example().model_copy(update={"waiting_since": NINE})
HAPPENINGS = [ClientReplied.example(), TicketAnswered.example(), TicketClosed()]

Told = list[tuple[datetime, Account]]
Happened = list[tuple[datetime, EventData]]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Told, Happened, list[bool], list[bool]]:
    """Versions of an account, what happened to its ticket, and two orders of arrival: True is accounts' turn."""
    told = [NINE + timedelta(minutes=minute) for minute in draw(_minutes(-2, 1))]
    happened = [NINE + timedelta(minutes=minute) for minute in draw(_minutes(1, 0))]
    versions = [(time, draw(accounts)) for time in told]
    events: Happened = [(time, draw(st.sampled_from(HAPPENINGS))) for time in happened]
    turns = [True] * len(versions) + [False] * (1 + len(events))
    return versions, [(NINE, OPENED), *events], draw(st.permutations(turns)), draw(st.permutations(turns))


def _minutes(first: int, fewest: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(first, 9), min_size=fewest, max_size=4, unique=True).map(sorted)


def account_at(told: Told, until: datetime | None) -> Account | None:
    """The last version by then; of an account that seems younger, the first."""
    by_then = [account for time, account in told if until is None or time <= until]
    if not told:
        return None
    return by_then[-1] if by_then else told[0][1]


def read(told: Told, happened: Happened, turns: list[bool]) -> tuple[Judged, list[EventData]]:
    """Judge after each arrival; what is decided in the end, and all that was told on the way."""
    known, judged, ticket = 0, Judged(), None
    decisions: list[EventData] = []
    rest = iter(enumerate(happened, 1))
    for is_accounts_turn in turns:
        if is_accounts_turn:
            known += 1
        else:
            version, (time, data) = next(rest)
            ticket = tickets.evolve(ticket, data, time, version)
        case = _case(ticket, told[:known]) if ticket else None
        for event in judgement.judge(judged, case, judgement.routing_of(judged, case)) if case else []:
            decisions.append(event)
            judged = judgement.evolve(judged, event, NINE)
    return judged, decisions


def _case(ticket: Ticket, told: Told) -> Case:
    account = account_at(told, ticket.waited_until)
    return Case(Circumstances(ticket, account, ticket.categorised_at, department_id=DEPARTMENT), RULES)


@given(histories())
def test_two_orders_of_arrival_end_with_the_same_weight_and_one_department(
    history: tuple[Told, Happened, list[bool], list[bool]],
) -> None:
    told, happened, one, other = history
    (first, told_first), (second, told_second) = read(told, happened, one), read(told, happened, other)
    assert first.weight is not None
    assert second.weight is not None
    assert first.weight.breakdown == second.weight.breakdown
    for decisions in (told_first, told_second):
        assert sum(isinstance(event, DepartmentDecided) for event in decisions) == 1


@given(histories())
def test_no_decision_repeats_the_one_before(history: tuple[Told, Happened, list[bool], list[bool]]) -> None:
    told, happened, turns, _ = history
    _, decisions = read(told, happened, turns)
    breakdowns = [event.breakdown for event in decisions if isinstance(event, TicketWeighed)]
    assert all(one != next_one for one, next_one in pairwise(breakdowns))
