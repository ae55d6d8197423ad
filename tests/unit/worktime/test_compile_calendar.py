"""How local rules become segments: nights, holidays, special days, and clocks that are set."""

from zoneinfo import ZoneInfo

import pytest

from libs.worktime import BEGINNING, FOREVER, Calendar, compile_calendar, to_instant, to_micros
from tests.unit.worktime.worktime_builders import BERLIN, EVERY_DAY, NINE_TO_FIVE, WORKDAYS, Hours, calendar, local, utc

NIGHT = [["22:00", "06:00"]]


def shown(rules: Calendar, first: str, end: str, zone: str = "UTC") -> list[str]:
    """The segments between two midnights of the calendar's zone, as clocks in `zone` show them."""
    edges = [to_micros(local(f"{day} 00:00", rules.time_zone)) for day in (first, end)]
    table = compile_calendar(rules, *edges)
    wall = ZoneInfo(zone)
    return [
        " - ".join(f"{to_instant(at).astimezone(wall):%a %H:%M}" for at in segment)
        for segment in zip(table.opens, table.closes, strict=True)
    ]


def in_berlin(rules: Calendar, first: str, end: str) -> list[str]:
    return shown(rules, first, end, BERLIN)


def test_a_lunch_break_is_closed() -> None:
    rules = calendar([["08:00", "13:00"], ["14:00", "18:00"]])
    assert in_berlin(rules, "2025-06-06", "2025-06-09") == ["Fri 08:00 - Fri 13:00", "Fri 14:00 - Fri 18:00"]


@pytest.mark.parametrize(
    "hours",
    [
        [["08:00", "13:00"], ["13:00", "18:00"]],
        [["08:00", "14:00"], ["12:00", "18:00"]],
        [["12:00", "14:00"], ["08:00", "18:00"], ["08:00", "18:00"]],
    ],
)
def test_intervals_that_touch_or_overlap_are_one(hours: Hours) -> None:
    assert in_berlin(calendar(hours), "2025-06-06", "2025-06-07") == ["Fri 08:00 - Fri 18:00"]


def test_24_00_is_the_end_of_the_day_and_meets_the_next_one() -> None:
    rules = calendar([["00:00", "24:00"]], ("fri", "sat"))
    assert in_berlin(rules, "2025-06-05", "2025-06-09") == ["Fri 00:00 - Sun 00:00"]


def test_23_59_is_a_minute_short_of_a_whole_day() -> None:
    rules = calendar([["00:00", "23:59"]], ("fri", "sat"))
    assert in_berlin(rules, "2025-06-05", "2025-06-09") == ["Fri 00:00 - Fri 23:59", "Sat 00:00 - Sat 23:59"]


def test_an_end_not_after_its_start_lies_on_the_next_date() -> None:
    assert in_berlin(calendar(NIGHT, ("sun",)), "2025-06-06", "2025-06-10") == ["Sun 22:00 - Mon 06:00"]
    whole_day = calendar([["09:00", "09:00"]], ("sun",))
    assert in_berlin(whole_day, "2025-06-06", "2025-06-10") == ["Sun 09:00 - Mon 09:00"]


def test_a_table_that_starts_in_the_night_has_the_rest_of_it() -> None:
    assert in_berlin(calendar(NIGHT, ("sun",)), "2025-06-09", "2025-06-10") == ["Mon 00:00 - Mon 06:00"]


