"""What other helpdesks' calendars got wrong, by their public issue trackers; each is a test here."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from libs.events.catalogue.sla import PublicHolidays
from libs.worktime import Calendar, WorkingTime
from services.sla.domain.hours import Hours, change_hours, evolve
from tests.unit.sla.sla_builders import (
    EVERY_DAY,
    LONG_AGO,
    NEVER,
    NINE_TO_FIVE,
    NINE_TO_SIX,
    WORKDAYS,
    A,
    Department,
    Story,
    calendar,
    department_a,
    hours,
    local,
)


def working(rules: Calendar) -> WorkingTime:
    return WorkingTime(rules, LONG_AGO)


@contextmanager
def server_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def test_scar_00_00_to_23_59_is_not_taken_for_a_whole_day() -> None:
    nearly, whole = (working(calendar("00:00", end, EVERY_DAY)) for end in ("23:59", "24:00"))
    week = (local("2026-06-01 00:00"), local("2026-06-08 00:00"))
    assert whole.used(*week) == hours(7 * 24)
    assert nearly.used(*week) == hours(7 * 24) - timedelta(minutes=7)
    assert not nearly.is_open(local("2026-06-01 23:59"))


def test_scar_the_servers_zone_is_not_the_departments() -> None:
    def due() -> datetime | None:
        return Story([department_a()]).waiting("2026-01-05 16:00").in_department(A, "2026-01-05 16:00").due()

    at_home = due()
    with server_in("America/New_York"):
        assert due() == at_home == local("2026-01-06 12:00")
    with server_in("Pacific/Apia"):
        assert due() == at_home


def test_scar_lunch_does_not_break_the_due_date() -> None:
    halves = [["09:00", "12:30"], ["13:30", "17:00"]]
    rules = {"time_zone": "Europe/Berlin", "weekly": dict.fromkeys(WORKDAYS, halves)}
    story = Story([Department(A).works(Calendar.model_validate(rules)).aims_at(4)])
    assert story.waiting("2026-01-05 11:30").in_department(A, "2026-01-05 11:30").due() == local("2026-01-05 16:30")


def test_scar_a_day_that_opens_only_on_tuesdays_is_counted() -> None:
    story = Story([Department(A).works(calendar("09:00", "17:00", ["tue"])).aims_at(12)])
    assert story.waiting("2026-01-07 10:00").in_department(A, "2026-01-07 10:00").due() == local("2026-01-20 13:00")


def test_scar_a_holiday_is_not_a_day_early() -> None:
    """In the zones furthest from UTC, where a date is easily taken for another."""
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        rules = Calendar.model_validate({"time_zone": zone, "holidays": ["2026-12-25"]})
        closed = working(rules).next_change(local("2026-12-20 00:00"))
        assert closed is not None
        opens = working(rules).next_change(closed)
        wall = [at.astimezone(ZoneInfo(zone)).isoformat()[:16] for at in (closed, opens) if at]
        assert wall == ["2026-12-25T00:00", "2026-12-26T00:00"]


def test_scar_a_public_holiday_is_not_a_day_early() -> None:
    berlin = PublicHolidays(country="DE", subdivision="BE")
    state = Hours(department_id=A)
    for event in change_hours(state, calendar("00:00", "24:00", EVERY_DAY), berlin, local("2026-11-26 12:00")):
        state = evolve(state, event, local("2026-11-26 12:00"))
    assert state.present
    assert date(2026, 12, 25) in state.present.holidays
    table = state.present.working_time()
    assert table.is_open(local("2026-12-24 23:59"))
    assert not table.is_open(local("2026-12-25 00:00"))
    assert table.is_open(local("2026-12-27 00:00"))


def test_scar_an_empty_calendar_is_no_endless_loop() -> None:
    story = Story([Department(A).works(NEVER).aims_at(4)])
    story.waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    assert story.due() is None
    assert working(NEVER).next_change(LONG_AGO) is None
    assert working(NEVER).due(LONG_AGO, hours(1)) is None


def test_scar_a_pause_is_not_counted_twice() -> None:
    """A weekend that is a holiday and closed besides, and a day with a date of its own, are each left out once."""
    twice = {"holidays": ("2026-01-10", "2026-01-12"), "exceptions": {"2026-01-12": []}}
    rules = Calendar.model_validate({**NINE_TO_FIVE.model_dump(), **twice})
    story = Story([Department(A).works(rules).aims_at(2)])
    assert story.waiting("2026-01-09 16:00").in_department(A, "2026-01-09 16:00").due() == local("2026-01-13 10:00")


def test_scar_a_deadline_follows_when_the_calendar_changes() -> None:
    edited = department_a().works(NINE_TO_SIX, local("2026-01-05 16:00"))
    story = Story([edited]).waiting("2026-01-05 15:00").in_department(A, "2026-01-05 15:00")
    assert story.due() == local("2026-01-06 10:00")


def test_scar_history_is_not_rewritten_when_the_calendar_changes() -> None:
    waited = (
        Story([department_a()]).waiting("2026-01-05 10:00", "2026-01-05 16:00").in_department(A, "2026-01-05 10:00")
    )
    before = waited.breached()
    changed = department_a().works(None, local("2026-02-01 00:00")).aims_at(100, local("2026-02-01 00:00"))
    after = Story([changed], waited.waits, waited.placements).breached()
    assert before == after == [local("2026-01-05 14:00")]


def test_scar_a_reopened_ticket_is_not_overdue_at_once() -> None:
    story = Story([department_a()]).waiting("2026-01-05 10:00", "2026-01-05 11:00").then_waiting("2026-03-02 10:00")
    story.in_department(A, "2026-01-05 10:00")
    assert story.due() == local("2026-03-02 14:00")
    assert story.breached() == [local("2026-03-02 14:00")]
