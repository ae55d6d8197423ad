"""A ticket as lists show it, folded from what intake, routing and sla tell about it, in any order of the three."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson

from libs.events.catalogue import EventData
from libs.events.catalogue import intake as told
from libs.events.catalogue.routing import TicketWeighed
from libs.events.catalogue.sla import DeadlineSet, TicketEscalated
from libs.events.envelope import Event
from libs.worktime import to_micros
from services.query.domain.collation import sorted_as
from services.query.domain.sight import UNPLACED

MINUTE = 60_000_000
"""Microseconds, in which ranks count a point as well."""


@dataclass(slots=True)
class Ticket:
    """The facts, one field a column of `tickets`; those derived from them are the properties below.

    `state` is None until the opening is known: such a ticket is not seen yet. `attitude` and `group_id` are its
    account's, and kept true by whoever folds accounts.
    """

    id: str
    number: int | None = None
    version: int = 0
    state: str | None = None
    subject: str | None = None
    account_id: UUID | None = None
    user_id: UUID | None = None
    attitude: str | None = None
    group_id: UUID | None = None
    category_id: UUID | None = None
    project_id: UUID | None = None
    urgency: str | None = None
    tags: list[str] = field(default_factory=list)
    channel: str | None = None
    unread: bool = False
    unread_answers: int = 0
    opened_at: datetime | None = None
    active_at: datetime | None = None
    active_since: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    waiting_since: datetime | None = None
    waits: int = 0
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    holder_id: UUID | None = None
    blocked_at: datetime | None = None
    block_expires_at: datetime | None = None
    weighed_points: int = 0
    weighed_breakdown: str = "[]"
    escalated_wait: datetime | None = None
    escalation_points: int = 0
    escalation: str | None = None
    judged_wait: datetime | None = None
    judged_department: UUID | None = None
    calendar_version: int | None = None
    due_at: datetime | None = None
    worked_when_due: int | None = None
    target_seconds: int | None = None
    used_seconds: float | None = None
    intake_at: datetime | None = None
    routing_at: datetime | None = None
    sla_at: datetime | None = None

    def heard(self, event: Event) -> datetime:
        """From when on a service's word on it counts: from its own time, or that of the word before, if that is later.

        What notify says changes nothing that is shown of a ticket but its history.
        """
        word = _LAST_WORD.get(event.service)
        if word is None:
            return event.time
        before: datetime | None = getattr(self, word)
        if before is not None and before >= event.time:
            return before
        setattr(self, word, event.time)
        return event.time

    @property
    def subject_key(self) -> str | None:
        return None if self.subject is None else sorted_as(self.subject)

    @property
    def place(self) -> UUID:
        """Where it is, for whoever sees some departments only."""
        return self.department_id or UNPLACED

    @property
    def waiting(self) -> bool:
        return self.waiting_since is not None

    @property
    def is_escalated(self) -> bool:
        """Whether an escalation is about the present wait."""
        return self.escalated_wait is not None and self.escalated_wait == self.waiting_since

    @property
    def points(self) -> int:
        return self.weighed_points + (self.escalation_points if self.is_escalated else 0)

    @property
    def breakdown(self) -> str:
        """JSON: whose points they are."""
        if not self.is_escalated or self.escalation is None:
            return self.weighed_breakdown
        return orjson.dumps([*orjson.loads(self.weighed_breakdown), orjson.loads(self.escalation)]).decode()

    @property
    def rank(self) -> int:
        """Ascending is heaviest first, at any instant, among those that wait and among those that do not."""
        since = to_micros(self.waiting_since) if self.waiting_since else 0
        return since - self.points * MINUTE

    @property
    def is_timed(self) -> bool:
        """Whether there is a deadline, and it is about the present wait and department: else sla has yet to judge."""
        judged = (self.judged_wait, self.judged_department)
        is_current = judged == (self.waiting_since, self.department_id) and None not in judged
        return is_current and self.worked_when_due is not None

    @property
    def deadline_at(self) -> datetime | None:
        return self.due_at if self.is_timed else None

    @property
    def deadline_clock(self) -> int | None:
        """What remains at any instant is this less W(then), on the department's calendar of `calendar_version`."""
        return self.worked_when_due if self.is_timed else None


_LAST_WORD = {service: f"{service}_at" for service in ("intake", "routing", "sla")}
Evolve = Callable[[Ticket, Any, Event], None]
D = TypeVar("D", bound=EventData)
EVOLVE: dict[str, Evolve] = {}
"""What each event type makes of a ticket. A deletion is not among them: it leaves no ticket."""


def _on(kind: type[D]) -> Callable[[Callable[[Ticket, D, Event], None]], Callable[[Ticket, D, Event], None]]:
    def register(evolve: Callable[[Ticket, D, Event], None]) -> Callable[[Ticket, D, Event], None]:
        EVOLVE[kind.TYPE] = evolve
        return evolve

    return register


