"""The timelines of working time, as sla tells them."""

from datetime import timedelta

from libs.events.catalogue.sla import DeadlineBreached, DeadlineSet, DeadlineWarned
from libs.worktime.instants import MICROSECOND, to_micros
from services.sla.domain.ticket import Said
from services.sla.domain.wait import Wait
from tests.unit.sla.sla_builders import (
    END_OF_TIME,
    NEVER,
    NINE_TO_SIX,
    A,
    B,
    Department,
    Story,
    data_of,
    department_a,
    hours,
    local,
)


def deadline(story: Story) -> DeadlineSet:
    said = story.judged(None).said.deadline
    assert said is not None
    return said


def test_transferred_while_closed_keeps_the_hour_used_and_gets_the_rest_of_the_new_target() -> None:
    story = (
        Story().waiting("2026-01-09 16:00").in_department(A, "2026-01-09 16:00").in_department(B, "2026-01-09 18:00")
    )
    assert story.due() == local("2026-01-09 19:00")
    assert deadline(story).used_seconds == 3600
    assert deadline(story).department_id == B


def test_hours_edited_while_waiting_count_from_the_edit_on() -> None:
    edited = department_a().works(NINE_TO_SIX, local("2026-01-05 16:00"))
    story = Story([edited]).waiting("2026-01-05 15:00").in_department(A, "2026-01-05 15:00")
    assert story.due() == local("2026-01-06 10:00")
    assert deadline(story).calendar_version == 2


def test_late_routing_counts_from_when_the_client_wrote() -> None:
    story = Story().waiting("2026-01-05 10:00:00").in_department(A, "2026-01-05 10:00:03")
    assert story.due() == local("2026-01-05 14:00:00")
    assert deadline(story).used_seconds == 0


def test_late_routing_counts_on_the_hours_that_were_in_force_meanwhile() -> None:
    edited = department_a().works(None, local("2026-01-05 18:00"))
    story = Story([edited]).waiting("2026-01-05 16:00").in_department(A, "2026-01-05 19:00")
    assert story.due() == local("2026-01-05 21:00")


def test_a_ticket_that_was_reopened_has_used_nothing() -> None:
    story = Story().waiting("2026-01-06 10:00", "2026-01-06 11:00").waiting("2026-01-07 10:00")
    story.in_department(A, "2026-01-06 10:00")
    assert story.due() == local("2026-01-07 14:00")
    assert story.breached() == [local("2026-01-07 14:00")]


def test_answered_exactly_at_the_deadline_is_in_time() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 14:00").in_department(A, "2026-01-05 10:00")
    assert story.breached() == []


def test_answered_a_moment_after_the_deadline_is_breached_at_the_deadline() -> None:
    story = Story().in_department(A, "2026-01-05 10:00")
    story.waits.append(Wait(local("2026-01-05 10:00"), local("2026-01-05 14:00") + timedelta(milliseconds=1)))
    assert story.breached() == [local("2026-01-05 14:00")]


def test_nothing_is_said_of_a_breach_before_all_is_known_up_to_it() -> None:
    story = Story().waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    just_before = story.judged(local("2026-01-05 14:00") - MICROSECOND)
    assert DeadlineBreached not in map(type, data_of(just_before))
    assert just_before.due_at == local("2026-01-05 14:00")
    then = story.judged(local("2026-01-05 14:00"), just_before.said)
    assert [(type(event.data), event.time) for event in then.events] == [(DeadlineBreached, local("2026-01-05 14:00"))]
    assert then.due_at is None


def test_a_warning_comes_first_and_at_its_own_instant() -> None:
    story = Story().waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    judgement = story.judged(local("2026-01-05 13:30"))
    assert [type(data) for data in data_of(judgement)] == [DeadlineSet, DeadlineWarned]
    assert judgement.events[1].time == local("2026-01-05 13:12")
    assert story.judged(None).due_at == local("2026-01-05 13:12")


def test_a_warning_that_would_come_with_the_deadline_is_left_out() -> None:
    department = Department(A).aims_at(1, warning=1)
    story = Story([department]).waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    assert (story.warned(), story.breached()) == ([], [local("2026-01-05 11:00")])


def test_each_department_warns_at_its_own_share() -> None:
    story = Story([Department(A).aims_at(10, warning=0.5), Department(B).aims_at(10, warning=0.9)])
    story.waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00").in_department(B, "2026-01-05 14:00")
    assert story.warned() == [local("2026-01-05 19:00")]


def test_a_wait_is_breached_once_whatever_is_transferred_afterwards() -> None:
    story = Story().waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    said = story.judged(local("2026-01-05 14:30")).said
    story.in_department(B, "2026-01-05 15:00").in_department(A, "2026-01-05 16:00")
    later = story.judged(END_OF_TIME, said)
    assert [type(data) for data in data_of(later)] == [DeadlineSet]
    assert story.breached() == [local("2026-01-05 14:00")]


def test_each_wait_may_be_breached() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 16:00").waiting("2026-01-06 10:00")
    story.in_department(A, "2026-01-05 10:00")
    assert story.breached() == [local("2026-01-05 14:00"), local("2026-01-06 14:00")]


