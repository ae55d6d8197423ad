"""A body is taken if, and only if, the JSON Schema in the documentation allows it."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import Field, ValidationError

from libs.service.bodies import AsNumber, Body, Day, Distinct, Exact, Flag, Instant, LeftOut, Number
from libs.service.text import Name, Text


class Thing(Body):
    is_on: Flag = True
    count: Annotated[int, Field(ge=0, le=9), AsNumber] = 0
    share: Annotated[Number, Field(gt=0, le=1)] = 1.0
    price: Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=2), Exact] | None = None
    balance: Annotated[Decimal, Field(max_digits=5, decimal_places=2), Exact] | None = None
    day: Day | None = None
    at: Instant | None = None
    numbers: Annotated[list[int], Field(max_length=3), Distinct] = Field([])
    name: Name = LeftOut
    text: Annotated[Text, Field(max_length=5)] = LeftOut


SCHEMA = Draft202012Validator(Thing.model_json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def is_taken(body: Any) -> bool:
    try:
        Thing.model_validate(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({}, True),
        ({"unknown": 1}, False),
        ({"is_on": False}, True),
        ({"is_on": 0}, False),
        ({"is_on": "true"}, False),
        ({"count": 9}, True),
        ({"count": 9.0}, True),
        ({"count": 10}, False),
        ({"count": True}, False),
        ({"count": "9"}, False),
        ({"count": 1.5}, False),
        ({"share": 1}, True),
        ({"share": True}, False),
        ({"share": "0.5"}, False),
        ({"price": "999.99"}, True),
        ({"price": 5}, True),
        ({"price": "1000"}, False),
        ({"price": 1000}, False),
        ({"price": "-1"}, False),
        ({"price": "1e2"}, False),
        ({"price": " 5"}, False),
        ({"price": ".5"}, False),
        ({"price": "0.001"}, False),
        ({"balance": "-999.99"}, True),
        ({"balance": -1000}, False),
        ({"balance": True}, False),
        ({"day": "2026-01-05"}, True),
        ({"day": "5 January"}, False),
        ({"day": 0}, False),
        ({"at": 0}, False),
        ({"numbers": [1, 2, 3]}, True),
        ({"numbers": [1, 1]}, False),
        ({"numbers": [1, 2, 3, 4]}, False),
        ({"name": " Ada "}, True),
        ({"name": " \t"}, False),
        ({"name": "A\0da"}, False),
        ({"name": None}, False),
        ({"text": ""}, True),
        ({"text": "\0"}, False),
        ({"text": "longer"}, False),
    ],
)
def test_what_the_schema_says_is_what_is_taken(body: dict[str, Any], fits: bool) -> None:  # noqa: FBT001 - a table
    assert (is_taken(body), SCHEMA.is_valid(body)) == (fits, fits)


@given(
    st.dictionaries(st.sampled_from(list(Thing.model_fields)), st.none() | st.booleans() | st.integers() | st.floats())
)
def test_a_number_is_taken_where_the_schema_has_one(body: dict[str, Any]) -> None:
    assert is_taken(body) == SCHEMA.is_valid(body)
