"""Who sees which ticket is what the table of rights says; who does not see it, is told nothing but that it is gone."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.service.rights import Right, Role, Staff
from services.query.domain.changes import Where, Word
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight

few = st.integers(1, 4).map(lambda number: UUID(int=number))
several = st.frozensets(few, max_size=3)
administrators = st.builds(Staff, id=few, role=st.sampled_from(Role), departments=several, headed=several)
places = st.builds(Where, department=st.none() | few, responsible=st.none() | few)


@given(administrators, places)
def test_a_ticket_is_seen_by_who_has_the_right_to_read_it(staff: Staff, where: Where) -> None:
    may_read = Right.READ in staff.on_ticket(where.department, where.responsible)
    assert Sight.of(staff).sees(where.department, where.responsible) is may_read


@given(administrators, places)
def test_where_to_look_is_where_tickets_are_seen_whoever_is_responsible(staff: Staff, where: Where) -> None:
    sight = Sight.of(staff)
    looked_in = sight.places is None or (where.department or UNPLACED) in sight.places
    assert looked_in is sight.sees(where.department, None)


def word(now: Where | None, *before: Where) -> Word:
    return Word("t", now, frozenset(before), b"row" if now else None, b"gone", "account", b"client's row")


@given(administrators, st.none() | places, st.lists(places, max_size=3))
def test_a_word_is_the_row_for_who_sees_it_and_gone_for_who_did(
    staff: Staff, now: Where | None, before: list[Where]
) -> None:
    sight = Sight.of(staff)
    sees = now is not None and sight.sees(now.department, now.responsible)
    saw = any(sight.sees(was.department, was.responsible) for was in before)
    assert word(now, *before).to(sight) == (b"row" if sees else b"gone" if saw else None)


def test_a_system_sees_everything_and_a_client_what_is_of_the_account() -> None:
    hidden = word(Where(UUID(int=9), None))
    assert hidden.to(EVERYTHING) == b"row"
    assert hidden.to("account") == b"client's row"
    assert hidden.to("another") is None
