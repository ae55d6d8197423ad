"""What may be done to a ticket, and what it is afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest

from libs.events.catalogue.intake import UnblockReason
from libs.service.problems import Problem
from services.intake.domain import blocking, lifecycle, writing
from services.intake.domain.ticket import Status
from services.intake.problems import Blocked, BlockLost, NotOpen, TicketGone
from tests.unit.intake.ticket_world import ANN, BOB, LEASE, NINE, World


def test_a_client_s_ticket_waits_and_is_unread() -> None:
    ticket = World().ticket
    assert (ticket.waiting_since, ticket.unread) == (NINE, True)


def test_a_ticket_that_staff_wrote_does_not_wait_until_the_client_writes() -> None:
    world = World(by_client=False)
    assert (world.ticket.waiting_since, world.ticket.unread) == (None, False)
    assert world.later(60).reply().ticket.waiting_since == NINE + timedelta(seconds=60)


def test_more_messages_of_the_client_do_not_reset_the_wait() -> None:
    assert World().later(60).reply().ticket.waiting_since == NINE


def test_an_answer_ends_the_wait_and_the_block_and_the_next_message_begins_a_new_wait() -> None:
    world = World()
    token = world.block(ANN)
    world.later(10).answer(ANN, token)
    assert (world.ticket.waiting_since, world.ticket.block) == (None, None)
    assert world.later(50).reply().ticket.waiting_since == NINE + timedelta(seconds=60)


def test_notes_and_blocks_do_not_stop_the_wait() -> None:
    world = World()
    world.block(ANN)
    world.take(writing.note(world.turn(), BOB, uuid4(), "n"))
    assert world.ticket.waiting_since == NINE


def test_a_second_administrator_cannot_take_the_block_and_is_told_who_holds_it() -> None:
    world = World()
    world.block(ANN)
    with pytest.raises(Blocked) as refused:
        world.block(BOB)
    assert refused.value.members["holder_id"] == str(ANN)


def test_whoever_holds_the_block_takes_it_again_with_the_same_token() -> None:
    world = World()
    token = world.block(ANN)
    assert world.later(30).block(ANN) == token
    assert world.ticket.block is not None
    assert world.ticket.block.expires_at == NINE + timedelta(seconds=120)


def test_a_block_ends_by_itself_at_its_own_instant_however_late_it_is_noticed() -> None:
    world = World()
    world.block(ANN)
    world.later(3600).block(BOB)
    assert world.told == ["blocked", "unblocked", "blocked"]
    assert world.times[0] == NINE + LEASE


def test_a_block_is_still_held_just_before_its_end_and_gone_exactly_at_it() -> None:
    world = World()
    world.block(ANN)
    world.later(89.999999)
    with pytest.raises(Blocked):
        world.block(BOB)
    world.later(0.000001).block(BOB)


def test_after_the_block_was_lost_a_late_send_is_refused() -> None:
    world = World()
    old = world.block(ANN)
    world.later(91)
    new = world.block(BOB)
    assert new > old
    with pytest.raises(BlockLost):
        world.answer(ANN, old)
    with pytest.raises(BlockLost):
        blocking.renew_block(world.turn(), ANN, old, world.now + LEASE)


def test_a_token_of_an_earlier_block_of_the_same_holder_is_refused() -> None:
    world = World()
    old = world.block(ANN)
    world.take(blocking.release_block(world.turn(), ANN, old))
    world.block(ANN)
    with pytest.raises(BlockLost):
        world.answer(ANN, old)


def test_releasing_a_lost_block_changes_nothing() -> None:
    world = World()
    old = world.block(ANN)
    world.later(100)
    world.block(BOB)
    before = world.ticket
    world.take(blocking.release_block(world.turn(), ANN, old))
    assert world.ticket == before


def test_unblocking_takes_the_block_from_its_holder() -> None:
    world = World()
    token = world.block(ANN)
    world.take(blocking.unblock(world.turn()))
    with pytest.raises(BlockLost):
        world.answer(ANN, token)


def test_send_and_close_answers_and_closes() -> None:
    world = World()
    world.answer(ANN, world.block(ANN), and_close=True)
    assert world.told == ["blocked", "answered", "unblocked", "closed"]
    assert world.ticket.status is Status.CLOSED


def test_a_client_s_message_reopens_a_closed_ticket_as_a_new_wait() -> None:
    world = World()
    world.take(lifecycle.close(world.turn(), ANN))
    assert world.ticket.waiting_since is None
    world.later(60).reply()
    assert world.ticket.is_open
    assert world.ticket.waiting_since == NINE + timedelta(seconds=60)


def test_reopening_begins_no_wait_and_an_open_ticket_needs_none() -> None:
    world = World()
    world.take(lifecycle.close(world.turn(), None)).take(lifecycle.reopen(world.turn()))
    assert (world.ticket.status, world.ticket.waiting_since) == (Status.OPEN, None)
    assert lifecycle.reopen(world.turn()).events == []


def test_an_administrator_does_not_close_what_another_is_writing_on_but_the_client_may() -> None:
    world = World()
    world.block(ANN)
    with pytest.raises(Blocked):
        lifecycle.close(world.turn(), BOB)
    world.take(lifecycle.close(world.turn(), None))
    assert world.told[-2:] == ["unblocked", "closed"]


def test_a_closed_ticket_takes_no_block() -> None:
    world = World()
    world.take(lifecycle.close(world.turn(), None))
    with pytest.raises(NotOpen):
        world.block(ANN)


def test_opening_a_ticket_clears_unread_once() -> None:
    world = World()
    world.take(writing.read(world.turn(), ANN))
    assert not world.ticket.unread
    assert writing.read(world.turn(), BOB).events == []
    assert world.reply().ticket.unread


def test_nothing_is_done_to_a_deleted_ticket() -> None:
    world = World()
    world.take(lifecycle.delete(world.turn()))
    with pytest.raises(TicketGone):
        world.turn()
    assert issubclass(TicketGone, Problem)


def test_an_expired_block_falls_due_with_the_reason() -> None:
    world = World()
    world.block(ANN)
    assert world.due_at == NINE + LEASE
    world.fall_due()
    assert (world.last.reason, world.times) == (UnblockReason.EXPIRED, [NINE + LEASE])
