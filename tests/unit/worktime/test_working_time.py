"""Deadlines as a department sees them: worked examples, and other helpdesks' scars."""

from zoneinfo import ZoneInfo

from tests.unit.worktime.worktime_builders import BERLIN, NINE_TO_FIVE, hours, local, utc, working_time

SPLIT = [["08:00", "13:00"], ["14:00", "18:00"]]


def test_what_the_day_has_no_room_for_goes_to_the_next_working_day() -> None:
    department = working_time([["08:00", "18:00"]])
    assert department.due(local("2025-06-05 16:00"), hours(4)) == local("2025-06-06 10:00")
    assert department.due(local("2025-06-06 16:00"), hours(4)) == local("2025-06-09 10:00")


def test_on_a_weekend_the_clock_starts_on_monday() -> None:
    department = working_time(NINE_TO_FIVE)
    saturday, monday = local("2025-06-07 22:00"), local("2025-06-09 09:00")
    assert not department.is_open(saturday)
    assert department.next_change(saturday) == monday
    assert department.used(saturday, monday) == hours(0)
    assert department.due(saturday, hours(1)) == local("2025-06-09 10:00")


def test_an_hour_from_friday_half_past_four_ends_on_monday_half_past_nine() -> None:
    department = working_time(NINE_TO_FIVE)
    assert department.due(local("2025-06-06 16:30"), hours(1)) == local("2025-06-09 09:30")


def test_24_hours_around_the_clock_end_at_the_same_time_of_day() -> None:
    assert working_time(None).due(utc("2025-06-05 12:00"), hours(24)) == utc("2025-06-06 12:00")


def test_fifteen_hours_over_a_weekend_on_which_clocks_are_set() -> None:
    assert working_time(SPLIT).due(utc("2015-03-27 11:00"), hours(15)) == utc("2015-03-31 07:00")


def test_seven_hours_over_a_midnight_that_is_skipped() -> None:
    zone = "America/Sao_Paulo"
    due = working_time(None, zone=zone).due(local("2015-10-17 22:00", zone), hours(7))
    assert due == local("2015-10-18 06:00", zone)


def test_the_zone_is_the_departments_and_not_the_servers() -> None:
    at = utc("2025-06-05 14:00")
    zones = (BERLIN, "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
    is_open = [working_time(NINE_TO_FIVE, zone=zone).is_open(at) for zone in zones]
    assert is_open == [True, True, False, False]


def test_a_lunch_break_does_not_count() -> None:
    assert working_time(SPLIT).due(local("2025-06-05 12:30"), hours(1)) == local("2025-06-05 14:30")


def test_what_is_used_up_as_lunch_begins_is_due_then_and_not_after_it() -> None:
    assert working_time(SPLIT).due(local("2025-06-05 12:30"), hours(0.5)) == local("2025-06-05 13:00")


def test_nothing_is_due_at_once_even_on_a_weekend() -> None:
    saturday = local("2025-06-07 22:00")
    assert working_time(NINE_TO_FIVE).due(saturday, hours(0)) == saturday


def test_a_department_that_opens_only_on_tuesdays_counts_them() -> None:
    department = working_time(NINE_TO_FIVE, ("tue",))
    assert department.due(local("2025-06-04 12:00"), hours(12)) == local("2025-06-17 13:00")


def test_00_00_to_23_59_loses_its_minute_every_day() -> None:
    nearly, whole = (working_time([["00:00", end]], ("mon", "tue")) for end in ("23:59", "24:00"))
    week = (local("2025-06-09 00:00"), local("2025-06-16 00:00"))
    assert whole.used(*week) - nearly.used(*week) == hours(2 / 60)


def test_a_holiday_is_left_out_on_its_own_date() -> None:
    department = working_time(NINE_TO_FIVE, holidays=("2025-06-09",))
    assert department.due(local("2025-06-06 16:00"), hours(2)) == local("2025-06-10 10:00")
    assert department.is_open(local("2025-06-06 16:59"))


def test_a_day_that_is_closed_for_two_reasons_is_left_out_once() -> None:
    department = working_time(NINE_TO_FIVE, holidays=("2025-06-07", "2025-06-09"))
    assert department.used(local("2025-06-06 16:00"), local("2025-06-10 10:00")) == hours(2)


def test_a_weekend_has_as_many_hours_as_pass_on_it() -> None:
    department = working_time([["00:00", "24:00"]], ("sat", "sun"))
    starts = [local(f"{saturday} 00:00") for saturday in ("2025-03-29", "2025-06-07", "2025-10-25")]
    assert [department.used(start, start + hours(72)) for start in starts] == [hours(47), hours(48), hours(49)]


def test_remaining_time_stands_still_at_night_and_is_negative_once_overdue() -> None:
    department = working_time(NINE_TO_FIVE)
    due = local("2025-06-06 10:00")
    left = [
        department.remaining(local(now), due)
        for now in ("2025-06-05 17:00", "2025-06-06 03:00", "2025-06-06 10:00", "2025-06-06 18:00")
    ]
    assert left == [hours(1), hours(1), hours(0), hours(-7)]


def test_an_instant_is_the_same_whatever_zone_it_is_written_in() -> None:
    department, start = working_time(None), local("2025-10-26 02:30", fold=1)
    elsewhere = start.astimezone(ZoneInfo(BERLIN))
    assert department.due(elsewhere, hours(1)) == department.due(start, hours(1))
