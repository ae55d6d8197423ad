"""Made-up tickets and events for query's pure parts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from libs.events.catalogue import EventData
from libs.events.catalogue.intake import TicketOpened
from libs.events.catalogue.sla import DeadlineSet
from libs.events.envelope import Cause, Event
from services.query.domain.ticket import EVOLVE, Ticket

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DEPARTMENT = UUID(int=1)


def told(data: EventData, time: datetime = NOW, actor: str = "user:a") -> Event:
    """An event with this payload."""
    return Event("e", data.TYPE, "intake", "t", 1, time, "epoch", 1, 0, Cause(actor, "c"), data.model_dump(mode="json"))


def evolved(ticket: Ticket, *events: EventData, time: datetime = NOW) -> Ticket:
    for data in events:
        EVOLVE[data.TYPE](ticket, data, told(data, time))
    return ticket


def opened(**given: Any) -> TicketOpened:
    facts = {
        "number": 1,
        "subject": "s",
        "text": "t",
        "account_id": uuid4(),
        "user_id": uuid4(),
        "category_id": uuid4(),
        "message_id": uuid4(),
        "waiting_since": NOW,
        **given,
    }
    return TicketOpened(**facts)


def deadline(**given: Any) -> DeadlineSet:
    facts = {
        "waiting_since": NOW,
        "due_at": NOW + timedelta(hours=4),
        "department_id": DEPARTMENT,
        "calendar_version": 1,
        "target_seconds": 14400,
        "worked_when_due": 14_400_000_000,
        **given,
    }
    return DeadlineSet(**facts)


instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
waiting_tickets = st.builds(
    Ticket,
    id=st.just("t"),
    number=st.integers(1, 10**6),
    weighed_points=st.integers(-1000, 1000),
    waiting_since=instants,
)
