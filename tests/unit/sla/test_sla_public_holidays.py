"""Public holidays: taken from a library once, and then facts."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import CalendarCompiled, PublicHolidays
from libs.worktime import FOREVER, Calendar, Region, holidays_of, regions, to_micros
from libs.worktime.public_holidays import Named
from services.sla.domain import hours as hours_domain
from services.sla.domain.hours import Hours, change_hours, compile_again_at, compiled, evolve
from services.sla.domain.special_days import Why, special_days
from tests.unit.sla.sla_builders import NINE_TO_FIVE, WORKDAYS, A, local

NOW = local("2026-11-26 12:00")
BERLIN = PublicHolidays(country="DE", subdivision="BE")
BAVARIA = PublicHolidays(country="DE", subdivision="BY")
ROUND_THE_CLOCK = Calendar(time_zone="Europe/Berlin")


def folded(events: list[EventData], hours: Hours | None = None) -> Hours:
    hours = hours or Hours(department_id=A)
    for event in events:
        hours = evolve(hours, event, NOW)
    return hours


def with_holidays(region: PublicHolidays, calendar: Calendar = NINE_TO_FIVE) -> Hours:
    return folded(change_hours(Hours(department_id=A), calendar, region, NOW))


def table_in(events: list[EventData]) -> CalendarCompiled:
    assert isinstance(events[-1], CalendarCompiled)
    return events[-1]


def says(monkeypatch: pytest.MonkeyPatch, *days: str) -> None:
    """A later release of the library says so, of every region."""
    dates = {date.fromisoformat(day): "Day of the release" for day in days}

    def said(_country: str, _part: str | None, years: range) -> Named:
        return {day: name for day, name in dates.items() if day.year in years}

    monkeypatch.setattr(hours_domain, "holidays_of", said)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    berlin, bavaria = with_holidays(BERLIN).present, with_holidays(BAVARIA).present
    assert berlin
    assert bavaria
    womens_day, corpus_christi = date(2027, 3, 8), date(2027, 5, 27)
    assert [day in berlin.holidays for day in (womens_day, corpus_christi)] == [True, False]
    assert [day in bavaria.holidays for day in (womens_day, corpus_christi)] == [False, True]


def test_on_a_public_holiday_nothing_is_used() -> None:
    working = with_holidays(BERLIN).changes[-1].working_time()
    assert working.due(local("2027-03-05 16:00"), timedelta(hours=2)) == local("2027-03-09 10:00")


def test_special_hours_beat_a_public_holiday() -> None:
    open_on_it = NINE_TO_FIVE.model_copy(update={"exceptions": {date(2027, 3, 8): (("10:00", "11:00"),)}})
    working = with_holidays(BERLIN, open_on_it).changes[-1].working_time()
    assert working.due(local("2027-03-05 16:00"), timedelta(hours=2)) == local("2027-03-08 11:00")


def test_the_holidays_told_with_a_table_reach_further_than_the_table() -> None:
    table = table_in(change_hours(Hours(department_id=A), NINE_TO_FIVE, BERLIN, NOW))
    assert table.holidays_until
    assert to_micros(local(f"{table.holidays_until} 00:00")) > table.until
    assert table.holidays[date(2026, 12, 25)] == "Christmas Day"
    assert {day.year for day in table.holidays} == {2026, 2027, 2028}


def test_a_calendar_told_stays_small() -> None:
    half_hours = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(24)]
    many = {"time_zone": "Europe/Berlin", "weekly": dict.fromkeys((*WORKDAYS, "sat", "sun"), half_hours)}
    events = change_hours(Hours(department_id=A), Calendar.model_validate(many), BERLIN, NOW)
    assert len(table_in(events).model_dump_json()) < 400_000


def test_the_next_table_brings_only_the_holidays_of_later_years() -> None:
    hours = with_holidays(BERLIN)
    later = compiled(hours, NOW + timedelta(days=300))
    assert {day.year for day in later.holidays} == {2029}
    assert later.holidays_until == date(2029, 12, 31)
    present = folded([later], hours).present
    assert present
    assert {day.year for day in present.holidays} == {2026, 2027, 2028, 2029}


def test_a_later_release_of_the_library_does_not_rewrite_what_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    events = change_hours(Hours(department_id=A), NINE_TO_FIVE, BERLIN, NOW)
    before = folded(events)
    says(monkeypatch, "2026-12-24", "2029-01-02")
    after = folded(events)
    assert after == before
    assert compiled(after, NOW).model_dump(exclude={"holidays"}) == table_in(events).model_dump(exclude={"holidays"})
    later = folded([compiled(after, NOW + timedelta(days=300))], after).present
    assert later
    assert date(2026, 12, 24) not in later.holidays
    assert date(2026, 12, 25) in later.holidays
    assert date(2029, 1, 2) in later.holidays


def test_saving_again_takes_over_what_the_library_says_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = with_holidays(BERLIN)
    assert change_hours(hours, NINE_TO_FIVE, BERLIN, NOW) == []
    says(monkeypatch, "2026-12-24")
    events = change_hours(hours, NINE_TO_FIVE, BERLIN, NOW)
    assert list(table_in(events).holidays) == [date(2026, 12, 24)]
    assert folded(events, hours).version == 2


def test_another_region_is_a_change() -> None:
    assert change_hours(with_holidays(BERLIN), NINE_TO_FIVE, BAVARIA, NOW) != []


def test_open_around_the_clock_but_for_holidays_never_has_a_last_table() -> None:
    """Their last table would hide all holidays that are not known yet."""
    hours = with_holidays(BERLIN, ROUND_THE_CLOCK)
    table = compiled(hours, NOW)
    assert table.until < FOREVER
    assert compile_again_at(table, NOW) == NOW + timedelta(days=300)


def test_the_state_that_is_kept_is_the_fold_of_what_was_told() -> None:
    hours = with_holidays(BERLIN)
    assert Hours.model_validate_json(hours.model_dump_json()) == hours


def test_a_preview_names_each_special_day_and_why_it_is_one() -> None:
    own = {"holidays": (date(2026, 12, 28),), "exceptions": {date(2026, 12, 24): (("09:00", "12:00"),)}}
    present = with_holidays(BERLIN, NINE_TO_FIVE.model_copy(update=own)).present
    assert present
    found = special_days(present, date(2026, 12, 1), date(2026, 12, 31))
    assert [(str(day.date), day.why, day.name, day.hours) for day in found] == [
        ("2026-12-24", Why.EXCEPTION, None, (("09:00", "12:00"),)),
        ("2026-12-25", Why.PUBLIC_HOLIDAY, "Christmas Day", ()),
        ("2026-12-26", Why.PUBLIC_HOLIDAY, "Second Day of Christmas", ()),
        ("2026-12-28", Why.HOLIDAY, None, ()),
    ]


def test_each_region_that_is_listed_can_be_asked() -> None:
    assert len(regions()) > 200
    for country, parts in list(regions().items())[::10]:
        for part in (None, *parts[:1]):
            assert all(day.year == 2026 for day in holidays_of(country, part, range(2026, 2027)))


@pytest.mark.parametrize("region", [{"country": "XX"}, {"country": "DE", "subdivision": "XX"}, {"country": "de"}])
def test_a_region_that_is_not_known_is_refused(region: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Region.model_validate(region)


def test_a_region_that_the_library_does_not_know_any_more_has_no_further_holidays() -> None:
    assert holidays_of("XX", None, range(2026, 2030)) == {}
