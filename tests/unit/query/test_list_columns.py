"""What stands in a table of tickets, and that no spreadsheet calculates it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.domain.columns import ALL, harmless, texts

TICKET: dict[str, Any] = {
    "id": "i",
    "number": 7,
    "subject": "=1+1",
    "state": "active",
    "account": {"id": "a", "name": "Acme", "attitude": "good", "group": None},
    "user": {"id": "u", "name": "@jane"},
    "weight": -3,
    "points": -3,
    "delay_seconds": None,
    "remaining_seconds": -60,
    "deadline_at": "2026-01-05T09:00:00Z",
    "overdue": True,
    "responsible": None,
    "department": {"id": "d", "name": "Mail"},
    "project": None,
    "category": {"id": "c", "name": None},
    "urgency": "low",
    "tags": ["a", "b"],
    "channel": "email",
    "unread": False,
    "block": {"holder": {"id": "h", "name": "Sam"}, "since": "2026-01-05T09:00:00Z"},
    "waiting_since": None,
    "opened_at": "2026-01-05T09:00:00Z",
    "last_activity_at": "2026-01-05T09:00:00Z",
    "closes_at": None,
    "closed_at": None,
    "close_reason": None,
}


def test_every_column_has_a_text() -> None:
    row = dict(zip(ALL, texts(TICKET, ALL), strict=True))
    assert (row["account"], row["account_id"], row["attitude"], row["group"]) == ("Acme", "a", "good", "")
    assert (row["tags"], row["overdue"], row["unread"], row["delay_seconds"]) == ("a, b", "true", "false", "")
    assert (row["blocked_by"], row["category"], row["responsible"]) == ("Sam", "", "")


def test_texts_are_made_harmless_and_numbers_stay_numbers() -> None:
    assert texts(TICKET, ("subject", "user", "weight", "remaining_seconds")) == ["'=1+1", "'@jane", "-3", "-60"]


@pytest.mark.parametrize("text", ["=a", "+a", "-a", "@a", "\ta", "\ra", "\na", " =a", "\uff1da", "\u3000=a", "\xa0+a"])
def test_a_text_that_would_be_calculated_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.text())
def test_any_other_text_is_left_alone(text: str) -> None:
    assert harmless(text) in {text, f"'{text}"}
    if text[:1].isalnum():
        assert harmless(text) == text
