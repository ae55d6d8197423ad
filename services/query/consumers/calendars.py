"""Departments' compiled calendars, kept as segments from which PostgreSQL itself reads W(t)."""

from collections.abc import Sequence

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.sla import CalendarCompiled
from libs.events.envelope import Event
from libs.events.projection import Connection
from libs.worktime import BEGINNING, FOREVER
from services.query.consumers import bulk

Segment = tuple[int, int, int]
"""opens, closes, W at the opening; microseconds."""


async def fold(connection: Connection, events: Sequence[Event]) -> bool:
    """Take in calendars; whether there were any."""
    compiled = [CATALOGUE.read(event) for event in events if event.type == CalendarCompiled.TYPE]
    latest = {(c.department_id, c.version): c for c in compiled if isinstance(c, CalendarCompiled)}
    for calendar in latest.values():
        await _replace(connection, calendar)
    return bool(latest)


def segments(calendar: CalendarCompiled) -> list[Segment]:
    """The open segments, with what lies outside of the table taken for open: so W grows everywhere, and order is kept."""
    opened = zip(calendar.opens, calendar.closes, calendar.sums[:-1], strict=True)
    before = (BEGINNING, calendar.since, calendar.sums[0] - (calendar.since - BEGINNING))
    after = (calendar.until, FOREVER, calendar.sums[-1])
    return [segment for segment in (before, *opened, after) if segment[0] < segment[1]]


async def _replace(connection: Connection, calendar: CalendarCompiled) -> None:
    key = (calendar.department_id, calendar.version)
    await connection.execute("delete from segments where department_id = $1 and version = $2", *key)
    await bulk.copy(connection, "segments", SEGMENT, [(*key, *segment) for segment in segments(calendar)])
    await connection.execute(_STOP_UNUSED, calendar.department_id)


SEGMENT = ["department_id", "version", "opens", "closes", "worked"]
# A new version is the time to forget those before the last, or lists by remaining time would look at more and more.
_STOP_UNUSED = """
delete from clocks c where department_id = $1 and not exists (
    select from tickets t where t.state = 'active' and t.deadline_clock is not null
       and t.department_id = c.department_id and t.calendar_version = c.version)
"""
