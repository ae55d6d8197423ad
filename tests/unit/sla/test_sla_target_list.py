"""Targets by department, urgency, attitude, group and project: the first that matches, and what it escalates."""

from typing import Any
from uuid import UUID

import pytest

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.sla import (
    DeadlineBreached,
    DeadlineSet,
    DeadlineWarned,
    EscalateOn,
    ListedTarget,
    ResolutionBreached,
    ResolutionSet,
    ResolutionWarned,
    TicketEscalated,
)
from services.sla.domain.plan import Clock
from services.sla.domain.target_list import Profile, TargetList, change_list, evolve, first_match
from tests.unit.sla.sla_builders import LONG_AGO, A, B, Department, Story, data_of, department_a, local, target

GROUP, PROJECT = UUID(int=1), UUID(int=2)
HIGH = target("high", 1, urgencies=(Urgency.HIGH,))
REST = target("rest", 3)


def waiting_in_a(*targets: ListedTarget) -> Story:
    """Since Monday 10:00 in A, which is open until 17:00 and has 4 h of its own."""
    story = Story([department_a(), Department(B)]).waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    return story.aiming(*targets)


def said(story: Story, kind: type[EventData]) -> list[EventData]:
    return [data for data in data_of(story.judged()) if isinstance(data, kind)]


@pytest.mark.parametrize(
    ("asks", "profile", "matches"),
    [
        ({}, Profile(), True),
        ({"department_ids": (A,)}, Profile(), True),
        ({"department_ids": (B,)}, Profile(), False),
        ({"urgencies": (Urgency.HIGH, Urgency.LOW)}, Profile(urgency=Urgency.LOW), True),
        ({"urgencies": (Urgency.HIGH,)}, Profile(urgency=Urgency.LOW), False),
        ({"attitudes": (Attitude.BAD,)}, Profile(attitude=Attitude.BAD), True),
        ({"attitudes": (Attitude.BAD,)}, Profile(), False),
        ({"group_ids": (GROUP,)}, Profile(group_id=GROUP), True),
        ({"group_ids": (GROUP,)}, Profile(group_id=PROJECT), False),
        ({"project_ids": (PROJECT,)}, Profile(project_id=PROJECT), True),
        ({"project_ids": (PROJECT,)}, Profile(), False),
        ({"project_ids": (PROJECT,), "urgencies": (Urgency.HIGH,)}, Profile(project_id=PROJECT), False),
    ],
)
def test_a_target_is_for_what_meets_all_its_conditions(
    asks: dict[str, Any],
    profile: Profile,
    matches: bool,  # noqa: FBT001 - a table of cases
) -> None:
    assert (first_match([target("t", 1, **asks)], A, profile) is not None) is matches


def test_the_first_that_matches_wins() -> None:
    assert first_match([HIGH, REST], A, Profile(urgency=Urgency.HIGH)) is HIGH
    assert first_match([REST, HIGH], A, Profile(urgency=Urgency.HIGH)) is REST
    assert first_match([HIGH, REST], A, Profile(urgency=Urgency.LOW)) is REST
    assert first_match([HIGH], A, Profile(urgency=Urgency.LOW)) is None


def test_a_ticket_that_none_matches_has_its_departments_own_target() -> None:
    assert waiting_in_a(HIGH).with_urgency(Urgency.LOW, "2026-01-05 10:00").due() == local("2026-01-05 14:00")
    assert waiting_in_a(HIGH, REST).due() == local("2026-01-05 13:00")


def test_another_urgency_is_another_target_from_then_on_and_time_used_stays_used() -> None:
    story = waiting_in_a(HIGH, REST).with_urgency(Urgency.LOW, "2026-01-05 10:00")
    assert story.with_urgency(Urgency.HIGH, "2026-01-05 10:30").due() == local("2026-01-05 11:00")
    assert story.with_urgency(Urgency.LOW, "2026-01-05 10:45").due() == local("2026-01-05 13:00")


