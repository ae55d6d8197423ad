"""What people wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.catalogue import EventData
from libs.events.catalogue.intake import (
    Attachment,
    AutoCloseWarned,
    ClientReplied,
    NoteAdded,
    TicketAnswered,
    TicketOpened,
)
from libs.events.envelope import Event


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is shown: `kind` is client, staff, note or system, which has no author."""

    id: UUID
    kind: str
    author_id: UUID | None
    channel: str | None
    text: str
    attachments: Sequence[Attachment] = ()


WRITTEN = frozenset(kind.TYPE for kind in (TicketOpened, ClientReplied, TicketAnswered, NoteAdded, AutoCloseWarned))
"""The events that bring a message."""


def message_in(data: EventData, event: Event) -> Message | None:
    """The message that an event brought, if it brought one."""
    match data:
        case TicketOpened():
            kind, author = _opener(data, event.cause.actor)
            return Message(data.message_id, kind, author, data.channel.value, data.text, data.attachments)
        case ClientReplied():
            return Message(data.message_id, "client", data.author_id, data.channel.value, data.text, data.attachments)
        case TicketAnswered():
            return Message(data.message_id, "staff", data.author_id, None, data.text, data.attachments)
        case NoteAdded():
            return Message(data.message_id, "note", data.author_id, None, data.text, data.attachments)
        case AutoCloseWarned():
            return Message(data.message_id, "system", None, None, data.text)
    return None


def _opener(data: TicketOpened, actor: str) -> tuple[str, UUID]:
    """Nobody waits for an answer to what an administrator wrote, and that is how it is told apart."""
    kind, _, actor_id = actor.partition(":")
    if data.waiting_since is None and kind == "user":
        return "staff", UUID(actor_id)
    return "client", data.user_id
