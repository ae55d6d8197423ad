"""What a ticket's row is after each event."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.intake import (
    ClientReplied,
    NoteAdded,
    TicketAnswered,
    TicketBlocked,
    TicketClosed,
    TicketRead,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
    TicketUnblocked,
    Urgency,
)
from libs.events.catalogue.routing import Points, TicketWeighed
from libs.events.catalogue.sla import EscalateOn, TicketEscalated
from services.query.domain.messages import message_in
from services.query.domain.ticket import EVOLVE, MINUTE, Ticket
from tests.unit.query.query_strategies import (
    DEPARTMENT,
    NOW,
    deadline,
    evolved,
    instants,
    opened,
    told,
    waiting_tickets,
)

REPLY = ClientReplied(message_id=uuid4(), author_id=uuid4(), text="Any news?", waiting_since=NOW)
ANSWER = TicketAnswered(message_id=uuid4(), author_id=uuid4(), text="Fixed")


def test_a_ticket_is_not_seen_before_its_opening_is_known() -> None:
    ticket = evolved(Ticket("t"), TicketWeighed(points=5, breakdown=[], judged_version=1), deadline())
    assert ticket.state is None
    assert evolved(ticket, opened()).state == "active"
    assert ticket.points == 5


def escalation(since: datetime = NOW) -> TicketEscalated:
    at = since + timedelta(hours=4)
    return TicketEscalated(
        waiting_since=since, at=at, on=EscalateOn.BREACH, points=50, target_id=uuid4(), name="Urgent"
    )


def test_an_escalation_weighs_for_as_long_as_its_wait_lasts() -> None:
    rule = Points(rule_id=uuid4(), name="Big customers", points=5)
    weighed = TicketWeighed(points=5, breakdown=[rule], judged_version=1)
    ticket = evolved(Ticket("t"), opened(), weighed, escalation())
    assert ticket.points == 55
    assert [part["name"] for part in json.loads(ticket.breakdown)] == ["Big customers", "Escalation: Urgent"]
    assert ticket.rank == evolved(Ticket("t"), opened()).rank - 55 * MINUTE
    assert evolved(ticket, ANSWER).points == 5
    assert json.loads(ticket.breakdown) == [rule.model_dump(mode="json")]


def test_an_escalation_comes_before_or_after_what_it_is_about() -> None:
    weighed = TicketWeighed(points=5, breakdown=[], judged_version=1)
    assert evolved(Ticket("t"), escalation(), weighed, opened()).points == 55


def test_an_escalation_of_a_former_wait_does_not_weigh() -> None:
    assert evolved(Ticket("t"), opened(), escalation(NOW - timedelta(days=1))).points == 0


def test_unread_is_a_clients_message_that_nobody_has_opened() -> None:
    ticket = evolved(Ticket("t"), opened())
    assert ticket.unread
    assert not evolved(ticket, TicketRead(reader_id=uuid4())).unread
    assert evolved(ticket, REPLY).unread
    assert not evolved(Ticket("t"), opened(waiting_since=None)).unread


def test_an_answer_and_a_closing_end_the_wait_and_a_note_does_not() -> None:
    ticket = evolved(Ticket("t"), opened())
    assert NoteAdded.TYPE not in EVOLVE
    assert ticket.waiting
    assert not evolved(ticket, ANSWER).waiting
    assert evolved(ticket, REPLY).waiting
    closed = evolved(ticket, TicketClosed())
    assert (closed.waiting, closed.state) == (False, "closed")
    reopened = evolved(closed, TicketReopened())
    assert (reopened.waiting, reopened.state) == (False, "active")


def test_a_deadline_counts_only_for_the_present_wait_and_department() -> None:
    ticket = evolved(Ticket("t"), opened(), deadline())
    assert ticket.deadline_at is None
    evolved(ticket, TicketRouted(department_id=DEPARTMENT, decision_id=uuid4()))
    assert ticket.deadline_at == NOW + timedelta(hours=4)
    assert ticket.deadline_clock == 14_400_000_000
    evolved(ticket, TicketTransferred(department_id=uuid4()))
    assert not ticket.is_timed
    evolved(ticket, TicketTransferred(department_id=DEPARTMENT), ANSWER)
    assert ticket.deadline_at is None
    evolved(ticket, ClientReplied(**{**REPLY.model_dump(), "waiting_since": NOW + timedelta(days=1)}))
    assert ticket.deadline_at is None


def test_a_rules_choice_without_a_responsible_leaves_who_took_it() -> None:
    someone = uuid4()
    ticket = evolved(Ticket("t", responsible_id=someone), TicketRouted(department_id=DEPARTMENT, decision_id=uuid4()))
    assert ticket.responsible_id == someone
    assert evolved(ticket, TicketTransferred(department_id=DEPARTMENT)).responsible_id is None


def test_a_block_names_its_holder_since_when_until_it_ends() -> None:
    holder = uuid4()
    ticket = evolved(Ticket("t"), TicketBlocked(holder_id=holder, token=1, expires_at=NOW + timedelta(minutes=1)))
    assert (ticket.holder_id, ticket.blocked_at) == (holder, NOW)
    evolved(ticket, TicketUnblocked.example())
    assert (ticket.holder_id, ticket.blocked_at, ticket.block_expires_at) == (None, None, None)


@given(st.lists(waiting_tickets, max_size=20), instants)
def test_rank_orders_those_who_wait_by_weight_at_any_instant(tickets: list[Ticket], now: datetime) -> None:
    def weight(ticket: Ticket) -> int:
        assert ticket.waiting_since is not None
        return ticket.points + (now - ticket.waiting_since) // timedelta(microseconds=MINUTE)

    weights = [weight(ticket) for ticket in sorted(tickets, key=lambda ticket: ticket.rank)]
    assert all(one >= other for one, other in pairwise(weights))


def test_the_first_message_is_the_clients_unless_nobody_waits_for_its_answer() -> None:
    staff = uuid4()
    by_client = opened()
    message = message_in(by_client, told(by_client))
    assert message is not None
    assert (message.kind, message.author_id) == ("client", by_client.user_id)
    by_staff = opened(waiting_since=None)
    message = message_in(by_staff, told(by_staff, actor=f"user:{staff}"))
    assert message is not None
    assert (message.kind, message.author_id) == ("staff", staff)
    assert message_in(TicketClosed(), told(TicketClosed())) is None


def test_what_rules_made_of_urgency_and_tags_is_told_when_it_is_adopted() -> None:
    ticket = evolved(
        Ticket("t", urgency="low", tags=["a"]), TicketRouted(department_id=DEPARTMENT, decision_id=uuid4())
    )
    assert (ticket.urgency, ticket.tags) == ("low", ["a"])
    routed = TicketRouted(department_id=DEPARTMENT, decision_id=uuid4(), urgency=Urgency.HIGH, tags=["a", "b"])
    assert (evolved(ticket, routed).urgency, ticket.tags) == ("high", ["a", "b"])
