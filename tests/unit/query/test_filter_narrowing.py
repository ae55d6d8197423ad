"""A view narrowed by what is asked for besides has what meets both, and means something else to each reader."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.service.problems import Invalid
from libs.service.rights import Role, Staff
from services.query.domain.membership import Facts, keys_of_list, keys_of_ticket, predicate
from services.query.domain.narrowing import NOTHING, as_meant, narrowed
from services.query.domain.orders import Filters, State
from services.query.domain.personal import ME, MINE, NOBODY
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight

IDS = [UNPLACED, *(uuid4() for _ in range(3))]
NOW = datetime(2026, 1, 5, tzinfo=UTC)
SOON = 1_767_571_200_000_000
INSTANTS = [NOW + timedelta(hours=hours) for hours in range(4)]
flags = st.none() | st.booleans()
one_id = st.none() | st.sampled_from(IDS[1:])
several = st.lists(st.sampled_from(IDS), max_size=3, unique=True).map(tuple)


def some_of(kind: type[Attitude | Urgency | Channel]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(list(kind)), max_size=2, unique=True).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    fields = {
        "state": st.sampled_from(State),
        **dict.fromkeys(("account_id", "user_id"), one_id),
        **dict.fromkeys(("department_id", "responsible_id", "category_id", "project_id", "group_id"), several),
        "attitude": some_of(Attitude),
        "urgency": some_of(Urgency),
        "channel": some_of(Channel),
        **dict.fromkeys(("unread", "waiting", "blocked", "overdue"), flags),
        **dict.fromkeys(("opened_since", "opened_before"), st.none() | st.sampled_from(INSTANTS)),
    }
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
    return Filters.model_validate({name: draw(fields[name]) for name in names})


ids = st.sampled_from([str(one) for one in IDS])
tickets = st.builds(
    Facts,
    number=st.just(1),
    state=st.sampled_from(["active", "closed"]),
    **dict.fromkeys(("account", "user", "department", "responsible", "category", "project", "group"), ids),
    attitude=st.sampled_from(Attitude).map(str),
    urgency=st.sampled_from(Urgency).map(str),
    channel=st.sampled_from(Channel).map(str),
    tags=st.just([]),
    **dict.fromkeys(("unread", "waiting", "blocked"), st.booleans()),
    deadline=st.none() | st.integers(SOON - 1, SOON + 1),
    opened=st.integers(SOON - 10**9, SOON + 4 * 3600 * 10**6),
)
sights = st.just(EVERYTHING) | st.builds(Sight, st.sampled_from(IDS[1:]), st.frozensets(st.sampled_from(IDS[1:])))


@given(filters(), filters(), tickets)
def test_it_has_what_meets_both(view: Filters, asked: Filters, ticket: Facts) -> None:
    meets = [predicate(one, EVERYTHING)(ticket, SOON) for one in (view, asked)]
    is_said = asked.model_fields_set & {"state"}
    of_asked = (
        meets[1] if is_said else predicate(asked.model_copy(update={"state": State.ALL}), EVERYTHING)(ticket, SOON)
    )
    assert predicate(narrowed(view, asked), EVERYTHING)(ticket, SOON) is (meets[0] and of_asked)


@given(filters(), sights, tickets)
def test_a_ticket_of_a_list_has_one_of_the_keys_by_which_the_list_is_found(
    asked: Filters, sight: Sight, ticket: Facts
) -> None:
    if predicate(asked, sight)(ticket, SOON):
        assert not keys_of_list(asked, sight).isdisjoint(keys_of_ticket(ticket))


def test_both_of_tags_cannot_be_said() -> None:
    with pytest.raises(Invalid):
        narrowed(Filters(tag=("a",)), Filters(tag=("b",)))
    assert narrowed(Filters(), Filters(tag=("b",))).tag == ("b",)
    assert narrowed(Filters(tag=("b",)), Filters(tag=("b",))).tag == ("b",)


def test_what_excludes_each_other_leaves_nothing() -> None:
    assert narrowed(Filters(unread=True), Filters(unread=False)) == NOTHING
    assert narrowed(Filters(category_id=(IDS[1],)), Filters(category_id=(IDS[2],))) == NOTHING


def test_me_and_mine_are_the_readers_own() -> None:
    asked = Filters.model_validate({"responsible_id": ["me", str(IDS[1])], "department_id": ["mine"]})
    assert (asked.responsible_id, asked.department_id) == ((ME, IDS[1]), (MINE,))
    assert asked.model_dump(mode="json", exclude_defaults=True) == {
        "responsible_id": ["me", str(IDS[1])],
        "department_id": ["mine"],
    }
    reader = Staff(IDS[2], Role.AGENT, departments=frozenset({IDS[1]}), headed=frozenset({IDS[3]}))
    meant = as_meant(asked, reader)
    assert meant.responsible_id == (IDS[2], IDS[1])
    assert set(meant.department_id) == {IDS[1], IDS[3]}


def test_who_has_no_departments_has_an_empty_list_of_their_own_ones() -> None:
    asked = Filters.model_validate({"department_id": ["mine"]})
    for reader in (Staff(IDS[1], Role.OWNER), None):
        assert as_meant(asked, reader).department_id == (NOBODY,)
