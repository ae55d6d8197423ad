"""A cursor says where a page ended, and of which list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.service.http import encode_cursor
from libs.service.problems import Invalid
from services.query.domain import mine
from services.query.domain.orders import End, after
from tests.unit.query.query_strategies import NOW, instants

ends = st.builds(
    End,
    sort=st.sampled_from(["weight", "delay", "remaining", "id"]),
    order=st.sampled_from(["asc", "desc"]),
    as_of=instants,
    group=st.sampled_from([0, 1]),
    key=st.integers(-(2**55), 2**55),
    number=st.integers(0, 2**40),
)


@given(ends)
def test_a_cursor_is_read_back_as_it_was(end: End) -> None:
    assert after(end.cursor(), end.sort, end.order) == end


def test_no_cursor_is_the_beginning() -> None:
    assert after(None, "weight", "desc") is None


@pytest.mark.parametrize(("sort", "order"), [("delay", "desc"), ("weight", "asc")])
def test_a_cursor_of_another_order_is_refused(sort: str, order: str) -> None:
    end = End("weight", "desc", NOW, 0, 1, 1)
    with pytest.raises(Invalid):
        after(end.cursor(), sort, order)  # type: ignore[arg-type]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z"])
def test_an_instant_that_nobody_can_reckon_with_is_refused(at: str) -> None:
    """Anybody can write a cursor; PostgreSQL takes no instant beyond its own, and finds none before the first."""
    with pytest.raises(Invalid):
        after(encode_cursor(["weight", "desc", at, 0, 1, 1]), "weight", "desc")
    with pytest.raises(Invalid):
        mine.after(encode_cursor(["activity", at, 1]), "activity")


@pytest.mark.parametrize("value", [1, [], ["weight", "desc", "today", 0, 1, 1], ["weight", "desc", NOW, 2, 1, 1]])
def test_what_is_no_cursor_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        after(encode_cursor(value), "weight", "desc")
