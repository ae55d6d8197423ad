"""A cursor says where a page ended, and of which list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.service.http import encode_cursor
from libs.service.problems import Invalid
from services.query.api.models import Paged
from services.query.domain import mine
from services.query.domain.collation import LONGEST
from services.query.domain.orders import BY_TEXT, USUAL, End, Sort, after
from tests.unit.query.query_strategies import NOW, instants

LONGEST_CURSOR = next(rule.max_length for rule in Paged.model_fields["cursor"].metadata if hasattr(rule, "max_length"))
keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=LONGEST)


@st.composite
def ends(draw: st.DrawFn) -> End:
    sort = draw(st.sampled_from(list(USUAL)))
    key = draw(keys if sort in BY_TEXT else st.integers(-(2**55), 2**55))
    order, group = draw(st.sampled_from(["asc", "desc"])), draw(st.sampled_from([0, 1]))
    return End(sort, order, draw(instants), group, key, draw(st.integers(0, 2**40)))  # type: ignore[arg-type]


@given(ends())
def test_a_cursor_is_read_back_as_it_was(end: End) -> None:
    assert after(end.cursor(), end.sort, end.order) == end
    assert len(end.cursor()) <= LONGEST_CURSOR


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("weight", "a"),
        ("subject", 1),
        ("subject", "x" * (LONGEST + 1)),
        ("account", "a\0"),
        ("urgency", "high"),
        ("id", None),
    ],
)
def test_a_key_of_another_kind_or_length_is_refused(sort: Sort, key: object) -> None:
    with pytest.raises(Invalid):
        after(encode_cursor([sort, "asc", NOW, 0, key, 1]), sort, "asc")


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
