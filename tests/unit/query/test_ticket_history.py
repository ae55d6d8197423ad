"""What the history keeps, and what of it a client may know."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import EventData, intake
from services.query.domain.history import (
    FOR_CLIENTS,
    changes,
    facts_in,
    for_client,
    ids_in,
    is_news_for_clients,
    snapshot,
)
from services.query.domain.ticket import Ticket
from tests.unit.query.query_strategies import NOW, evolved, opened, told

EDITED = intake.TicketEdited(
    changed=[intake.Property.SUBJECT],
    subject="New",
    category_id=uuid4(),
    urgency=intake.Urgency.LOW,
    tags=["imap"],
)


def entry(data: EventData, actor: str, on_behalf_of: str | None = None) -> dict[str, Any]:
    facts = facts_in(told(data), type(data))
    return {"type": data.TYPE, "actor": actor, "on_behalf_of": on_behalf_of, "facts": facts, "changes": {"x": 1}}


def test_history_keeps_nothing_that_people_wrote() -> None:
    data = opened()
    assert facts_in(told(data), type(data)).keys() == data.model_dump().keys() - {"subject", "text", "attachments"}
    assert "subject" not in facts_in(told(EDITED), type(EDITED))
    rated = intake.AnswerRated.example()
    assert "comment" not in facts_in(told(rated), type(rated))


def test_changes_are_from_the_row_before_to_the_row_after() -> None:
    ticket = evolved(Ticket("t"), opened(subject="Old"))
    before = snapshot(ticket)
    assert changes(before, snapshot(ticket)) == {}
    after = snapshot(evolved(ticket, EDITED))
    changed = changes(before, after)
    assert changed["subject"] == {"from": "Old", "to": "New"}
    assert changed["tags"] == {"from": [], "to": ["imap"]}
    assert "responsible_id" not in changed


@pytest.mark.parametrize(
    ("actor", "on_behalf_of", "shown"),
    [
        ("user:jane", None, "user:jane"),
        ("user:ann", None, "staff"),
        ("user:ann", "user:jane", "user:ann"),
        ("service:intake", None, "system"),
        ("system:billing", None, "system"),
    ],
)
def test_a_client_is_not_told_who_of_the_staff_closed(actor: str, on_behalf_of: str | None, shown: str) -> None:
    closed = for_client(entry(intake.TicketClosed(), actor, on_behalf_of), "jane".__eq__)
    assert (closed["actor"], closed["facts"], closed["changes"]) == (shown, {"reason": "by_hand"}, {})


def test_a_client_is_told_who_answered() -> None:
    answered = intake.TicketAnswered.example()
    assert for_client(entry(answered, "user:ann"), "jane".__eq__)["actor"] == "user:ann"


def test_clients_are_told_of_what_changes_for_them() -> None:
    only_tags = EDITED.model_copy(update={"changed": [intake.Property.TAGS]})
    assert is_news_for_clients(EDITED)
    assert not is_news_for_clients(only_tags)
    assert all(is_news_for_clients(kind.example()) for kind in intake.EVENTS if kind.TYPE in FOR_CLIENTS)
    kept = (intake.NoteAdded, intake.TicketRead, intake.TicketBlocked, intake.TicketAssigned, intake.TicketTransferred)
    assert not any(is_news_for_clients(kind.example()) for kind in kept)


def test_ids_are_found_wherever_they_are() -> None:
    one, two, three = (UUID(int=number) for number in range(1, 4))
    document = {"actor": f"user:{one}", "changes": {"x": {"from": None, "to": str(two)}}, "facts": [str(three), "x", 1]}
    assert list(ids_in(document)) == [one, two, three]


def test_what_is_edited_answered_read_and_closed_shows_in_the_ticket() -> None:
    ticket = evolved(Ticket("t"), opened(subject="Old"), EDITED)
    assert (ticket.subject, ticket.urgency, ticket.category_id) == ("New", "low", EDITED.category_id)
    evolved(ticket, EDITED.model_copy(update={"subject": None}))
    assert ticket.subject == "New", "told only when it was changed"

    later = NOW + timedelta(hours=1)
    evolved(ticket, intake.TicketAnswered.example(), intake.TicketAnswered.example(), time=later)
    assert (ticket.unread_answers, ticket.active_at) == (2, later)
    evolved(ticket, intake.AnswerRead.example(), intake.TicketRead.example(), time=later + timedelta(hours=1))
    assert (ticket.unread_answers, ticket.active_at) == (0, later)

    warned = intake.AutoCloseWarned.example()
    assert evolved(ticket, warned, time=later).closes_at == warned.closes_at
    assert evolved(ticket, intake.TicketAnswered.example()).closes_at is None
    evolved(ticket, warned, intake.TicketClosed(reason=intake.CloseReason.NO_ANSWER), time=later)
    assert (ticket.close_reason, ticket.closed_at, ticket.closes_at) == ("no_answer", later, None)
    evolved(ticket, intake.TicketReopened())
    assert (ticket.close_reason, ticket.closed_at) == (None, None)
