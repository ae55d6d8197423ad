"""What of others' events somebody is told of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.catalogue import EventData, accounts, intake, sla
from libs.events.envelope import Event
from services.notify.domain.kinds import Kind

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:helpdesk:notify")


@dataclass(frozen=True, slots=True)
class Notice:
    """A reason to tell somebody. `cause` is the event's id, or stands for a matter of which several events tell alike."""

    kind: Kind
    cause: UUID
    at: datetime
    correlation: str
    actor: str
    ticket: UUID | None = None
    person: UUID | None = None
    """Who is to be told, where the event says so; a stranger is their mail."""
    department: UUID | None = None
    said: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def id_for(self, recipient: UUID) -> UUID:
        """The notification's id, the same whenever the same is decided again."""
        return uuid5(_NAMESPACE, f"{self.cause}:{self.kind}:{recipient}")


def notices(event: Event, data: EventData) -> list[Notice]:
    make = _MAKERS.get(type(data))
    return make(event, data) if make else []


def _notice(kind: Kind, event: Event, *matter: object, **more: Any) -> Notice:
    """About the event's ticket; with a matter, once for all events that are about it."""
    ticket = UUID(event.entity)
    cause = uuid5(_NAMESPACE, ":".join(map(str, (ticket, *matter)))) if matter else UUID(event.id)
    return Notice(kind, cause, event.time, event.cause.correlation, event.cause.actor, **{"ticket": ticket, **more})


def _opened(event: Event, data: intake.TicketOpened) -> list[Notice]:
    return [_notice(Kind.RECEIVED, event, said=data.text, person=data.user_id)]


def _routed(event: Event, data: intake.TicketRouted) -> list[Notice]:
    """A ticket is new in a department once, however often it comes back to it."""
    found = [_new_in(event, data.department_id)]
    if data.responsible_id:
        matter = ("assigned", data.department_id, data.responsible_id)
        found.append(_notice(Kind.ASSIGNED, event, *matter, person=data.responsible_id))
    return found


def _transferred(event: Event, data: intake.TicketTransferred) -> list[Notice]:
    return [_new_in(event, data.department_id)]


def _new_in(event: Event, department: UUID) -> Notice:
    return _notice(Kind.NEW_TICKET, event, "new", department, department=department)


def _assigned(event: Event, data: intake.TicketAssigned) -> list[Notice]:
    return [_notice(Kind.ASSIGNED, event, person=data.responsible_id)] if data.responsible_id else []


def _replied(event: Event, data: intake.ClientReplied) -> list[Notice]:
    return [_notice(Kind.CLIENT_WROTE, event, said=data.text)]


def _answered(event: Event, data: intake.TicketAnswered) -> list[Notice]:
    return [_notice(Kind.ANSWERED, event, said=data.text)]


def _auto_close(event: Event, data: intake.AutoCloseWarned) -> list[Notice]:
    return [_notice(Kind.AUTO_CLOSE, event, said=data.text, facts={"closes_at": data.closes_at.isoformat()})]


def _closed(event: Event, _: intake.TicketClosed) -> list[Notice]:
    return [_notice(Kind.CLOSED, event)]


def _reopened(event: Event, _: intake.TicketReopened) -> list[Notice]:
    return [_notice(Kind.REOPENED, event)]


def _warned(event: Event, _: sla.DeadlineWarned | sla.ResolutionWarned) -> list[Notice]:
    return [_notice(Kind.WARNING, event)]


def _breached(event: Event, _: sla.DeadlineBreached | sla.ResolutionBreached) -> list[Notice]:
    return [_notice(Kind.BREACH, event)]


def _escalated(event: Event, data: sla.TicketEscalated) -> list[Notice]:
    return [_notice(Kind.ESCALATION, event, facts={"target": data.name, "points": data.points})]


def _password(event: Event, data: accounts.PasswordMailRequested) -> list[Notice]:
    kind = Kind.INVITATION if data.is_invitation else Kind.PASSWORD_RESET
    facts = {"reset": str(data.reset_id)}
    return [_notice(kind, event, ticket=None, person=UUID(event.entity), facts=facts)]


def _stranger(event: Event, data: intake.StrangerWrote) -> list[Notice]:
    facts = {"language": data.language, "project": str(data.project_id) if data.project_id else None}
    return [_notice(Kind.NOT_REGISTERED, event, ticket=None, person=UUID(event.entity), facts=facts)]


_MAKERS: dict[type[EventData], Callable[[Event, Any], list[Notice]]] = {
    intake.TicketOpened: _opened,
    intake.TicketRouted: _routed,
    intake.TicketTransferred: _transferred,
    intake.TicketAssigned: _assigned,
    intake.ClientReplied: _replied,
    intake.TicketAnswered: _answered,
    intake.AutoCloseWarned: _auto_close,
    intake.TicketClosed: _closed,
    intake.TicketReopened: _reopened,
    intake.StrangerWrote: _stranger,
    sla.DeadlineWarned: _warned,
    sla.ResolutionWarned: _warned,
    sla.DeadlineBreached: _breached,
    sla.ResolutionBreached: _breached,
    sla.TicketEscalated: _escalated,
    accounts.UserPasswordMailRequested: _password,
    accounts.AdministratorPasswordMailRequested: _password,
}
HEEDED = frozenset(model.TYPE for model in _MAKERS)
