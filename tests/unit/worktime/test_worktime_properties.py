"""What holds for every calendar, whatever the clocks do; above all, what a watched clock says."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.worktime import Calendar, CompiledCalendar, OutsideTableError, WorkingTime, to_instant
from libs.worktime.instants import MICROSECOND
from tests.unit.worktime.wall_walk import WallWalk
from tests.unit.worktime.worktime_strategies import DAYS_AROUND, World, amounts, instants, worlds

often = settings(max_examples=200, deadline=None)


def due_in_range(world: World, table: CompiledCalendar, start: int, amount: int) -> int | None:
    try:
        due = table.due(start, amount)
    except OutsideTableError:
        return None
    return due if due is not None and due <= world.until else None


def next_change_in_range(world: World, table: CompiledCalendar, at: int) -> int | None:
    try:
        change = table.next_change(at)
    except OutsideTableError:
        return None
    return change if change is not None and change < world.until else None


@often
@given(worlds(), st.data())
def test_every_answer_is_what_a_watched_clock_says(world: World, data: st.DataObject) -> None:
    table = world.table()
    clock = WallWalk(world.calendar, world.around - timedelta(days=DAYS_AROUND), 2 * DAYS_AROUND)
    start, end, amount = data.draw(instants(world)), data.draw(instants(world)), data.draw(amounts)
    assert table.used(start, end) == clock.used(start, end)
    assert due_in_range(world, table, start, amount) == clock.due(start, amount, world.until)
    assert table.is_open(start) == clock.is_open(start)
    assert next_change_in_range(world, table, start) == clock.next_change(start, world.until)


@often
@given(worlds(), st.data())
def test_what_is_used_adds_up(world: World, data: st.DataObject) -> None:
    table, (a, b, c) = world.table(), sorted(data.draw(instants(world)) for _ in range(3))
    assert table.used(a, b) + table.used(b, c) == table.used(a, c)
    assert 0 <= table.used(a, b) <= b - a
    assert table.used(b, a) == 0


@often
@given(worlds(), st.data())
def test_what_is_due_is_used_up_then_and_not_a_microsecond_earlier(world: World, data: st.DataObject) -> None:
    table, start, amount = world.table(), data.draw(instants(world)), data.draw(amounts)
    due = due_in_range(world, table, start, amount)
    if due is None:
        assert table.used(start, world.until) < amount
    else:
        assert table.used(start, due) == amount
        assert table.used(start, due - 1) == amount - 1


@often
@given(worlds(), st.data())
def test_open_and_closed_change_exactly_at_the_next_change(world: World, data: st.DataObject) -> None:
    table, at = world.table(), data.draw(instants(world))
    change = next_change_in_range(world, table, at)
    open_for = table.used(at, change or world.until)
    assert open_for == ((change or world.until) - at if table.is_open(at) else 0)
    assert change is None or table.is_open(change) is not table.is_open(at)


@often
@given(worlds(), st.data())
def test_a_published_table_has_the_figures_of_what_it_was_made_of(world: World, data: st.DataObject) -> None:
    since, at, until = sorted(data.draw(instants(world)) for _ in range(3))
    working = WorkingTime(world.calendar, origin=world.around)
    published = CompiledCalendar.model_validate_json(
        working.table(to_instant(since), to_instant(until)).model_dump_json()
    )
    assert published.worked(at) * MICROSECOND == working.worked(to_instant(at))
    assert published.used(since, at) * MICROSECOND == working.used(to_instant(since), to_instant(at))


@settings(max_examples=50, deadline=None)
@given(worlds(), st.data())
def test_a_growing_table_answers_like_one_that_was_made_to_measure(world: World, data: st.DataObject) -> None:
    table, (a, b) = world.table(), [data.draw(instants(world)) for _ in range(2)]
    growing = WorkingTime(world.calendar, origin=world.around)
    used, left = growing.used(to_instant(a), to_instant(b)), growing.remaining(to_instant(a), to_instant(b))
    assert used == timedelta(microseconds=table.used(a, b))
    assert left == timedelta(microseconds=table.remaining(now=a, due=b))
    assert growing.is_open(to_instant(a)) == table.is_open(a)


@often
@given(worlds())
def test_a_calendar_survives_the_journey_through_json(world: World) -> None:
    assert Calendar.model_validate_json(world.calendar.model_dump_json()) == world.calendar
