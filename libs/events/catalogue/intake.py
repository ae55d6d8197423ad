"""What `intake` tells: everything that happens to a ticket, which is the entity; and of mail that became none, the mail."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.base import Content, EventData, Written

_ACCOUNT = "01980000-0000-7000-8000-00000000a001"
_USER = "01980000-0000-7000-8000-00000000a002"
_STAFF = "01980000-0000-7000-8000-00000000a003"
_CATEGORY = "01980000-0000-7000-8000-00000000c001"
_DEPARTMENT = "01980000-0000-7000-8000-00000000d001"
_MESSAGE = "01980000-0000-7000-8000-00000000e001"
_MAIL = "01980000-0000-7000-8000-00000000e003"
_GATEWAY = "01980000-0000-7000-8000-00000000e004"
_NOTIFICATION = "01980000-0000-7000-8000-00000000f001"
_BLOCK = {"holder_id": _STAFF, "token": 7, "expires_at": "2026-01-05T09:01:30Z"}


class Urgency(StrEnum):
    """How much is at stake; high: crucial processes are down."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Channel(StrEnum):
    """How a ticket or a message came in."""

    PANEL = "panel"
    EMAIL = "email"
    API = "api"


class UnblockReason(StrEnum):
    """Why a block ended."""

    RELEASED = "released"
    ANSWERED = "answered"
    UNBLOCKED = "unblocked"
    EXPIRED = "expired"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a ticket was closed: by a person, or because the client did not answer for long."""

    BY_HAND = "by_hand"
    NO_ANSWER = "no_answer"


class Property(StrEnum):
    """What can be edited of a ticket."""

    SUBJECT = "subject"
    CATEGORY = "category"
    URGENCY = "urgency"
    PROJECT = "project"
    TAGS = "tags"


class Attachment(BaseModel):
    """A file that came with a message; `size` in bytes, `content_type` as its content tells."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    content_type: str
    size: int


Attachments = Annotated[list[Attachment], Content()]

_ATTACHMENT = {"id": _MESSAGE, "name": "headers.txt", "content_type": "text/plain", "size": 2048}


class TicketOpened(EventData):
    """A ticket was submitted, by a client user or on the client's behalf.

    `waiting_since` is the event's own time when the client wrote it, and null when an administrator did.
    """

    TYPE: ClassVar[str] = "ticket.opened.v1"
    number: int
    subject: Written
    account_id: UUID
    user_id: UUID
    category_id: UUID
    project_id: UUID | None = None
    urgency: Urgency = Urgency.MEDIUM
    channel: Channel = Channel.PANEL
    message_id: UUID
    text: Written
    attachments: Attachments = Field(default_factory=list)
    waiting_since: AwareDatetime | None = None
    language: str | None = None
    """In which it was submitted (BCP 47), if that is known."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "number": 1001,
        "subject": "Mail does not arrive",
        "account_id": _ACCOUNT,
        "user_id": _USER,
        "category_id": _CATEGORY,
        "project_id": None,
        "urgency": "high",
        "channel": "panel",
        "message_id": _MESSAGE,
        "text": "Since this morning nothing gets through.",
        "attachments": [_ATTACHMENT],
        "waiting_since": "2026-01-05T09:00:00Z",
        "language": "en",
    }


class ClientReplied(EventData):
    """The client wrote again. `waiting_since` is when the present wait began: this event's time, or earlier."""

    TYPE: ClassVar[str] = "ticket.replied.v1"
    message_id: UUID
    author_id: UUID
    text: Written
    attachments: Attachments = Field(default_factory=list)
    channel: Channel = Channel.PANEL
    waiting_since: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "message_id": _MESSAGE,
        "author_id": _USER,
        "text": "Any news?",
        "attachments": [],
        "channel": "panel",
        "waiting_since": "2026-01-05T09:00:00Z",
    }


class TicketAnswered(EventData):
    """An administrator answered in public: the wait, if there was one, is over."""

    TYPE: ClassVar[str] = "ticket.answered.v1"
    message_id: UUID
    author_id: UUID
    text: Written
    attachments: Attachments = Field(default_factory=list)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "message_id": _MESSAGE,
        "author_id": _STAFF,
        "text": "Fixed, please try.",
        "attachments": [],
    }


class NoteAdded(EventData):
    """An administrator left an internal note: clients never see it, and no clock stops for it."""

    TYPE: ClassVar[str] = "ticket.noted.v1"
    message_id: UUID
    author_id: UUID
    text: Written
    attachments: Attachments = Field(default_factory=list)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "message_id": _MESSAGE,
        "author_id": _STAFF,
        "text": "Queue was full.",
        "attachments": [],
    }


class TicketBlocked(EventData):
    """An administrator began to write; others read, but do not answer. `token` grows with each block of the ticket."""

    TYPE: ClassVar[str] = "ticket.blocked.v1"
    holder_id: UUID
    token: int
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = _BLOCK


class BlockRenewed(EventData):
    """The writer is still writing."""

    TYPE: ClassVar[str] = "ticket.block_renewed.v1"
    holder_id: UUID
    token: int
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = _BLOCK


class TicketUnblocked(EventData):
    """The block ended. An expired one ended at its own instant, however late that was noticed."""

    TYPE: ClassVar[str] = "ticket.unblocked.v1"
    holder_id: UUID
    token: int
    reason: UnblockReason

    EXAMPLE: ClassVar[dict[str, Any]] = {"holder_id": _STAFF, "token": 7, "reason": "expired"}


