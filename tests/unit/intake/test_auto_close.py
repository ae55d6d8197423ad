"""A ticket closes by itself when the client does not answer."""

from datetime import timedelta

from libs.events.catalogue.intake import CloseReason, TicketClosed
from services.intake.domain import lifecycle
from services.intake.domain.by_time import AutoClose
from services.intake.domain.ticket import Status
from services.intake.domain.turn import Turn
from tests.unit.intake.ticket_world import ANN, LEASE, NINE, World

HOUR = timedelta(hours=1)
WARNED = AutoClose(10 * HOUR, 2 * HOUR, "Closes on {closes_on}.")
UNWARNED = AutoClose(10 * HOUR, timedelta(0), "")


def answered(auto_close: AutoClose | None) -> World:
    world = World(auto_close=auto_close)
    return world.answer(ANN, world.block(ANN))


def test_without_the_setting_nothing_closes() -> None:
    assert answered(None).due_at is None


def test_the_client_is_warned_and_then_the_ticket_closes_each_at_its_own_instant() -> None:
    world = answered(WARNED)
    assert world.due_at == NINE + 8 * HOUR
    world.fall_due()
    assert world.told[-1] == "auto_close_warned"
    assert (world.last.closes_at, world.last.text) == (NINE + 10 * HOUR, "Closes on 2026-01-05 19:00 UTC.")
    assert (world.ticket.waiting_since, world.times) == (None, [NINE + 8 * HOUR])
    assert world.fall_due().due_at is None
    assert world.last == TicketClosed(reason=CloseReason.NO_ANSWER)
    assert (world.times, world.ticket.status) == ([NINE + 10 * HOUR], Status.CLOSED)


def test_without_a_warning_it_just_closes() -> None:
    assert answered(UNWARNED).fall_due().told[-1] == "closed"


def test_a_message_of_the_client_s_cancels_it() -> None:
    world = answered(WARNED).fall_due().later(9 * 3600).reply()
    assert (world.due_at, world.ticket.is_open) == (None, True)


def test_another_answer_begins_it_anew() -> None:
    world = answered(WARNED).fall_due().later(9 * 3600)
    world.answer(ANN, world.block(ANN))
    assert (world.due_at, world.ticket.closes_at) == (NINE + 17 * HOUR, None)


def test_what_fell_due_and_was_not_noticed_comes_before_what_is_done_now() -> None:
    world = answered(WARNED).later(11 * 3600).reply()
    assert world.told[-4:] == ["auto_close_warned", "closed", "reopened", "replied"]
    assert world.times[:2] == [NINE + 8 * HOUR, NINE + 10 * HOUR]
    assert world.ticket.waiting_since == NINE + 11 * HOUR


def test_nothing_closes_while_somebody_is_writing_but_when_the_block_ends() -> None:
    world = answered(UNWARNED).later(36_000 - 30)
    world.block(ANN)
    end = NINE + 10 * HOUR - timedelta(seconds=30) + LEASE
    assert world.due_at == end
    assert world.fall_due().told[-2:] == ["unblocked", "closed"]
    assert world.times == [end, end]


def test_a_block_that_is_given_up_late_lets_the_ticket_close_at_once() -> None:
    world = answered(UNWARNED).later(36_000 - 30)
    token = world.block(ANN)
    world.later(60).release(ANN, token)
    assert world.due_at == world.now


def test_closing_and_reopening_by_hand_forgets_it() -> None:
    world = answered(WARNED)
    world.take(lifecycle.close(world.turn(), ANN))
    assert world.due_at is None
    assert world.take(lifecycle.reopen(world.turn())).due_at is None


def test_a_ticket_that_was_never_answered_does_not_close() -> None:
    assert World(auto_close=WARNED).reply().due_at is None


def test_settings_that_changed_count_from_when_the_ticket_is_looked_at() -> None:
    world = answered(WARNED)
    longer = World(auto_close=AutoClose(20 * HOUR, HOUR, "")).by_time
    put_off = Turn(world.ticket, world.version, NINE + 8 * HOUR, longer, NINE + 8 * HOUR).done()
    assert (put_off.events, put_off.due_at) == ([], NINE + 19 * HOUR)
    never = World().by_time
    assert Turn(world.ticket, world.version, NINE + 8 * HOUR, never, NINE + 8 * HOUR).done().due_at is None


def test_it_does_not_close_before_what_the_client_was_told() -> None:
    world = answered(WARNED).fall_due()
    world.by_time = World(auto_close=AutoClose(9 * HOUR, HOUR, "")).by_time
    assert world.by_time.next_due(world.ticket) == NINE + 10 * HOUR


def test_who_is_warned_late_because_the_setting_is_new_has_as_long_to_answer() -> None:
    world = answered(None)
    world.by_time = World(auto_close=WARNED).by_time
    world.due_at = NINE + 30 * HOUR
    world.fall_due()
    assert (world.last.closes_at, world.due_at) == (NINE + 32 * HOUR, NINE + 32 * HOUR)


def test_nothing_is_stamped_with_a_past_that_others_know_already() -> None:
    world = answered(None).later(50 * 3600)
    world.by_time = World(auto_close=WARNED).by_time
    world.block(ANN)
    assert world.told[-1] == "blocked"
    assert world.times == [None]
