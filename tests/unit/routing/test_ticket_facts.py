"""What routing keeps of a ticket."""

from datetime import timedelta
from uuid import UUID, uuid4

from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    ClientReplied,
    NoteAdded,
    Property,
    TicketAnswered,
    TicketAssigned,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
    Urgency,
)
from services.routing.domain.tickets import Ticket, evolve
from tests.unit.routing.routing_strategies import NINE

OPENED = TicketOpened.example().model_copy(update={"waiting_since": NINE})


def after(*events: EventData) -> Ticket | None:
    """The ticket after these events, one a minute from nine o'clock."""
    ticket = None
    for minute, event in enumerate(events):
        ticket = evolve(ticket, event, NINE + timedelta(minutes=minute), minute + 1)
    return ticket


def waited_minutes(*events: EventData) -> float | None:
    ticket = after(*events)
    assert ticket is not None
    return None if ticket.waited_until is None else (ticket.waited_until - NINE).total_seconds() / 60


def test_a_client_waits_until_answered_or_closed_whichever_is_first() -> None:
    answered, closed = TicketAnswered.example(), TicketClosed()
    assert waited_minutes(OPENED) is None
    assert waited_minutes(OPENED, answered) == 1
    assert waited_minutes(OPENED, closed, TicketReopened()) == 1
    assert waited_minutes(OPENED, answered, answered, closed) == 1


def test_a_clients_next_message_begins_a_new_wait() -> None:
    answered, replied = TicketAnswered.example(), ClientReplied.example()
    assert waited_minutes(OPENED, answered, replied) is None
    assert waited_minutes(OPENED, answered, replied, answered) == 3


def test_nobody_waits_for_a_ticket_that_staff_wrote_until_the_client_does() -> None:
    by_staff = OPENED.model_copy(update={"waiting_since": None})
    assert waited_minutes(by_staff) == 0
    assert waited_minutes(by_staff, ClientReplied.example()) is None


def test_what_does_not_change_the_judgement_does_not_count_as_a_version_of_it() -> None:
    ticket = after(OPENED, NoteAdded.example(), ClientReplied.example())
    assert ticket is not None
    assert ticket.version == 1
    assert ticket.category_id == UUID(TicketOpened.EXAMPLE["category_id"])


def test_a_deleted_ticket_is_gone_and_what_is_not_known_stays_unknown() -> None:
    assert after(OPENED, TicketDeleted.example()) is None
    assert after(ClientReplied.example(), TicketClosed()) is None


def test_an_edit_counts_when_it_changes_what_a_ticket_is_judged_by() -> None:
    category = uuid4()
    edited = TicketEdited(
        changed=[Property.CATEGORY, Property.TAGS], category_id=category, urgency=Urgency.HIGH, tags=["imap"]
    )
    tagged = edited.model_copy(update={"changed": [Property.TAGS]})
    urgent = edited.model_copy(update={"changed": [Property.URGENCY], "urgency": Urgency.LOW})
    ticket = after(OPENED, NoteAdded.example(), edited, tagged)
    assert ticket is not None
    assert (ticket.category_id, ticket.version, ticket.categorised) == (category, 3, 3)
    ticket = after(OPENED, edited, urgent)
    assert ticket is not None
    assert (ticket.urgency, ticket.version, ticket.categorised) == (Urgency.LOW, 3, 2)


def test_each_category_counts_from_its_own_instant() -> None:
    edited = TicketEdited(changed=[Property.CATEGORY], category_id=uuid4(), urgency=Urgency.HIGH)
    ticket = after(OPENED, NoteAdded.example(), edited, edited.model_copy(update={"changed": [Property.SUBJECT]}))
    assert ticket is not None
    assert ticket.categorised_at == NINE + timedelta(minutes=2)
    assert (ticket.version, ticket.categorised) == (4, 3)


def test_a_ticket_is_where_it_was_routed_transferred_and_assigned_to() -> None:
    here, there, ann = uuid4(), uuid4(), uuid4()
    routed = TicketRouted(department_id=here, responsible_id=ann, decision_id=uuid4(), urgency=Urgency.LOW)
    ticket = after(OPENED, routed)
    assert ticket is not None
    assert (ticket.department_id, ticket.responsible_id, ticket.urgency, ticket.version) == (here, ann, Urgency.LOW, 2)
    ticket = after(OPENED, routed, TicketTransferred(department_id=there))
    assert ticket is not None
    assert (ticket.department_id, ticket.responsible_id) == (there, None)
    ticket = after(OPENED, routed, TicketAssigned(responsible_id=None), TicketClosed())
    assert ticket is not None
    assert (ticket.department_id, ticket.responsible_id, ticket.is_open) == (here, None, False)
    ticket = after(OPENED, TicketClosed(), TicketReopened())
    assert ticket is not None
    assert ticket.is_open
