"""What people may write down as working hours, and what they are told otherwise."""

from typing import Any

import pytest
from pydantic import ValidationError

from libs.worktime import Calendar

NIGHTS_AND_HOLIDAYS = {
    "time_zone": "America/Argentina/Buenos_Aires",
    "weekly": {"mon": [["08:00", "13:00"], ["14:00", "24:00"]], "fri": [["22:00", "06:00"]]},
    "holidays": ["2025-12-25", "2026-01-01"],
    "exceptions": {"2025-12-24": [["08:00", "12:00"]], "2025-12-31": []},
}


def test_a_calendar_survives_the_journey_through_json() -> None:
    written = Calendar.model_validate(NIGHTS_AND_HOLIDAYS)
    assert Calendar.model_validate_json(written.model_dump_json()) == written
    assert Calendar.model_validate(written.model_dump(mode="json")) == written


def test_its_json_is_what_people_wrote() -> None:
    written = Calendar.model_validate(NIGHTS_AND_HOLIDAYS).model_dump(mode="json", exclude_defaults=True)
    assert written == NIGHTS_AND_HOLIDAYS


def test_no_weekly_schedule_is_another_thing_than_an_empty_one() -> None:
    always, never = Calendar(time_zone="UTC"), Calendar.model_validate({"time_zone": "UTC", "weekly": {}})
    assert always.weekly is None
    assert never.weekly is not None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"time_zone": "Europe/Atlantis"}, "no IANA time zone"),
        ({"time_zone": "Europe"}, "no IANA time zone"),
        ({"time_zone": "localtime"}, "no IANA time zone"),
        ({"time_zone": "../etc/passwd"}, "no IANA time zone"),
        ({"time_zone": ""}, "no IANA time zone"),
        ({"weekly": {"mon": [["8:00", "12:00"]]}}, "'8:00' is no time of day"),
        ({"weekly": {"mon": [["24:00", "12:00"]]}}, "'24:00' is no time of day"),
        ({"weekly": {"mon": [["08:00:30", "12:00"]]}}, "is no time of day"),
        ({"weekly": {"mon": [["\N{ARABIC-INDIC DIGIT ZERO}8:00", "12:00"]]}}, "is no time of day"),
        ({"weekly": {"mon": [["08:00", "24:01"]]}}, "'24:01' is no end of working hours"),
        ({"weekly": {"mon": [["08:00", "12:00\n"]]}}, "is no end of working hours"),
        ({"weekly": {"mon": [["08:00"]]}}, "weekly.mon.0.1"),
        ({"weekly": {"monday": []}}, "Extra inputs are not permitted"),
        ({"holidays": ["2025-02-29"]}, "valid date"),
        ({"holidays": ["2025-12-24T23:00:00Z"]}, "zero time"),
        ({"holidays": ["2101-01-01"]}, "less than 2100-01-01"),
        ({"exceptions": {"1899-12-31": []}}, "greater than or equal to 1900-01-01"),
        ({"opening_hours": []}, "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_named_where_it_is(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Calendar.model_validate({"time_zone": "UTC"} | change)
    assert complaint in str(refused.value)


def test_its_json_schema_tells_clients_how_to_write_a_time() -> None:
    interval = Calendar.model_json_schema()["$defs"]["Week"]["properties"]["mon"]["items"]
    patterns = [clock["pattern"] for clock in interval["prefixItems"]]
    assert patterns == ["^([01][0-9]|2[0-3]):[0-5][0-9]$", "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"]