@_on(told.TicketOpened)
def _opened(ticket: Ticket, data: told.TicketOpened, event: Event) -> None:
    ticket.number, ticket.state, ticket.subject = data.number, "active", data.subject
    ticket.account_id, ticket.user_id = data.account_id, data.user_id
    ticket.category_id, ticket.project_id = data.category_id, data.project_id
    ticket.urgency, ticket.channel = data.urgency.value, data.channel.value
    ticket.opened_at = ticket.active_at = event.time
    ticket.active_since = ticket.intake_at
    ticket.waiting_since, ticket.unread = data.waiting_since, data.waiting_since is not None
    ticket.waits = 1 if data.waiting_since else 0


@_on(told.TicketEdited)
def _edited(ticket: Ticket, data: told.TicketEdited, _event: Event) -> None:
    if data.subject is not None:
        ticket.subject = data.subject
    ticket.category_id, ticket.project_id = data.category_id, data.project_id
    ticket.urgency, ticket.tags = data.urgency.value, data.tags


@_on(told.ClientReplied)
def _replied(ticket: Ticket, data: told.ClientReplied, event: Event) -> None:
    ticket.waits += not ticket.waiting
    ticket.waiting_since, ticket.unread, ticket.active_at = data.waiting_since, True, event.time
    ticket.closes_at = None


@_on(told.TicketAnswered)
def _answered(ticket: Ticket, _data: told.TicketAnswered, event: Event) -> None:
    ticket.waiting_since, ticket.closes_at, ticket.active_at = None, None, event.time
    ticket.unread_answers += 1


@_on(told.AnswerRead)
def _answer_read(ticket: Ticket, _data: told.AnswerRead, _event: Event) -> None:
    ticket.unread_answers = 0


@_on(told.AutoCloseWarned)
def _auto_close_warned(ticket: Ticket, data: told.AutoCloseWarned, event: Event) -> None:
    ticket.closes_at, ticket.active_at = data.closes_at, event.time


@_on(told.TicketBlocked)
def _blocked(ticket: Ticket, data: told.TicketBlocked, event: Event) -> None:
    ticket.holder_id, ticket.blocked_at, ticket.block_expires_at = data.holder_id, event.time, data.expires_at


@_on(told.BlockRenewed)
def _renewed(ticket: Ticket, data: told.BlockRenewed, _event: Event) -> None:
    ticket.block_expires_at = data.expires_at


@_on(told.TicketUnblocked)
def _unblocked(ticket: Ticket, _data: told.TicketUnblocked, _event: Event) -> None:
    ticket.holder_id = ticket.blocked_at = ticket.block_expires_at = None


@_on(told.TicketAssigned)
def _assigned(ticket: Ticket, data: told.TicketAssigned, _event: Event) -> None:
    ticket.responsible_id = data.responsible_id


@_on(told.TicketRouted)
def _routed(ticket: Ticket, data: told.TicketRouted, _event: Event) -> None:
    ticket.department_id = data.department_id
    ticket.responsible_id = data.responsible_id or ticket.responsible_id
    ticket.urgency = data.urgency.value if data.urgency else ticket.urgency
    ticket.tags = data.tags if data.tags is not None else ticket.tags


@_on(told.TicketTransferred)
def _transferred(ticket: Ticket, data: told.TicketTransferred, _event: Event) -> None:
    ticket.department_id, ticket.responsible_id = data.department_id, None


@_on(told.TicketRead)
def _read(ticket: Ticket, _data: told.TicketRead, _event: Event) -> None:
    ticket.unread = False


@_on(told.TicketClosed)
def _closed(ticket: Ticket, data: told.TicketClosed, event: Event) -> None:
    ticket.state, ticket.waiting_since, ticket.active_at = "closed", None, event.time
    ticket.closes_at, ticket.closed_at, ticket.close_reason = None, event.time, data.reason.value


@_on(told.TicketReopened)
def _reopened(ticket: Ticket, _data: told.TicketReopened, event: Event) -> None:
    if ticket.state != "active":
        ticket.active_since = ticket.intake_at
    ticket.state, ticket.active_at = "active", event.time
    ticket.closes_at = ticket.closed_at = ticket.close_reason = None


@_on(TicketWeighed)
def _weighed(ticket: Ticket, data: TicketWeighed, _event: Event) -> None:
    ticket.weighed_points = data.points
    ticket.weighed_breakdown = orjson.dumps(data.model_dump(mode="json")["breakdown"]).decode()


@_on(DeadlineSet)
def _deadline_set(ticket: Ticket, data: DeadlineSet, _event: Event) -> None:
    ticket.judged_wait, ticket.judged_department = data.waiting_since, data.department_id
    ticket.calendar_version, ticket.due_at = data.calendar_version, data.due_at
    ticket.worked_when_due = data.worked_when_due
    ticket.target_seconds, ticket.used_seconds = data.target_seconds, data.used_seconds


@_on(TicketEscalated)
def _escalated(ticket: Ticket, data: TicketEscalated, _event: Event) -> None:
    part = {"rule_id": str(data.target_id), "name": f"Escalation: {data.name}", "points": data.points}
    ticket.escalated_wait, ticket.escalation_points = data.waiting_since, data.points
    ticket.escalation = orjson.dumps(part).decode()
