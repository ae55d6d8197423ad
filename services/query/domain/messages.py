"""What people wrote, and what the history keeps of each event."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.catalogue import EventData, content_of
from libs.events.catalogue.intake import BlockRenewed, ClientReplied, NoteAdded, TicketAnswered, TicketOpened
from libs.events.catalogue.routing import DepartmentDecided
from libs.events.envelope import Event

UNTOLD = {BlockRenewed.TYPE, DepartmentDecided.TYPE}
"""Left out of histories: a renewed block is no news, and a decision on a department is told when it is adopted."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is shown: `kind` is client, staff or note."""

    id: UUID
    kind: str
    author_id: UUID
    channel: str | None
    text: str


def message_in(data: EventData, event: Event) -> Message | None:
    """The message that an event brought, if it brought one."""
    match data:
        case TicketOpened():
            kind, author = _opener(data, event.cause.actor)
            return Message(data.message_id, kind, author, data.channel.value, data.text)
        case ClientReplied():
            return Message(data.message_id, "client", data.author_id, data.channel.value, data.text)
        case TicketAnswered():
            return Message(data.message_id, "staff", data.author_id, None, data.text)
        case NoteAdded():
            return Message(data.message_id, "note", data.author_id, None, data.text)
    return None


def _opener(data: TicketOpened, actor: str) -> tuple[str, UUID]:
    """Nobody waits for an answer to what an administrator wrote, and that is how it is told apart."""
    kind, _, actor_id = actor.partition(":")
    if data.waiting_since is None and kind == "user":
        return "staff", UUID(actor_id)
    return "client", data.user_id


def facts_in(event: Event, kind: type[EventData]) -> dict[str, Any]:
    """What the history says about an event, as it was told in its version: all but what people wrote."""
    written = content_of(kind)
    return {name: value for name, value in event.data.items() if name not in written}
