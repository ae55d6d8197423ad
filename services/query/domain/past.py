"""What is kept of how tickets were: versions of what lists show, times they were active, and waits that are over.

A service's word on a ticket counts from an instant on (`Ticket.heard`). What it says is kept apart from what the others say,
so a late word of one does not rewrite what another said: how a ticket was at an instant is put together when it is asked.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from libs.events.catalogue import EventData
from libs.events.catalogue import intake as told
from libs.events.catalogue.routing import TicketWeighed
from libs.events.catalogue.sla import DeadlineSet, TicketEscalated
from libs.events.envelope import Event
from services.query.domain.history import ids_in
from services.query.domain.ticket import EVOLVE, Ticket


class Versions(NamedTuple):
    """A table of versions: which fields of a ticket are in it, and the events that may change these."""

    table: str
    columns: tuple[str, ...]
    changed_by: tuple[type[EventData], ...]


KEY = ("ticket_id", "since", "position")
TABLES = (
    Versions(
        "course_versions",
        (
            *("state", "unread", "waiting_since", "department_id", "responsible_id", "holder_id", "blocked_at"),
            *("closes_at", "closed_at", "close_reason", "active_at"),
        ),
        (
            *(told.TicketOpened, told.ClientReplied, told.TicketAnswered, told.TicketRead, told.AutoCloseWarned),
            *(told.TicketBlocked, told.TicketUnblocked, told.TicketAssigned, told.TicketRouted),
            *(told.TicketTransferred, told.TicketClosed, told.TicketReopened),
        ),
    ),
    Versions(
        "wording_versions",
        ("subject", "subject_key", "category_id", "project_id", "urgency", "tags"),
        (told.TicketOpened, told.TicketEdited, told.TicketRouted),
    ),
    Versions("points_versions", ("weighed_points", "weighed_breakdown"), (TicketWeighed,)),
    Versions(
        "deadline_versions",
        (
            *("judged_wait", "judged_department", "calendar_version", "due_at", "worked_when_due"),
            *("target_seconds", "used_seconds"),
        ),
        (DeadlineSet,),
    ),
    Versions("escalation_versions", ("escalated_wait", "escalation_points", "escalation"), (TicketEscalated,)),
)
Facts = tuple[Any, ...]
CHANGED: Mapping[str, list[tuple[str, Callable[[Ticket], Facts]]]] = {
    event: [(one.table, attrgetter(*one.columns)) for one in TABLES if event in {kind.TYPE for kind in one.changed_by}]
    for event in EVOLVE
}
"""The tables that an event may add to, and what a ticket then has in each."""

Running = tuple[str | None, datetime | None, datetime | None]
"""What may end with an event: being active, since when, and the wait that had begun then."""
running: Callable[[Ticket], Running] = attrgetter("state", "active_since", "waiting_since")
ENDING = frozenset({told.TicketAnswered.TYPE, told.TicketClosed.TYPE})
"""The events with which these may end."""


LEVELS = 53
"""Of 285 years: no ticket has been active for longer."""


class Period(NamedTuple):
    """A ticket was active: the columns of `periods`."""

    ticket_id: str
    since: datetime
    until: datetime
    level: int
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


def is_over_in_part(ticket: Ticket) -> bool:
    """Whether a wait of it has ended, or a time of being active."""
    waits_over = ticket.waits - (ticket.waiting_since is not None)
    return waits_over > 0 or ticket.state != "active" or ticket.active_since != ticket.opened_at


def ended_period(was: Running, ticket: Ticket, at: datetime, event: Event) -> Period | None:
    """The time of being active that an event has ended, if it has."""
    state, since, _ = was
    if state != "active" or since is None or ticket.state == "active":
        return None
    reason, closer = ticket.close_reason or "", _person(event)
    where = (ticket.account_id, ticket.department_id, ticket.category_id, ticket.project_id, ticket.urgency)
    return Period(ticket.id, since, at, level(at - since), event.position, reason, closer, *where)  # type: ignore[arg-type]


def ended_wait(was: Running, ticket: Ticket, at: datetime, event: Event, data: EventData) -> Wait | None:
    """The wait that an event has ended, if it has."""
    _, _, since = was
    if since is None or ticket.waiting_since is not None:
        return None
    how, who = ("answered", data.author_id) if isinstance(data, told.TicketAnswered) else ("closed", _person(event))
    where = (ticket.account_id, ticket.department_id, ticket.category_id, ticket.project_id, ticket.urgency)
    return Wait(ticket.id, since, at, event.position, ticket.waits, how, who, *where)  # type: ignore[arg-type]


def level(duration: timedelta) -> int:
    """The smallest n such that it is less than 2^n microseconds."""
    return (duration // timedelta(microseconds=1)).bit_length()


def _person(event: Event) -> UUID | None:
    actor = event.cause.actor
    return next(ids_in(actor), None) if actor.startswith("user:") else None


def is_late(data: EventData, ticket: Ticket) -> bool:
    """Whether sla has judged a wait that is over already: what is kept of it has to be told."""
    is_known = data.TYPE == DeadlineSet.TYPE and ticket.state is not None
    return is_known and ticket.waiting_since != ticket.judged_wait


last_word: Callable[[Ticket], Facts] = attrgetter(
    *("id", "judged_wait", "due_at", "target_seconds", "judged_department", "calendar_version", "worked_when_due")
)
"""What sla has said last of a wait; the ticket and the wait first."""
