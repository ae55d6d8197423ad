"""Segments give the same W as the table they come from, and go on growing outside of it."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.sla import CalendarCompiled
from libs.worktime import BEGINNING, FOREVER, Calendar, CompiledCalendar, WorkingTime, to_micros
from services.query.consumers.calendars import segments

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = {"mon": [["09:00", "17:00"]], "tue": [["22:00", "06:00"]]}
HOURS = WorkingTime(Calendar.model_validate({"time_zone": "Europe/Berlin", "weekly": WEEK}), START)
TABLE = HOURS.table(START - timedelta(days=10), START + timedelta(days=50))


def worked(table: CompiledCalendar, at: int) -> int:
    """As the statement does it: the last segment that has begun."""
    found = segments(CalendarCompiled(department_id=uuid4(), version=1, **table.model_dump()))
    opens, closes, before = found[bisect_right([opens for opens, _, _ in found], at) - 1]
    return before + min(at - opens, closes - opens)


@given(st.integers(TABLE.since, TABLE.until))
def test_segments_answer_as_the_table_does(at: int) -> None:
    assert worked(TABLE, at) == TABLE.worked(at)


@given(st.integers(BEGINNING, FOREVER), st.integers(0, 10**15))
def test_working_time_never_runs_backwards(at: int, later: int) -> None:
    assert worked(TABLE, at) <= worked(TABLE, min(at + later, FOREVER))


def test_a_calendar_that_never_opens_stands_still() -> None:
    closed = CompiledCalendar(since=to_micros(START), until=FOREVER, opens=(), closes=(), sums=(0,))
    assert worked(closed, to_micros(START + timedelta(days=400))) == 0
