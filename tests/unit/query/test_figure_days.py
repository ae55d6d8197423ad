"""Days, weekdays and hours of figures are those that the zone's clocks show."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from libs.worktime.zones import load_zone
from services.query.domain.figures import AGES, Span, age_classes

ZONES = [
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"),
    *("Pacific/Chatham", "Africa/Casablanca", "Pacific/Apia", "America/Havana"),
]


def hours(*days: timedelta) -> list[float]:
    return [day / timedelta(hours=1) for day in days]


def lengths(span: Span) -> list[float]:
    ends = [*span.begins[1:], span.until]
    return hours(*(end - begin for begin, end in zip(span.begins, ends, strict=True)))


def test_a_day_has_23_or_25_hours_where_the_clocks_are_set() -> None:
    assert lengths(Span(date(2026, 3, 28), date(2026, 3, 30), "Europe/Berlin")) == [24, 23, 24]
    assert lengths(Span(date(2026, 10, 24), date(2026, 10, 26), "Europe/Berlin")) == [24, 25, 24]
    assert lengths(Span(date(2026, 4, 4), date(2026, 4, 6), "Australia/Lord_Howe")) == [24, 24.5, 24]


def test_a_day_whose_midnight_is_skipped_begins_at_the_change() -> None:
    span = Span(date(2015, 10, 17), date(2015, 10, 18), "America/Sao_Paulo")
    assert span.begins == [datetime(2015, 10, 17, 3, tzinfo=UTC), datetime(2015, 10, 18, 3, tzinfo=UTC)]
    assert lengths(span) == [24, 23]


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    assert lengths(Span(date(2020, 10, 31), date(2020, 11, 1), "America/Havana")) == [24, 25]


def test_a_day_that_was_skipped_has_no_time() -> None:
    assert lengths(Span(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia")) == [24, 0, 24]


@given(
    st.sampled_from(ZONES),
    st.dates(date(2009, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.floats(0, 1, exclude_max=True),
)
def test_each_instant_is_in_the_day_and_hour_that_the_clocks_show(
    zone: str, first: date, days: int, share: float
) -> None:
    span = Span(first, first + timedelta(days=days), zone)
    assert span.begins == sorted(span.begins)
    assume(span.since < span.until)
    at = min(span.since + (span.until - span.since) * share, span.until - timedelta(microseconds=1))
    shown = at.astimezone(load_zone(zone))
    assert span.days[bisect_right(span.begins, at) - 1] == shown.date()
    changes, offsets = span.offsets
    assert timedelta(seconds=offsets[bisect_right(changes, at)]) == shown.utcoffset()


@pytest.mark.parametrize("zone", ZONES)
def test_spans_that_follow_each_other_leave_nothing_out(zone: str) -> None:
    first, second = (Span(date(2026, month, 1), date(2026, month, 28), zone) for month in (2, 3))
    assert first.until == second.since


def test_ages_leave_nothing_out() -> None:
    classes = age_classes()
    assert [lower for lower, _ in classes] == [0, *AGES]
    assert [upper for _, upper in classes] == [*AGES, None]
