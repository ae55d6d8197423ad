"""How a ticket is written down."""

from uuid import UUID

from libs.events import log
from libs.events.commands import Decision
from libs.events.log import Loaded
from services.intake.domain.ticket import Ticket
from services.intake.domain.turn import Change
from services.intake.store.mails import NO_STATE

TICKET = "ticket"


def ticket_of(loaded: Loaded) -> Ticket | None:
    """None if there is no such entity, or if it is a mail."""
    if loaded.state is None or loaded.state == NO_STATE:
        return None
    return Ticket.model_validate_json(loaded.state)


def written(change: Change) -> Decision:
    """A change as the log takes it."""
    state = change.ticket.model_dump_json(exclude_defaults=True).encode()
    return Decision(change.events, state, change.due_at)


def change(ticket_id: UUID, version: int, made: Change) -> log.Change:
    decision = written(made)
    return log.Change(ticket_id, TICKET, version, decision.events, decision.state, decision.due_at)