def test_a_change_of_the_account_moves_the_deadline_from_its_own_instant_on() -> None:
    bad = target("bad", 6, attitudes=(Attitude.BAD,))
    story = waiting_in_a(bad, REST).of_account(Attitude.GOOD, "2026-01-01 10:00")
    assert story.due() == local("2026-01-05 13:00")
    assert story.of_account(Attitude.BAD, "2026-01-05 12:00").due() == local("2026-01-05 16:00")


def test_an_account_that_is_told_of_late_counts_from_then_on_and_rewrites_nothing() -> None:
    """What was said before could not have known it."""
    bad = target("bad", 6, attitudes=(Attitude.BAD,), escalation=(EscalateOn.WARNING, 5))
    story = waiting_in_a(bad, REST)
    before = story.judged(local("2026-01-05 12:30"))
    assert [type(data) for data in data_of(before)] == [DeadlineSet, DeadlineWarned]
    story.of_account(Attitude.BAD, "2026-01-05 12:45")
    assert story.due() == local("2026-01-05 16:00")
    later = data_of(story.judged(said=before.said))
    assert [type(data) for data in later] == [DeadlineSet, DeadlineBreached, TicketEscalated]
    assert story.warned() == [local("2026-01-05 12:24")]


def test_a_change_that_makes_no_difference_says_nothing() -> None:
    story = waiting_in_a(HIGH, REST).with_urgency(Urgency.LOW, "2026-01-05 10:00")
    before = story.judged(None)
    story.with_urgency(Urgency.MEDIUM, "2026-01-05 11:00").of_account(Attitude.BAD, "2026-01-05 11:30")
    assert story.judged(None, before.said).events == []


def test_a_new_list_counts_from_its_own_instant_on() -> None:
    story = waiting_in_a(REST).aiming(target("short", 0.5), since=local("2026-01-05 11:00"))
    assert story.due() == local("2026-01-05 11:00"), "more than half an hour was used by then"
    assert story.breached() == [local("2026-01-05 11:00")]


def test_the_first_answer_and_the_next_ones_have_targets_of_their_own() -> None:
    both = target("both", 1, next_response_seconds=2 * 3600)
    story = waiting_in_a(both)
    assert story.due() == local("2026-01-05 11:00")
    answered = Story([department_a()]).waiting("2026-01-05 10:00", "2026-01-05 10:10").aiming(both)
    answered.then_waiting("2026-01-06 10:00").in_department(A, "2026-01-05 10:00")
    assert answered.due() == local("2026-01-06 12:00")


def test_a_listed_target_without_a_time_for_this_answer_is_no_target() -> None:
    assert waiting_in_a(target("none", None)).due() is None


def test_the_deadline_names_the_target() -> None:
    (deadline,) = said(waiting_in_a(HIGH, REST), DeadlineSet)
    assert isinstance(deadline, DeadlineSet)
    assert deadline.target_id == REST.id


# --- escalation -----------------------------------------------------------------------------------


def escalations(story: Story) -> list[tuple[object, ...]]:
    return [(data.at, data.on, data.points) for data in data_of(story.judged()) if isinstance(data, TicketEscalated)]


def test_a_breach_escalates_at_its_own_instant() -> None:
    story = waiting_in_a(target("t", 2, escalation=(EscalateOn.BREACH, 50)))
    assert escalations(story) == [(local("2026-01-05 12:00"), EscalateOn.BREACH, 50)]
    assert [type(data) for data in data_of(story.judged())] == [
        DeadlineSet,
        DeadlineWarned,
        DeadlineBreached,
        TicketEscalated,
    ]


def test_a_warning_escalates_at_its_own_instant_and_the_breach_not_again() -> None:
    story = waiting_in_a(target("t", 5, escalation=(EscalateOn.WARNING, 7)))
    assert escalations(story) == [(local("2026-01-05 14:00"), EscalateOn.WARNING, 7)]


