"""Time used stays used, and what is left counts on the hours now in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from libs.worktime import Deadline, Regime, Timeline
from tests.unit.worktime.worktime_builders import EVERY_DAY, NINE_TO_FIVE, hours, local, working_time

A = working_time(NINE_TO_FIVE)
B = working_time([["08:00", "20:00"]], EVERY_DAY)
A_LONGER = working_time([["09:00", "18:00"]])
NEVER = working_time([])

MILLISECOND = timedelta(milliseconds=1)


def in_a(since: str, target: float | None = 4) -> Regime:
    return Regime(since=local(since), hours=A, target=None if target is None else hours(target))


def in_b(since: str, target: float | None = 2) -> Regime:
    return Regime(since=local(since), hours=B, target=None if target is None else hours(target))


def wait(start: str, *regimes: Regime) -> Timeline[Regime]:
    return Timeline.of(local(start), regimes)


def due(timeline: Timeline[Regime], percent: int = 100) -> datetime | None:
    deadline = timeline.deadline(percent)
    return deadline.at if deadline else None


def found(deadline: Deadline[Regime] | None) -> Deadline[Regime]:
    assert deadline is not None
    return deadline


def test_transferred_while_closed() -> None:
    """Friday 16:00 in A, to B at 18:00: 1 h is used, 1 h is left of B's 2 h."""
    transferred = wait("2025-06-06 16:00", in_a("2025-01-01 00:00"), in_b("2025-06-06 18:00"))
    assert due(transferred) == local("2025-06-06 19:00")
    assert [stretch.used_before for stretch in transferred.stretches] == [hours(0), hours(1)]
    assert found(transferred.deadline()).stretch.regime.hours is B


def test_hours_edited_while_waiting() -> None:
    edited = Regime(since=local("2025-06-09 16:00"), hours=A_LONGER, target=hours(4))
    waiting = wait("2025-06-09 15:00", in_a("2025-01-01 00:00"), edited)
    assert due(waiting) == local("2025-06-10 10:00")
    assert waiting.stretches[-1].used_before == hours(1)


def test_hours_edited_after_the_deadline_do_not_rewrite_it() -> None:
    before = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"))
    edited = Regime(since=local("2025-06-09 15:00"), hours=A_LONGER, target=hours(8))
    after = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), edited)
    assert due(before) == due(after) == local("2025-06-09 14:00")


def test_routed_late_counts_from_when_the_client_wrote() -> None:
    routed = wait("2025-06-09 10:00:00", in_a("2025-06-09 10:00:03"))
    assert due(routed) == local("2025-06-09 14:00:00")
    assert [stretch.since for stretch in routed.stretches] == [local("2025-06-09 10:00:00")]


def test_routed_late_and_then_transferred() -> None:
    routed = wait("2025-06-09 10:00", in_a("2025-06-09 10:30"), in_b("2025-06-09 11:00"))
    assert routed.stretches[-1].used_before == hours(1)
    assert due(routed) == local("2025-06-09 12:00")


def test_written_again_after_an_answer_is_a_new_wait_with_nothing_used() -> None:
    again = wait("2025-06-11 10:00", in_a("2025-06-09 09:00"))
    assert again.used(local("2025-06-11 10:00")) == hours(0)
    assert due(again) == local("2025-06-11 14:00")


def test_exactly_at_the_deadline_nothing_is_left_and_nothing_is_overdue() -> None:
    waiting, deadline = wait("2025-06-09 10:00", in_a("2025-01-01 00:00")), local("2025-06-09 14:00")
    assert due(waiting) == deadline
    assert waiting.remaining(deadline) == hours(0)
    assert waiting.remaining(deadline + MILLISECOND) == -MILLISECOND


def test_a_change_just_after_the_deadline_comes_too_late() -> None:
    late = in_b("2025-06-09 14:00:00.000001", target=8)
    assert due(wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), late)) == local("2025-06-09 14:00")


def test_a_change_exactly_at_the_deadline_still_counts() -> None:
    just = in_b("2025-06-09 14:00", target=5)
    assert due(wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), just)) == local("2025-06-09 15:00")


def test_a_shorter_target_that_is_used_up_already_is_due_with_the_change() -> None:
    shortened = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), in_a("2025-06-09 13:00", target=1))
    assert due(shortened) == local("2025-06-09 13:00")
    assert found(shortened.deadline()).stretch is shortened.stretches[1]
    assert shortened.remaining(local("2025-06-09 13:00")) == hours(-2)


def test_it_is_due_with_the_change_even_if_the_new_department_is_closed_then() -> None:
    closed = wait("2025-06-07 10:00", in_b("2025-01-01 00:00", target=4), in_a("2025-06-07 13:00", target=2))
    assert due(closed) == local("2025-06-07 13:00")