class TicketAssigned(EventData):
    """A person made an administrator responsible (took it, or assigned it); null gives it back to the department."""

    TYPE: ClassVar[str] = "ticket.assigned.v1"
    responsible_id: UUID | None

    EXAMPLE: ClassVar[dict[str, Any]] = {"responsible_id": _STAFF}


class TicketRouted(EventData):
    """Routing's decision was adopted: this department has the ticket now. `decision_id` is the event that decided.

    `urgency` and `tags` are what the ticket has now, if rules have changed them; else null.
    """

    TYPE: ClassVar[str] = "ticket.routed.v1"
    department_id: UUID
    responsible_id: UUID | None = None
    decision_id: UUID
    urgency: Urgency | None = None
    tags: Annotated[list[str] | None, Content()] = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "responsible_id": None,
        "decision_id": "01980000-0000-7000-8000-00000000f001",
        "urgency": None,
        "tags": None,
    }


class TicketTransferred(EventData):
    """A person gave the ticket to another department; rules do not change that back."""

    TYPE: ClassVar[str] = "ticket.transferred.v1"
    department_id: UUID

    EXAMPLE: ClassVar[dict[str, Any]] = {"department_id": _DEPARTMENT}


class TicketEdited(EventData):
    """A person edited the ticket. What is told is how it is now; `changed` names what was different before.

    `subject` is told only when it was changed. What a person changed by hand, a rule does not change back.
    """

    TYPE: ClassVar[str] = "ticket.edited.v1"
    changed: list[Property]
    subject: Annotated[str | None, Content()] = None
    category_id: UUID
    urgency: Urgency
    project_id: UUID | None = None
    tags: Annotated[list[str], Content()] = Field(default_factory=list)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "changed": ["subject", "urgency"],
        "subject": "Mail does not arrive since Monday",
        "category_id": _CATEGORY,
        "urgency": "low",
        "project_id": None,
        "tags": ["imap"],
    }


class AnswerRated(EventData):
    """The client rated an answer, from 1 (bad) to 5 (good); rating it again replaces the rating before."""

    TYPE: ClassVar[str] = "ticket.rated.v1"
    message_id: UUID
    user_id: UUID
    rating: int = Field(ge=1, le=5)
    comment: Annotated[str | None, Content()] = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"message_id": _MESSAGE, "user_id": _USER, "rating": 5, "comment": "Quick!"}


class AnswerRead(EventData):
    """A user of the account opened the ticket with an answer that none of them had opened yet."""

    TYPE: ClassVar[str] = "ticket.answer_read.v1"
    reader_id: UUID

    EXAMPLE: ClassVar[dict[str, Any]] = {"reader_id": _USER}


class AutoCloseWarned(EventData):
    """The client was told that the ticket will be closed at `closes_at` unless they write; nobody's wait begins or ends."""

    TYPE: ClassVar[str] = "ticket.auto_close_warned.v1"
    message_id: UUID
    text: Written
    closes_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "message_id": _MESSAGE,
        "text": "We have not heard from you and will close this ticket on 12 January.",
        "closes_at": "2026-01-12T09:00:00Z",
    }


class MailBounced(EventData):
    """A mail about the ticket did not reach somebody: the server that was to deliver it has sent it back.

    `notification_id` is what the returned mail was, if it says so; `status` is the enhanced status code of RFC 3463, if the
    server gives one. Whoever sends a mail may claim what they like: it counts only for a notification that is known.
    """

    TYPE: ClassVar[str] = "ticket.mail_bounced.v1"
    mail_id: UUID
    notification_id: UUID | None = None
    status: str | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"mail_id": _MAIL, "notification_id": _NOTIFICATION, "status": "5.1.1"}


class StrangerWrote(EventData):
    """A mail, which is the entity, came from an address that is nobody's, and the provider wants its writer to be told so.

    At most once in a while for the same address. Who wrote, and what, only the suite's own services are told, if they ask.
    `language` and `project_id` are those of the gateway that it came in by.
    """

    TYPE: ClassVar[str] = "mail.stranger_wrote.v1"
    gateway_id: UUID
    language: Annotated[str | None, Field(description="BCP 47")] = None
    project_id: UUID | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"gateway_id": _GATEWAY, "language": "en", "project_id": None}


class TicketRead(EventData):
    """An administrator opened a ticket with a client's message that none had opened yet."""

    TYPE: ClassVar[str] = "ticket.read.v1"
    reader_id: UUID

    EXAMPLE: ClassVar[dict[str, Any]] = {"reader_id": _STAFF}


class TicketClosed(EventData):
    """The ticket is no longer active; nobody waits."""

    TYPE: ClassVar[str] = "ticket.closed.v1"
    reason: CloseReason = CloseReason.BY_HAND

    EXAMPLE: ClassVar[dict[str, Any]] = {"reason": "by_hand"}


class TicketReopened(EventData):
    """The ticket is active again; a wait begins only with the client's next message."""

    TYPE: ClassVar[str] = "ticket.reopened.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class TicketDeleted(EventData):
    """The ticket is gone; what stays is that it was there, and who deleted it when."""

    TYPE: ClassVar[str] = "ticket.deleted.v1"
    number: int

    EXAMPLE: ClassVar[dict[str, Any]] = {"number": 1001}


EVENTS: list[type[EventData]] = [
    TicketOpened,
    ClientReplied,
    TicketAnswered,
    NoteAdded,
    TicketBlocked,
    BlockRenewed,
    TicketUnblocked,
    TicketAssigned,
    TicketRouted,
    TicketTransferred,
    TicketEdited,
    TicketRead,
    AnswerRead,
    AnswerRated,
    AutoCloseWarned,
    MailBounced,
    StrangerWrote,
    TicketClosed,
    TicketReopened,
    TicketDeleted,
]