def test_where_no_warning_comes_the_breach_escalates_instead() -> None:
    story = waiting_in_a(target("t", 2, warning_share=1.0, escalation=(EscalateOn.WARNING, 7)))
    assert escalations(story) == [(local("2026-01-05 12:00"), EscalateOn.BREACH, 7)]


def test_whatever_is_transferred_a_wait_is_escalated_once() -> None:
    first = target("a", 2, department_ids=(A,), escalation=(EscalateOn.WARNING, 5))
    other = target("b", 3, department_ids=(B,), escalation=(EscalateOn.BREACH, 50))
    story = waiting_in_a(first, other)
    judgement = story.judged(local("2026-01-05 11:45"))
    story.in_department(B, "2026-01-05 11:50")
    later = story.judged(said=judgement.said)
    assert [type(data) for data in data_of(later)] == [DeadlineSet, DeadlineBreached]
    assert escalations(story) == [(local("2026-01-05 11:36"), EscalateOn.WARNING, 5)]


def test_who_is_answered_in_time_is_not_escalated() -> None:
    story = Story([department_a()]).waiting("2026-01-05 10:00", "2026-01-05 12:00").in_department(A, "2026-01-05 10:00")
    assert escalations(story.aiming(target("t", 2, escalation=(EscalateOn.BREACH, 50)))) == []


# --- resolution -----------------------------------------------------------------------------------


def open_in_a(*, until: str | None = None) -> Story:
    story = Story([department_a()]).waiting("2026-01-05 10:00", "2026-01-05 10:30")
    story.then_waiting("2026-01-05 10:00", until, clock=Clock.RESOLUTION).in_department(A, "2026-01-05 10:00")
    return story.aiming(target("t", None, resolution_seconds=10 * 3600))


def test_a_resolution_is_due_whether_somebody_waits_or_not() -> None:
    story = open_in_a()
    assert [data.model_dump()["due_at"] for data in said(story, ResolutionSet)] == [local("2026-01-06 12:00")]
    assert [data.model_dump()["at"] for data in said(story, ResolutionWarned)] == [local("2026-01-06 10:00")]
    assert [data.model_dump()["at"] for data in said(story, ResolutionBreached)] == [local("2026-01-06 12:00")]


def test_what_is_closed_in_time_is_resolved_in_time() -> None:
    assert said(open_in_a(until="2026-01-06 12:00"), ResolutionBreached) == []
    assert len(said(open_in_a(until="2026-01-06 12:01"), ResolutionBreached)) == 1


def test_a_reopened_ticket_has_used_nothing_of_its_resolution() -> None:
    story = open_in_a(until="2026-01-06 11:00").then_waiting("2026-01-07 10:00", clock=Clock.RESOLUTION)
    *_, latest = said(story, ResolutionSet)
    assert latest.model_dump()["due_at"] == local("2026-01-08 12:00")


def test_without_a_target_nothing_is_said_of_a_resolution() -> None:
    story = open_in_a()
    story.targets.clear()
    assert said(story, ResolutionSet) == []


# --- the list itself ------------------------------------------------------------------------------


def test_the_same_list_again_is_no_change() -> None:
    targets = TargetList()
    for event in change_list(targets, [HIGH, REST]):
        targets = evolve(targets, event, LONG_AGO)
    assert TargetList.model_validate_json(targets.model_dump_json()) == targets
    assert change_list(targets, [HIGH, REST]) == []
    assert change_list(targets, [REST, HIGH]) != []


def test_the_list_knows_what_it_depends_on() -> None:
    def listed(*targets: ListedTarget) -> TargetList:
        (event,) = change_list(TargetList(), targets)
        return evolve(TargetList(), event, LONG_AGO)

    assert not listed(HIGH).asks_accounts
    assert listed(target("t", 1, group_ids=(GROUP,))).asks_accounts
    assert not listed(HIGH).asks_resolution
    assert listed(target("t", 1, resolution_seconds=1)).asks_resolution
