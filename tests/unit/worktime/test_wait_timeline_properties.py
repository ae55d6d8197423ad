"""A wait through any changes, against counting its minutes one by one."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.worktime import Regime, Timeline
from tests.unit.worktime.worktime_builders import EVERY_DAY, NINE_TO_FIVE, local, working_time

MINUTE = timedelta(minutes=1)
MONDAY = local("2025-10-20 00:00")  # clocks are set back on the Sunday after
WATCHED = timedelta(days=12)

HOURS = [
    working_time(NINE_TO_FIVE),
    working_time([["08:00", "13:00"], ["14:00", "18:00"]]),
    working_time([["08:00", "20:00"]], EVERY_DAY),
    working_time([["22:00", "06:00"]], EVERY_DAY, holidays=("2025-10-26",)),
    working_time(None),
    working_time([]),
]

often = settings(max_examples=100, deadline=None)
instants = st.integers(0, 7 * 24 * 60).map(lambda minutes: MONDAY + minutes * MINUTE)
targets = st.none() | st.integers(0, 30 * 60).map(lambda minutes: minutes * MINUTE)
regimes = st.builds(Regime, since=instants, hours=st.sampled_from(HOURS), target=targets)
changes = st.lists(regimes, max_size=4).map(lambda some: sorted(some, key=lambda regime: regime.since))


def in_force(regimes: list[Regime], at: datetime) -> Regime:
    known = max(at, regimes[0].since)
    return [regime for regime in regimes if regime.since <= known][-1]


def due(timeline: Timeline[Regime]) -> datetime | None:
    deadline = timeline.deadline()
    return deadline.at if deadline else None


def counted(start: datetime, regimes: list[Regime]) -> tuple[datetime | None, timedelta]:
    """When the wait falls due, and the time used at the end of what is watched, minute by minute."""
    due, used, at = None, timedelta(), start
    while at < MONDAY + WATCHED:
        regime = in_force(regimes, at)
        if due is None and regime.target is not None and used >= regime.target:
            due = at
        used += MINUTE if regime.hours.used(at, at + MINUTE) else timedelta()
        at += MINUTE
    return due, used


@settings(max_examples=40, deadline=None)
@given(instants, changes.filter(bool))
def test_a_timeline_is_what_counting_minutes_gives(start: datetime, regimes: list[Regime]) -> None:
    timeline = Timeline.of(start, regimes)
    found, end = due(timeline), MONDAY + WATCHED
    assert (found if found and found < end else None, timeline.used(end)) == counted(start, regimes)


@often
@given(instants, changes, regimes)
def test_no_change_after_the_deadline_moves_it(start: datetime, changes: list[Regime], change: Regime) -> None:
    deadline = due(Timeline.of(start, changes))
    if deadline is not None and max(deadline, changes[0].since) < change.since:
        earlier = [regime for regime in changes if regime.since <= change.since]
        assert due(Timeline.of(start, [*earlier, change])) == deadline


@often
@given(instants, changes.filter(bool), instants)
def test_a_change_that_changes_nothing_changes_nothing(start: datetime, changes: list[Regime], again: datetime) -> None:
    same = replace(in_force(changes, again), since=again)
    repeated = sorted([*changes, same], key=lambda regime: regime.since)
    before, after = (Timeline.of(start, regimes) for regimes in (changes, repeated))
    assert due(before) == due(after)
    assert before.used(MONDAY + WATCHED) == after.used(MONDAY + WATCHED)


@often
@given(instants, changes.filter(bool), instants)
def test_what_remains_is_the_limit_less_what_has_been_worked(
    start: datetime, changes: list[Regime], now: datetime
) -> None:
    last = Timeline.of(start, changes).stretches[-1]
    if now >= last.since and last.limit is not None:
        remaining = Timeline.of(start, changes).remaining(now)
        assert remaining == last.limit - last.regime.hours.worked(now)


@often
@given(instants, changes, st.integers(1, 99))
def test_a_warning_is_never_later_than_the_deadline(start: datetime, changes: list[Regime], percent: int) -> None:
    timeline = Timeline.of(start, changes)
    warning, deadline = timeline.deadline(percent), timeline.deadline()
    assert deadline is None or (warning is not None and warning.at <= deadline.at)
