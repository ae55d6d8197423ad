"""What conditions say, against a slow and obvious reckoning, and in their own words."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter, ValidationError

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.conditions import All, AnyOf, Condition, Not, Tree
from libs.events.catalogue.intake import Channel, Urgency
from services.routing.domain.circumstances import Account, Circumstances, Words
from services.routing.domain.conditions import compiled
from services.routing.domain.tickets import Ticket
from tests.unit.routing.routing_strategies import (
    CATEGORIES,
    DEPARTMENTS,
    HOURS,
    NINE,
    OTHERS,
    circumstances,
    conditions,
    hours_of,
)

CONDITION: TypeAdapter[Condition] = TypeAdapter(Tree)
TICKET = Ticket(
    account_id=OTHERS[0],
    category_id=CATEGORIES[0],
    urgency=Urgency.HIGH,
    version=1,
    categorised=1,
    categorised_at=NINE,
    opened_at=NINE,
    waited_until=None,
    project_id=OTHERS[1],
    channel=Channel.EMAIL,
    language="de-AT",
)
ACCOUNT = Account(1, Attitude.GOOD, ("vps", "vps", "domain"), Decimal("29.99"), OTHERS[1])
WORDS = Words("Mail in der Straße", "Seit gestern: Fehler 550")
ASKED = Circumstances(TICKET, ACCOUNT, NINE, WORDS, DEPARTMENTS[0], HOURS)


def holds(condition: dict[str, Any], asked: Circumstances = ASKED) -> bool | None:
    return compiled(CONDITION.validate_python(condition)).test(asked)


def slowly_holds(condition: Condition, asked: Circumstances) -> bool | None:
    """By a number line: no is 0, not to be said 1, yes 2."""
    scale: list[bool | None] = [False, None, True]
    match condition:
        case All(of=of):
            return scale[min((scale.index(slowly_holds(part, asked)) for part in of), default=2)]
        case AnyOf(of=of):
            return scale[max(scale.index(slowly_holds(part, asked)) for part in of)]
        case Not(of=part):
            return scale[2 - scale.index(slowly_holds(part, asked))]
    return compiled(condition).test(asked)


@given(conditions, circumstances)
def test_what_is_put_together_holds_by_kleenes_logic(condition: Condition, asked: Circumstances) -> None:
    assert compiled(condition).test(asked) is slowly_holds(condition, asked)


@given(conditions, circumstances)
def test_the_failing_part_does_not_hold_and_is_where_its_path_says(condition: Condition, asked: Circumstances) -> None:
    whole = compiled(condition)
    if whole.test(asked) is True:
        return
    part = whole.failing(asked)
    assert part.test(asked) is not True
    found: Any = CONDITION.dump_python(condition)
    for step in part.path.split("/")[1:]:
        found = found[int(step) if isinstance(found, tuple) else step]
    assert found["kind"] == part.kind


@given(conditions)
def test_a_condition_is_the_same_after_it_was_written_and_read(condition: Condition) -> None:
    assert CONDITION.validate_json(CONDITION.dump_json(condition)) == condition


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"kind": "category", "ids": [str(CATEGORIES[0])]}, True),
        ({"kind": "category", "ids": [str(CATEGORIES[1])]}, False),
        ({"kind": "account", "ids": [str(OTHERS[0])]}, True),
        ({"kind": "group", "ids": [str(OTHERS[1])]}, True),
        ({"kind": "project", "ids": [str(OTHERS[0])]}, False),
        ({"kind": "attitude", "values": ["good", "bad"]}, True),
        ({"kind": "urgency", "values": ["low"]}, False),
        ({"kind": "channel", "values": ["email"]}, True),
        ({"kind": "language", "values": ["DE"]}, True),
        ({"kind": "language", "values": ["de-CH", "den"]}, False),
        ({"kind": "services", "at_least": 3, "at_most": 3}, True),
        ({"kind": "services", "at_least": 3, "product_types": ["vps"]}, False),
        ({"kind": "services", "at_most": 0, "product_types": ["mail"]}, True),
        ({"kind": "expenses", "at_least": "29.99"}, True),
        ({"kind": "expenses", "at_most": "29.98"}, False),
        ({"kind": "subject", "contains": ["web", "STRASSE"]}, True),
        ({"kind": "text", "contains": ["mail"]}, False),
        ({"kind": "text", "matches": r"\b5\d\d\b"}, True),
        ({"kind": "subject", "matches": "^mail"}, False),
        ({"kind": "subject", "matches": "(?i)^mail"}, True),
        ({"kind": "all", "of": []}, True),
        ({"attitudes": ["good"], "min_services": 4}, False),
        ({"attitudes": ["good"], "min_services": 3, "urgencies": None}, True),
    ],
)
def test_each_condition_says_what_it_means(condition: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 - a table
    assert holds(condition) is expected
    assert holds({"kind": "not", "of": condition} if "kind" in condition else condition) is (
        not expected if "kind" in condition else expected
    )


@pytest.mark.parametrize("kind", ["attitude", "group", "services", "expenses"])
def test_of_an_account_that_is_not_known_nothing_is_said_nor_the_contrary(kind: str) -> None:
    values = {"attitude": {"values": ["good"]}, "group": {"ids": [str(OTHERS[0])]}}.get(kind, {"at_least": 0})
    unknown = replace(ASKED, account=None)
    condition = {"kind": kind, **values}
    assert holds(condition, unknown) is None
    assert holds({"kind": "not", "of": condition}, unknown) is None
    assert holds({"kind": "any", "of": [condition, {"kind": "all"}]}, unknown) is True


@pytest.mark.parametrize(
    ("at", "starts", "ends", "expected"),
    [
        ("2026-01-05T07:59:59Z", "09:00", "17:00", False),
        ("2026-01-05T08:00:00Z", "09:00", "17:00", True),
        ("2026-01-05T16:00:00Z", "09:00", "17:00", False),
        ("2026-07-05T07:00:00Z", "09:00", "17:00", True),
        ("2026-01-05T21:30:00Z", "22:00", "06:00", True),
        ("2026-01-05T05:00:00Z", "22:00", "06:00", False),
        ("2026-01-05T04:59:00Z", "22:00", "06:00", True),
    ],
)
def test_the_time_of_day_is_that_of_the_departments_zone(at: str, starts: str, ends: str, expected: bool) -> None:  # noqa: FBT001
    condition = {"kind": "time_of_day", "starts": starts, "ends": ends}
    assert holds(condition, replace(ASKED, at=datetime.fromisoformat(at))) is expected


def test_hours_count_by_the_version_in_force_then() -> None:
    condition = {"kind": "working_hours", "department_id": str(DEPARTMENTS[1])}
    nights = hours_of({"time_zone": "UTC", "weekly": {"mon": [["20:00", "24:00"]]}}, NINE + timedelta(hours=1))
    asked = replace(ASKED, hours={DEPARTMENTS[1]: nights})
    assert holds(condition, asked) is True, "before hours were ever set it was always open"
    assert holds(condition, replace(asked, at=NINE + timedelta(hours=2))) is False
    assert holds(condition, replace(asked, at=NINE + timedelta(hours=12))) is True
    assert holds({**condition, "inside": False}, replace(asked, at=NINE + timedelta(hours=2))) is True
    assert holds(condition, replace(asked, at=NINE + timedelta(days=400))) is None, "no table reaches there"


def test_without_a_department_hours_are_those_of_where_the_ticket_goes() -> None:
    condition = {"kind": "working_hours"}
    at_night = replace(ASKED, at=NINE + timedelta(hours=12))
    assert holds(condition, at_night) is False
    assert holds(condition, at_night.going_to(DEPARTMENTS[1])) is True
    assert holds(condition, replace(at_night, department_id=None)) is None


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "colour", "values": ["red"]},
        {"kind": "urgency", "values": []},
        {"kind": "urgency", "values": ["high", "high"]},
        {"kind": "services"},
        {"kind": "subject"},
        {"kind": "text", "contains": ["a"], "matches": "a"},
        {"kind": "time_of_day", "starts": "9:00", "ends": "10:00"},
        {"kind": "any", "of": []},
        {"kind": "all", "parts": []},
    ],
)
def test_what_is_no_condition_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_python(condition)


def test_a_pattern_that_would_run_away_elsewhere_takes_no_time() -> None:
    asked = replace(ASKED, words=Words("", "a" * 100_000 + "!"))
    assert holds({"kind": "text", "matches": "^(a+)+$"}, asked) is False