def test_a_holiday_drops_the_night_that_starts_on_it_and_leaves_the_tail_of_the_one_before() -> None:
    rules = calendar(NIGHT, EVERY_DAY, holidays=("2025-06-07",))
    assert in_berlin(rules, "2025-06-06", "2025-06-09") == [
        "Fri 00:00 - Fri 06:00",
        "Fri 22:00 - Sat 06:00",
        "Sun 22:00 - Mon 00:00",
    ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", BERLIN])
def test_a_holiday_is_the_whole_local_date_and_no_other(zone: str) -> None:
    rules = calendar(None, zone=zone, holidays=("2025-12-25",))
    before, after = shown(rules, "2025-12-24", "2025-12-27", zone)
    assert before == "Wed 00:00 - Thu 00:00"
    assert after.startswith("Fri 00:00 - ")


def test_special_hours_replace_the_regular_ones_and_beat_a_holiday() -> None:
    rules = calendar(
        NINE_TO_FIVE,
        holidays=("2025-12-25", "2025-12-26"),
        exceptions={"2025-12-24": [["09:00", "12:00"]], "2025-12-26": [["10:00", "11:00"]], "2025-12-29": []},
    )
    assert in_berlin(rules, "2025-12-24", "2025-12-31") == [
        "Wed 09:00 - Wed 12:00",
        "Fri 10:00 - Fri 11:00",
        "Tue 09:00 - Tue 17:00",
    ]


def test_a_day_that_is_closed_for_several_reasons_is_closed_once() -> None:
    closed = calendar(NINE_TO_FIVE, holidays=("2025-12-25", "2025-12-25"), exceptions={"2025-12-25": []})
    assert in_berlin(closed, "2025-12-24", "2025-12-27") == ["Wed 09:00 - Wed 17:00", "Fri 09:00 - Fri 17:00"]


SPRING, AUTUMN = ("2025-03-30", "2025-03-31"), ("2025-10-26", "2025-10-27")


@pytest.mark.parametrize(
    ("night", "hours", "expected"),
    [
        (SPRING, [["01:00", "04:00"]], ["Sun 00:00 - Sun 02:00"]),
        (SPRING, [["02:30", "04:00"]], ["Sun 01:00 - Sun 02:00"]),
        (SPRING, [["01:00", "02:30"]], ["Sun 00:00 - Sun 01:00"]),
        (SPRING, [["02:10", "02:50"]], []),
        (SPRING, [["01:00", "02:30"], ["02:40", "04:00"]], ["Sun 00:00 - Sun 02:00"]),
        (AUTUMN, [["01:00", "04:00"]], ["Sat 23:00 - Sun 03:00"]),
        (AUTUMN, [["02:30", "04:00"]], ["Sun 00:30 - Sun 03:00"]),
        (AUTUMN, [["01:00", "02:30"]], ["Sat 23:00 - Sun 01:30"]),
        (AUTUMN, [["01:00", "02:00"]], ["Sat 23:00 - Sun 01:00"]),
        (AUTUMN, [["02:10", "02:50"]], ["Sun 00:10 - Sun 01:50"]),
        (AUTUMN, [["01:00", "02:20"], ["02:40", "04:00"]], ["Sat 23:00 - Sun 03:00"]),
    ],
)
def test_clocks_set_forward_skip_and_clocks_set_back_repeat(
    night: tuple[str, str], hours: Hours, expected: list[str]
) -> None:
    """A skipped time is the instant of the change; a repeated start is the first, a repeated end the last."""
    assert shown(calendar(hours, EVERY_DAY), *night) == expected


def test_lord_howe_sets_its_clocks_by_half_an_hour() -> None:
    rules = calendar([["01:45", "02:15"]], EVERY_DAY, zone="Australia/Lord_Howe")
    assert shown(rules, "2025-10-05", "2025-10-06") == ["Sat 15:15 - Sat 15:30"]
    assert shown(rules, "2025-04-06", "2025-04-07") == ["Sat 14:45 - Sat 15:45"]


def test_where_midnight_is_skipped_the_day_begins_at_the_change() -> None:
    rules = calendar([["00:00", "24:00"]], ("sun",), zone="America/Sao_Paulo")
    assert shown(rules, "2015-10-17", "2015-10-20", "America/Sao_Paulo") == ["Sun 01:00 - Mon 00:00"]


def test_where_midnight_is_when_clocks_are_set_back_saturday_has_25_hours() -> None:
    rules = calendar([["00:00", "24:00"]], ("sat",), zone="America/Sao_Paulo")
    assert shown(rules, "2016-02-19", "2016-02-23") == ["Sat 02:00 - Sun 03:00"]


def test_a_date_that_samoa_skipped_has_no_hours() -> None:
    rules = calendar(NINE_TO_FIVE, zone="Pacific/Apia")
    assert shown(rules, "2011-12-29", "2012-01-03", "Pacific/Apia") == [
        "Thu 09:00 - Thu 17:00",
        "Mon 09:00 - Mon 17:00",
    ]


def test_a_night_shift_works_through_the_date_that_samoa_skipped() -> None:
    rules = calendar(NIGHT, EVERY_DAY, zone="Pacific/Apia")
    assert shown(rules, "2011-12-29", "2012-01-01", "Pacific/Apia")[1] == "Thu 22:00 - Sat 06:00"


def test_an_offset_of_odd_seconds_is_met_to_the_second() -> None:
    table = compile_calendar(
        calendar([["00:00", "24:00"]], ("thu",), zone="Africa/Monrovia"),
        to_micros(utc("1972-01-05 00:00")),
        to_micros(utc("1972-01-08 00:00")),
    )
    assert to_instant(table.opens[0]) == utc("1972-01-06 00:44:30")


def test_a_calendar_in_casablanca_pauses_summer_time_for_ramadan() -> None:
    rules = calendar(NINE_TO_FIVE, zone="Africa/Casablanca")
    assert shown(rules, "2025-02-21", "2025-02-25") == ["Fri 08:00 - Fri 16:00", "Mon 09:00 - Mon 17:00"]


@pytest.mark.parametrize(
    "rules",
    [
        calendar(None),
        calendar([["00:00", "24:00"]], EVERY_DAY),
        calendar([["00:00", "00:00"]], EVERY_DAY),
        calendar([["09:00", "09:00"]], EVERY_DAY),
        calendar([["06:00", "18:00"], ["18:00", "06:00"]], EVERY_DAY),
    ],
)
def test_however_24_7_is_written_its_table_is_one_segment_for_ever(rules: Calendar) -> None:
    since = to_micros(utc("2025-01-01 00:00"))
    table = compile_calendar(rules, since, since)
    assert (table.opens, table.closes, table.until) == ((since,), (FOREVER,), FOREVER)


@pytest.mark.parametrize("hours", [[["00:00", "23:59"]], [["00:01", "24:00"]], [["09:00", "08:59"]]])
def test_a_minute_closed_a_day_is_not_24_7(hours: Hours) -> None:
    since, until = (to_micros(utc(f"{year}-01-01 00:00")) for year in (2025, 2026))
    assert compile_calendar(calendar(hours, EVERY_DAY), since, until).until == until


def test_one_whole_day_a_week_is_not_24_7() -> None:
    since, until = (to_micros(utc(f"{year}-01-01 00:00")) for year in (2025, 2026))
    assert len(compile_calendar(calendar([["00:00", "24:00"]], ("mon",)), since, until).opens) == 52


def test_24_7_with_a_holiday_is_complete_once_the_holiday_is_in_the_table() -> None:
    rules = calendar(None, zone="UTC", holidays=("2025-12-25",))
    since = to_micros(utc("2025-01-01 00:00"))
    before = compile_calendar(rules, since, to_micros(utc("2025-12-01 00:00")))
    after = compile_calendar(rules, since, to_micros(utc("2026-01-01 00:00")))
    assert before.until == to_micros(utc("2025-12-01 00:00"))
    assert [to_instant(at) for at in after.opens] == [utc("2025-01-01 00:00"), utc("2025-12-26 00:00")]
    assert [to_instant(at) for at in after.closes] == [utc("2025-12-25 00:00"), to_instant(FOREVER)]


def test_a_calendar_that_never_opens_is_complete_and_empty() -> None:
    since = to_micros(utc("2025-01-01 00:00"))
    table = compile_calendar(calendar([], WORKDAYS), since, since)
    assert (table.opens, table.until) == ((), FOREVER)


@pytest.mark.parametrize(("since", "until"), [(0, -1), (BEGINNING - 1, 0), (0, FOREVER + 1)])
def test_a_table_lies_between_1900_and_2100(since: int, until: int) -> None:
    with pytest.raises(ValueError, match="between 1900 and 2100"):
        compile_calendar(calendar(None), since, until)
