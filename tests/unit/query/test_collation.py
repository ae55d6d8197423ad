"""Names and subjects stand where people look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.domain.collation import LONGEST, sorted_as

EXPECTED = [
    ["7", "9", "10", "Abteilung 2", "abteilung 10", "Zentrale"],
    ["Apfel", "Äpfel", "Apfelbaum", "Łódź", "Lotus", "Zebra"],
    ["straße", "Strasse 1", "STRASSE 2"],
    ["Ёж", "ежевика", "Иванов", "Икс", "Йод", "Яков"],
    ["007", "8", "0010"],
]


@pytest.mark.parametrize("expected", EXPECTED)
def test_names_are_sorted_as_people_expect(expected: list[str]) -> None:
    keys = [sorted_as(name) for name in expected]
    assert keys == sorted(keys)


def test_case_and_accents_make_no_difference() -> None:
    assert sorted_as("  ÉCOLE ") == sorted_as("école") == sorted_as("ecole")


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_numbers_are_in_the_order_of_their_values(one: int, other: int) -> None:
    assert (sorted_as(f"Team {one}") < sorted_as(f"Team {other}")) == (one < other)


@given(st.text())
def test_a_key_is_short_whatever_it_is_of(text: str) -> None:
    assert len(sorted_as(text)) <= LONGEST