def test_hours_edited_after_the_breach_do_not_rewrite_it() -> None:
    edited = department_a().works(NINE_TO_SIX, local("2026-01-05 15:00")).aims_at(8, local("2026-01-05 15:00"))
    story = Story([edited]).waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    assert story.breached() == [local("2026-01-05 14:00")]
    assert story.due() == local("2026-01-05 14:00")


def test_without_a_target_it_is_said_once_that_there_is_no_deadline() -> None:
    story = Story([Department(A)]).waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    judgement = story.judged()
    assert [data.due_at for data in data_of(judgement) if isinstance(data, DeadlineSet)] == [None]
    assert judgement.due_at is None
    assert story.judged(said=judgement.said).events == []


def test_hours_that_never_open_mean_no_deadline() -> None:
    story = Story([Department(A).works(NEVER).aims_at(4)])
    story.waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    assert (story.due(), story.breached()) == (None, [])


def test_a_target_of_nothing_is_due_when_the_client_writes_open_or_not() -> None:
    story = Story([department_a().aims_at(0, local("2026-01-01 00:00"))])
    story.waiting("2026-01-10 12:00").in_department(A, "2026-01-10 12:00")
    assert story.breached() == [local("2026-01-10 12:00")]


def test_nothing_is_said_while_no_department_is_known() -> None:
    assert Story().waiting("2026-01-05 10:00").judged().events == []


def test_a_department_that_was_known_only_after_the_answer_had_the_ticket_from_its_beginning() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 11:00").in_department(A, "2026-01-05 11:00:01")
    assert story.due() == local("2026-01-05 14:00")
    assert [type(data) for data in data_of(story.judged())] == [DeadlineSet]


def test_a_wait_that_was_missed_before_any_department_was_known_is_breached_all_the_same() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 16:00").in_department(A, "2026-01-05 16:00:01")
    assert story.breached() == [local("2026-01-05 14:00")]


def test_a_second_department_has_no_part_in_a_wait_that_was_over_before_the_first_was_known() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 11:00").in_department(A, "2026-01-05 11:00:01")
    assert deadline(story.in_department(B, "2026-01-05 11:00:02")).department_id == A


def test_a_wait_that_ended_in_time_before_anybody_had_judged_it_has_its_deadline_once() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 11:00").in_department(A, "2026-01-05 10:00")
    at_once = story.judged()
    assert [type(data) for data in data_of(at_once)] == [DeadlineSet]
    assert story.judged(said=at_once.said).events == []


def test_what_changes_after_a_wait_changes_nothing_of_its_deadline() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 11:00").in_department(A, "2026-01-05 10:00")
    said = story.judged().said
    assert story.in_department(B, "2026-01-05 11:01").judged(said=said).events == []


def test_what_is_known_late_of_a_wait_changes_its_deadline_though_it_is_over() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 11:00").in_department(A, "2026-01-05 10:00")
    said = story.judged().said
    (deadline,) = data_of(story.in_department(B, "2026-01-05 10:30").judged(said=said))
    assert isinstance(deadline, DeadlineSet)
    assert deadline.department_id == B


def test_a_wait_that_was_missed_and_over_before_anybody_knew_has_its_deadline_first() -> None:
    story = Story().waiting("2026-01-05 10:00", "2026-01-05 16:00").in_department(A, "2026-01-05 10:00")
    at_once = story.judged(None)
    assert [type(data) for data in data_of(at_once)] == [DeadlineSet]
    assert at_once.due_at == local("2026-01-05 13:12")
    assert [type(data) for data in data_of(story.judged(said=at_once.said))] == [DeadlineWarned, DeadlineBreached]


def test_an_older_wait_is_not_spoken_of_after_a_newer_one() -> None:
    story = Story().waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    newer = Story().waiting("2026-01-06 10:00").in_department(A, "2026-01-05 10:00").judged(None).said
    assert story.judged(None, newer).events == []


def test_what_remains_is_one_subtraction_on_the_present_calendar() -> None:
    story = (
        Story().waiting("2026-01-09 16:00").in_department(A, "2026-01-09 16:00").in_department(B, "2026-01-09 18:00")
    )
    said, plan = deadline(story), story.departments[1].plan
    worked_now = plan.hours[-1].working_time.worked(local("2026-01-10 09:00"))
    assert said.worked_when_due is not None
    assert said.worked_when_due * MICROSECOND - worked_now == hours(-2)


def test_where_hours_were_never_set_the_calendar_is_the_clock_itself() -> None:
    story = Story([Department(A).aims_at(2)]).waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    said = deadline(story)
    assert said.calendar_version == 0
    assert said.worked_when_due == to_micros(local("2026-01-05 12:00"))


def test_the_same_again_says_nothing() -> None:
    story = Story().waiting("2026-01-05 10:00").in_department(A, "2026-01-05 10:00")
    once = story.judged()
    written = Said.model_validate_json(once.said.model_dump_json(exclude_defaults=True))
    again = story.judged(said=written)
    assert (again.events, again.said) == ([], once.said)