def test_a_department_without_a_target_uses_time_and_has_no_deadline() -> None:
    untargeted = wait("2025-06-09 10:00", in_a("2025-01-01 00:00", target=None))
    assert due(untargeted) is None
    assert untargeted.remaining(local("2025-06-09 12:00")) is None
    transferred = wait("2025-06-09 10:00", in_a("2025-01-01 00:00", target=None), in_b("2025-06-09 11:00"))
    assert due(transferred) == local("2025-06-09 12:00")


def test_a_department_that_never_opens_has_no_deadline_and_uses_nothing() -> None:
    never = Regime(since=local("2025-06-09 11:00"), hours=NEVER, target=hours(2))
    stuck = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), never)
    assert due(stuck) is None
    assert stuck.remaining(local("2035-06-09 10:00")) == hours(1)
    freed = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), never, in_b("2025-06-10 09:00"))
    assert due(freed) == local("2025-06-10 10:00")


def test_while_no_department_is_known_there_is_nothing_to_count() -> None:
    unrouted = wait("2025-06-09 10:00")
    assert due(unrouted) is None
    assert unrouted.used(local("2025-06-09 12:00")) == hours(0)
    assert unrouted.remaining(local("2025-06-09 12:00")) is None


def test_to_and_fro_uses_each_departments_own_hours_once() -> None:
    """Friday 16:00 in A (1 h until 17:00), B from 19:00 (1 h until 20:00), A again from Saturday."""
    to_and_fro = wait(
        "2025-06-06 16:00",
        in_a("2025-01-01 00:00"),
        in_b("2025-06-06 19:00", target=4),
        in_a("2025-06-07 07:00"),
    )
    assert to_and_fro.used(local("2025-06-08 12:00")) == hours(2)
    assert due(to_and_fro) == local("2025-06-09 11:00")


def test_of_changes_in_one_instant_the_last_counts() -> None:
    both = ("2025-06-09 11:00", "2025-06-09 11:00")
    changed = wait("2025-06-09 10:00", in_a("2025-01-01 00:00"), in_b(both[0], target=1), in_b(both[1]))
    assert due(changed) == local("2025-06-09 12:00")
    assert len(changed.stretches) == 2


def test_what_was_replaced_before_the_wait_began_does_not_count() -> None:
    moved_before = wait("2025-06-09 10:00", in_a("2025-01-01 00:00", target=0), in_b("2025-06-09 10:00"))
    assert due(moved_before) == local("2025-06-09 12:00")


def test_regimes_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in the order of their instants"):
        wait("2025-06-09 10:00", in_b("2025-06-09 12:00"), in_a("2025-06-09 11:00"))


def test_a_warning_comes_at_its_share_of_the_target() -> None:
    waiting = wait("2025-06-06 15:00", in_a("2025-01-01 00:00"))
    assert due(waiting, percent=50) == local("2025-06-06 17:00")
    assert due(waiting, percent=80) == local("2025-06-09 10:12")


def test_a_warning_that_a_transfer_makes_late_comes_with_the_transfer() -> None:
    moved = wait("2025-06-09 10:00", in_a("2025-01-01 00:00", target=8), in_b("2025-06-09 11:48"))
    assert due(moved, percent=80) == local("2025-06-09 11:48")
    assert due(moved) == local("2025-06-09 12:00")


def test_remaining_follows_the_regime_in_force() -> None:
    transferred = wait("2025-06-06 16:00", in_a("2025-01-01 00:00"), in_b("2025-06-06 18:00"))
    remaining = {
        "2025-06-06 15:00": 4,  # not yet waiting
        "2025-06-06 16:30": 3.5,
        "2025-06-06 17:59": 3,
        "2025-06-06 18:00": 1,
        "2025-06-06 18:30": 0.5,
        "2025-06-06 23:00": -1,
        "2025-06-07 09:00": -2,
    }
    assert {at: transferred.remaining(local(at)) for at in remaining} == {
        at: hours(left) for at, left in remaining.items()
    }


def test_the_limit_gives_what_remains_by_one_subtraction() -> None:
    transferred = wait("2025-06-06 16:00", in_a("2025-01-01 00:00"), in_b("2025-06-06 18:00"))
    now, limit = local("2025-06-07 09:30"), transferred.stretches[-1].limit
    assert limit is not None
    assert limit - B.worked(now) == transferred.remaining(now) == hours(-2.5)
    assert wait("2025-06-06 16:00", in_a("2025-01-01 00:00", target=None)).stretches[0].limit is None


def test_a_regime_may_carry_whose_it_is() -> None:
    @dataclass(frozen=True, kw_only=True)
    class DepartmentRegime(Regime):
        department: str

    since, start = local("2025-01-01 00:00"), local("2025-06-09 10:00")
    support = DepartmentRegime(since=since, hours=A, target=hours(1), department="support")
    deadline = Timeline.of(start, [support]).deadline()
    assert deadline is not None
    assert deadline.stretch.regime.department == "support"
