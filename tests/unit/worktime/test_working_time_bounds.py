"""However far away a question lies, it gets the right answer or a clear refusal, and never a long search."""

from datetime import UTC, datetime, timedelta

import pytest

from libs.worktime import OutsideTableError, WorkingTime, to_micros
from tests.unit.worktime.worktime_builders import EVERY_DAY, NINE_TO_FIVE, calendar, hours, local, utc, working_time

NOW = utc("2025-06-05 12:00")
MOMENT = hours(1) / 3600


def test_a_calendar_without_any_hours_never_opens_and_nothing_is_ever_due() -> None:
    never = working_time([], exceptions={"2025-06-06": []}, holidays=("2025-06-07",))
    assert never.never_opens(NOW)
    assert never.due(NOW, MOMENT) is None
    assert never.next_change(NOW) is None
    assert never.used(utc("1950-01-01 00:00"), utc("2090-01-01 00:00")) == hours(0)


def test_without_hours_what_is_due_at_once_still_is() -> None:
    assert working_time([]).due(NOW, hours(0)) == NOW


@pytest.mark.parametrize("date", ["2031-05-01", "2075-06-05", "2099-12-30"])
def test_a_calendar_that_opens_on_one_date_years_ahead_opens_then(date: str) -> None:
    once = working_time([], exceptions={date: [["10:00", "12:00"]]})
    assert not once.never_opens(NOW)
    assert once.next_change(NOW) == local(f"{date} 10:00")
    assert once.due(NOW, hours(2)) == local(f"{date} 12:00")
    assert once.due(NOW, hours(2) + MOMENT) is None
    assert once.never_opens(local(f"{date} 12:00"))


def test_around_the_clock_there_is_no_next_change() -> None:
    assert working_time(None).next_change(NOW) is None


def test_around_the_clock_until_a_holiday_decades_ahead() -> None:
    department = working_time(None, holidays=("2060-01-01",))
    assert department.next_change(NOW) == local("2060-01-01 00:00")
    assert department.next_change(local("2060-01-02 00:00")) is None


def test_an_hour_that_falls_into_the_clock_change_is_made_up_for_in_the_next_week() -> None:
    department = working_time([["02:00", "03:00"]], ("sun",))
    assert department.due(local("2025-03-29 12:00"), hours(0.5)) == local("2025-04-06 02:30")


def test_a_target_of_decades_is_found() -> None:
    department = working_time([["09:00", "10:00"]], ("mon",), zone="UTC")
    monday = utc("2025-06-02 10:00")
    assert department.due(monday, hours(2600)) == monday + timedelta(weeks=2600)


def test_a_target_beyond_2100_is_never_due() -> None:
    assert working_time([["09:00", "09:01"]], ("mon",)).due(NOW, hours(1000)) is None


def test_a_question_about_long_ago_is_answered_too() -> None:
    department = working_time(NINE_TO_FIVE)
    assert department.due(local("1995-06-02 16:30"), hours(1)) == local("1995-06-05 09:30")


@pytest.mark.parametrize("year", [1899, 2100, 9999])
def test_instants_before_1900_and_from_2100_on_are_refused(year: int) -> None:
    department, at = working_time(NINE_TO_FIVE), datetime(year, 12, 31, tzinfo=UTC)
    for question in (department.is_open, department.next_change, department.worked):
        with pytest.raises(OutsideTableError):
            question(at)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        working_time(NINE_TO_FIVE).is_open(NOW.replace(tzinfo=None))


def test_the_first_question_may_be_about_the_origin_itself() -> None:
    rules, opening = calendar(NINE_TO_FIVE), local("2025-06-05 09:00")
    assert WorkingTime(rules, origin=opening).is_open(opening)
    assert WorkingTime(rules, origin=opening).due(opening, hours(1)) == local("2025-06-05 10:00")


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    rules = calendar([["22:00", "06:00"]], EVERY_DAY, holidays=("2026-01-01",))
    questions = [utc(f"{year}-12-31 23:30") for year in (2025, 2070, 1980, 2026, 2019)]

    def answers(department: WorkingTime, order: int) -> dict[datetime, object]:
        return {
            at: (department.worked(at), department.due(at, hours(40)), department.next_change(at))
            for at in questions[::order]
        }

    forwards, backwards = (answers(WorkingTime(rules, origin=NOW), order) for order in (1, -1))
    assert forwards == backwards


def test_published_tables_continue_each_other() -> None:
    department = working_time(NINE_TO_FIVE)
    first = department.table(utc("2025-06-01 00:00"), utc("2026-07-01 00:00"))
    second = department.table(utc("2026-01-01 00:00"), utc("2027-02-01 00:00"))
    both = to_micros(utc("2026-03-04 11:11"))
    assert first.worked(both) == second.worked(both)
    assert department.worked(utc("2026-03-04 11:11")) == timedelta(microseconds=first.worked(both))


def test_a_published_table_is_as_long_as_asked_or_complete() -> None:
    since, until = utc("2025-06-01 00:00"), utc("2026-07-01 00:00")
    assert working_time(NINE_TO_FIVE).table(since, until).until == to_micros(until)
    assert len(working_time(None).table(since, until).opens) == 1
