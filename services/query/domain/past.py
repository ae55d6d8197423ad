"""What is kept of how tickets were: versions of what lists show, times they were active, and waits that are over.

A service's word on a ticket counts from an instant on (`Ticket.heard`). What it says is kept apart from what the others say,
so a late word of one does not rewrite what another said: how a ticket was at an instant is put together when it is asked.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from libs.events.catalogue import EventData
from libs.events.catalogue.intake import TicketAnswered
from libs.events.envelope import Event
from services.query.domain.ticket import Ticket


class Versions(NamedTuple):
    """A table of versions: who tells what is in it, and which fields of a ticket these are."""

    table: str
    service: str
    columns: tuple[str, ...]


KEY = ("ticket_id", "since", "position")
TABLES = (
    Versions(
        "course_versions",
        "intake",
        (
            *("state", "unread", "waiting_since", "department_id", "responsible_id", "holder_id", "blocked_at"),
            *("closes_at", "closed_at", "close_reason", "active_at"),
        ),
    ),
    Versions("wording_versions", "intake", ("subject", "subject_key", "category_id", "project_id", "urgency", "tags")),
    Versions("points_versions", "routing", ("weighed_points", "weighed_breakdown")),
    Versions(
        "deadline_versions",
        "sla",
        (
            *("judged_wait", "judged_department", "calendar_version", "due_at", "worked_when_due"),
            *("target_seconds", "used_seconds"),
        ),
    ),
    Versions("escalation_versions", "sla", ("escalated_wait", "escalation_points", "escalation")),
)
Facts = tuple[Any, ...]
_FACTS = {
    service: [(told.table, attrgetter(*told.columns)) for told in TABLES if told.service == service]
    for service in {told.service for told in TABLES}
}


def facts(ticket: Ticket, service: str) -> list[Facts]:
    """What a service has said of a ticket, for each of its tables."""
    return [get(ticket) for _, get in _FACTS[service]]


def tables(service: str) -> Iterator[str]:
    """The tables of the same, in the same order."""
    return (table for table, _ in _FACTS[service])


class Period(NamedTuple):
    """A ticket was active: the columns of `periods`."""

    ticket_id: str
    since: datetime
    until: datetime
    position: int
    reason: str
    ended_by: UUID | None
    account_id: UUID
    department_id: UUID | None
    category_id: UUID
    project_id: UUID | None
    urgency: str


class Wait(NamedTuple):
    """A wait that is over: the columns of `waits` that intake knows."""

    ticket_id: str
    since: datetime
    ended_at: datetime
    position: int
    ordinal: int
    ended: str
    ended_by: UUID | None
    account_id: UUID
    department_id: UUID | None
    category_id: UUID
    project_id: UUID | None
    urgency: str


Running = tuple[str | None, datetime | None, datetime | None]
"""What may end with an event: being active, since when, and the wait that had begun then."""
running: Callable[[Ticket], Running] = attrgetter("state", "active_since", "waiting_since")


def ended_period(was: Running, ticket: Ticket, at: datetime, event: Event) -> Period | None:
    """The time of being active that an event has ended, if it has."""
    state, since, _ = was
    if state != "active" or ticket.state == "active":
        return None
    reason, closer = ticket.close_reason or "", _person(event)
    where = (ticket.account_id, ticket.department_id, ticket.category_id, ticket.project_id, ticket.urgency)
    return Period(ticket.id, since, at, event.position, reason, closer, *where)  # type: ignore[arg-type]


def ended_wait(was: Running, ticket: Ticket, at: datetime, event: Event, data: EventData) -> Wait | None:
    """The wait that an event has ended, if it has."""
    _, _, since = was
    if since is None or ticket.waiting_since is not None:
        return None
    how, who = ("answered", data.author_id) if isinstance(data, TicketAnswered) else ("closed", _person(event))
    where = (ticket.account_id, ticket.department_id, ticket.category_id, ticket.project_id, ticket.urgency)
    return Wait(ticket.id, since, at, event.position, ticket.waits, how, who, *where)  # type: ignore[arg-type]


def _person(event: Event) -> UUID | None:
    kind, _, identity = event.cause.actor.partition(":")
    return UUID(identity) if kind == "user" else None
