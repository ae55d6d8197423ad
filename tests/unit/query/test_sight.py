"""Who sees which ticket is what the table of rights says; who does not see it, is told nothing but that it is gone."""

from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.service.rights import Right, Role, Staff
from services.query.domain.changes import Place, event, gone, out
from services.query.domain.membership import NONE, Facts
from services.query.domain.orders import Filters
from services.query.domain.sight import UNPLACED, Sight
from services.query.live.lists import LiveList
from services.query.live.standing import Standing
from services.query.live.touched import Touched
from services.query.live.viewer import Viewer
from services.query.live.wish import Chosen, Wish


class Where(NamedTuple):
    """Where a ticket is."""

    department: UUID | None
    responsible: UUID | None


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


def facts(where: Where) -> Facts:
    whatever: dict[str, Any] = dict.fromkeys(Facts._fields, NONE)
    places = {"department": str(where.department or UNPLACED), "responsible": str(where.responsible or UNPLACED)}
    return Facts(**{**whatever, **places, "number": 1, "state": "active"})


def told(sight: Sight, filters: Filters | None, now: Where | None, before: list[Where]) -> bytes | None:
    """What viewers of a list are told of a ticket after some changes."""
    was = [facts(where) for where in before]
    touched = Touched("t", Place(1, 1), was[0] if was else None, 0, was, 0, 0, now and facts(now), shown=lambda: "{}")
    watched = LiveList(Chosen(filters, sight), Standing())
    watched.viewers.add(Viewer(Wish(), Standing()))
    said, _ = watched.take(touched)
    assert watched.recalled(touched) == said, "who comes back is told the same"
    return said


@given(administrators, st.none() | places, st.lists(places, min_size=1, max_size=3))
def test_a_word_is_the_row_for_who_sees_it_and_gone_for_who_did(
    staff: Staff, now: Where | None, before: list[Where]
) -> None:
    sight = Sight.of(staff)
    sees = now is not None and sight.sees(now.department, now.responsible)
    saw = any(sight.sees(was.department, was.responsible) for was in before)
    assert told(sight, None, now, before) == (event("ticket", "{}") if sees else gone("t") if saw else None)


@given(administrators, st.none() | places, st.lists(places, min_size=1, max_size=3), several)
def test_who_had_it_in_a_list_and_still_sees_it_is_told_that_it_is_out(
    staff: Staff, now: Where | None, before: list[Where], asked: frozenset[UUID]
) -> None:
    sight, filters = Sight.of(staff), Filters(department_id=(UUID(int=1), *asked))

    def has(where: Where) -> bool:
        return sight.sees(where.department, where.responsible) and where.department in filters.department_id

    sees = now is not None and sight.sees(now.department, now.responsible)
    said = told(sight, filters, now, before)
    if now is not None and has(now):
        assert said == event("ticket", "{}" if has(before[0]) else '{,"in":true}')
    elif any(map(has, before)):
        assert said == (out("t") if sees else gone("t"))
    else:
        assert said is None
