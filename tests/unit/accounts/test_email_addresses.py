"""E-mail addresses: what is one, and which are the same."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.accounts.emails import Email, folded

EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@pytest.mark.parametrize("text", ["jane@example.com", "admin@localhost", "a.b+c'd@x-y.example", "zoë@exämple.com"])
def test_an_address_is_kept_as_it_was_written(text: str) -> None:
    assert EMAIL.validate_python(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "jane@",
        "@example.com",
        "jane@a@b",
        "ja ne@example.com",
        "jane@example.com\nBcc: all@example.com",
        "jane@exam\x00ple.com",
        "jane@exam\u200bple.com",
        "Jane <jane@example.com>",
        "a@x.com,b@x.com",
        "jane@example.com\ud800",
        f"{'a' * 65}@example.com",
        f"jane@{'a' * 250}",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        EMAIL.validate_python(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane@Example.com", "jane@example.COM"),
        ("zo\u00eb@example.com", "zoe\u0308@example.com"),
        ("STRASSE@example.com", "stra\u00dfe@example.com"),
    ],
)
def test_addresses_that_people_take_for_the_same_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_different_addresses_stay_different() -> None:
    assert folded("jane@example.com") != folded("jane@example.org")
