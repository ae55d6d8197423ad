"""Hours and targets of a department: their changes, and the tables that are published."""

from datetime import datetime, timedelta

import pytest

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import CalendarCompiled, PublicHolidays, TargetChanged, WorkingHoursChanged
from libs.service.problems import PreconditionFailed, PreconditionRequired
from libs.worktime import FOREVER, Calendar, CompiledCalendar, to_instant, to_micros
from services.sla.commands import Precondition
from services.sla.domain import hours as hours_domain
from services.sla.domain import target as target_domain
from services.sla.domain.hours import MOST_SEGMENTS, Hours, change_hours, compile_again_at, compiled, hours_id
from services.sla.domain.target import Target, change_target, target_id
from tests.unit.sla.sla_builders import EIGHT_TO_EIGHT, NEVER, NINE_TO_FIVE, WORKDAYS, A, B, local

NOW = local("2026-01-05 12:00")


def changed(
    hours: Hours, calendar: Calendar | None, now: datetime = NOW, region: PublicHolidays | None = None
) -> Hours:
    for event in change_hours(hours, calendar, region, now):
        hours = hours_domain.evolve(hours, event, now)
    return hours


def table_in(events: list[EventData]) -> CompiledCalendar:
    event = events[-1]
    assert isinstance(event, CalendarCompiled)
    return CompiledCalendar.model_validate(event.model_dump(include=set(CompiledCalendar.model_fields)))


def test_hours_of_a_department_are_an_entity_of_their_own() -> None:
    assert len({A, B, hours_id(A), hours_id(B), target_id(A), target_id(B)}) == 6


def test_a_change_of_hours_comes_with_its_table() -> None:
    changed, compiled = change_hours(Hours(department_id=A), NINE_TO_FIVE, None, NOW)
    assert isinstance(changed, WorkingHoursChanged)
    assert isinstance(compiled, CalendarCompiled)
    assert (changed.version, compiled.version, changed.department_id) == (1, 1, A)
    assert (to_instant(compiled.since), to_instant(compiled.until)) == (
        NOW - timedelta(days=60),
        NOW + timedelta(days=400),
    )


def test_the_same_hours_again_change_nothing() -> None:
    hours = changed(Hours(department_id=A), NINE_TO_FIVE)
    read_again = Hours.model_validate_json(hours.model_dump_json())
    assert change_hours(read_again, NINE_TO_FIVE, None, NOW) == []
    assert change_hours(Hours(department_id=A), None, None, NOW) == []


def test_going_back_to_always_open_is_a_change_with_a_complete_table() -> None:
    hours = changed(Hours(department_id=A), NINE_TO_FIVE)
    table = table_in(change_hours(hours, None, None, NOW))
    assert table.until == FOREVER
    assert compile_again_at(table, NOW) is None


def test_a_later_table_of_the_same_hours_goes_on_with_the_same_figures() -> None:
    hours = changed(Hours(department_id=A), EIGHT_TO_EIGHT)
    first, later = table_in([compiled(hours, NOW)]), table_in([compiled(hours, NOW + timedelta(days=300))])
    both = to_micros(NOW + timedelta(days=350, hours=3))
    assert first.worked(both) == later.worked(both)


def test_the_next_table_comes_long_before_the_last_one_ends() -> None:
    hours = changed(Hours(department_id=A), NINE_TO_FIVE)
    table = compiled(hours, NOW)
    assert compile_again_at(table, NOW) == NOW + timedelta(days=300)


def test_hours_in_very_many_pieces_make_a_shorter_table() -> None:
    pieces = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(24)]
    many = Calendar.model_validate({"time_zone": "Europe/Berlin", "weekly": dict.fromkeys(WORKDAYS, pieces)})
    table = compiled(changed(Hours(department_id=A), many), NOW)
    assert 0 < len(table.opens) <= MOST_SEGMENTS
    assert to_micros(NOW) < table.until < to_micros(NOW + timedelta(days=400))


@pytest.mark.parametrize(("calendar", "never"), [(NEVER, True), (NINE_TO_FIVE, False), (None, False)])
def test_hours_say_whether_they_never_open(calendar: Calendar | None, never: bool) -> None:  # noqa: FBT001 - a table of cases
    assert changed(Hours(department_id=A), calendar).never_opens(NOW) is never


def test_hours_that_only_open_on_a_day_gone_by_never_open() -> None:
    once = Calendar.model_validate(
        {"time_zone": "Europe/Berlin", "weekly": {}, "exceptions": {"2026-01-04": [["09:00", "10:00"]]}}
    )
    hours = changed(Hours(department_id=A), once, local("2026-01-03 12:00"))
    assert not hours.never_opens(local("2026-01-03 12:00"))
    assert hours.never_opens(NOW)


def test_a_target_knows_each_of_its_changes() -> None:
    target = Target(department_id=A)
    for event in [*change_target(target, 3600, 0.8), TargetChanged(department_id=A, response_seconds=None)]:
        target = target_domain.evolve(target, event, NOW)
    assert [change.response_seconds for change in target.changes] == [3600, None]
    assert change_target(target, None, 0.8) == []
    assert change_target(target, None, 0.5) != []


def test_what_was_set_before_is_replaced_only_by_who_names_it() -> None:
    Precondition(stated=False).check(0)
    Precondition(stated=True, version=3).check(3)
    Precondition(stated=True, version=None).check(3)
    with pytest.raises(PreconditionRequired):
        Precondition(stated=False).check(3)
    with pytest.raises(PreconditionFailed):
        Precondition(stated=True, version=2).check(3)
