"""From when on a service's word on a ticket counts, and what of it is kept."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.intake import (
    BlockRenewed,
    ClientReplied,
    NoteAdded,
    TicketAnswered,
    TicketClosed,
    TicketRead,
    TicketReopened,
)
from libs.events.catalogue.sla import DeadlineSet
from services.query.consumers.past import Past
from services.query.domain import past
from services.query.domain.ticket import EVOLVE, Ticket
from tests.unit.query.query_strategies import NOW, deadline, evolved, opened, told

LATER = NOW + timedelta(hours=1)


def heard(ticket: Ticket, *times: datetime, service: str = "intake") -> list[datetime]:
    return [ticket.heard(replace(told(TicketClosed(), time), service=service)) for time in times]


def test_a_word_counts_from_its_time_or_that_of_the_word_before() -> None:
    ticket = Ticket("t")
    assert heard(ticket, NOW, LATER, NOW, LATER) == [NOW, LATER, LATER, LATER]


def test_what_one_service_says_late_does_not_hold_another_back() -> None:
    ticket = Ticket("t")
    assert heard(ticket, LATER, service="sla") == [LATER]
    assert heard(ticket, NOW) == [NOW]


@pytest.mark.parametrize("kind", EVOLVE)
def test_what_an_event_changes_of_what_is_kept_is_looked_at(kind: str) -> None:
    """Each table lists the events that may change it: none of its columns is changed by another."""
    changing = {table for table, _ in past.CHANGED[kind]}
    ticket = evolved(Ticket("t"), opened(), deadline(), TicketClosed() if kind == TicketReopened.TYPE else opened())
    before = {name: getattr(ticket, name) for table in past.TABLES for name in table.columns}
    EVOLVE[kind](ticket, CATALOGUE.model(kind).example(), told(TicketClosed(), LATER))
    for table in past.TABLES:
        if table.table not in changing:
            assert [name for name in table.columns if getattr(ticket, name) != before[name]] == []


def test_what_lists_do_not_show_makes_no_version() -> None:
    assert past.CHANGED[BlockRenewed.TYPE] == []
    assert NoteAdded.TYPE not in EVOLVE


def kept(ticket: Ticket, *data: object) -> Past:
    noted = Past()
    for number, one in enumerate(data, 1):
        event = told(one, NOW + number * timedelta(hours=1))  # type: ignore[arg-type]
        noted.evolve(EVOLVE[event.type], ticket, event, one, ticket.heard(event))  # type: ignore[arg-type]
    return noted


def test_waits_end_with_an_answer_or_a_closing_and_times_of_being_active_with_a_closing() -> None:
    ticket, author = evolved(Ticket("t"), opened()), uuid4()
    ticket.active_since = NOW
    reply = ClientReplied(message_id=uuid4(), author_id=author, text="?", waiting_since=NOW + timedelta(hours=4))
    answer = TicketAnswered(message_id=uuid4(), author_id=author, text="!")
    noted = kept(ticket, TicketRead(reader_id=author), answer, answer, reply, TicketClosed(), TicketReopened())
    waits = [(wait.ordinal, wait.ended, (wait.ended_at - wait.since) / timedelta(hours=1)) for wait in noted.waits]
    assert waits == [(1, "answered", 2), (2, "closed", 1)]
    assert [(period.since, period.until, period.reason) for period in noted.periods] == [
        (NOW, NOW + timedelta(hours=5), "by_hand")
    ]
    assert ticket.active_since == NOW + timedelta(hours=6)


def test_a_word_on_a_wait_that_is_over_is_late() -> None:
    word, ticket = deadline(), evolved(Ticket("t"), opened(), deadline())
    assert isinstance(word, DeadlineSet)
    assert not past.is_late(word, ticket)
    evolved(ticket, TicketClosed())
    assert past.is_late(word, ticket)
    assert not past.is_late(word, Ticket("not known yet"))
