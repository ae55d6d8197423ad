"""What `notify` tells: who was told of what, and whether it reached them. Neither addresses nor texts are in it."""

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from libs.events.catalogue.base import EventData

_TICKET = "01980000-0000-7000-8000-000000001001"
_USER = "01980000-0000-7000-8000-00000000a002"
_CAUSE = "01980000-0000-7000-8000-00000000f001"


class FailureReason(StrEnum):
    """Why a notification has not been sent: what the person's server says, or what has been found here."""

    REFUSED = "refused"
    """The server refuses the address or the mail for good; `code` is its answer."""
    ADDRESS_REFUSED_BEFORE = "address_refused_before"
    EXPIRED = "expired"
    """No server took it in all the time that it was tried."""
    UNSURE = "unsure"
    """It was handed over twice, and both times nobody said whether it was taken: it is not sent a third time."""
    NOT_WORDED = "not_worded"
    """The template could not be filled in."""
    NOT_CONFIGURED = "not_configured"
    NO_RECIPIENT = "no_recipient"
    """The person is gone or disabled."""
    NOT_WANTED = "not_wanted"
    """What it was about has come to nothing, like a password link that has been used."""


class NotificationFacts(EventData):
    """A notification, which is the entity: one a cause, kind and recipient.

    `recipient_id` is a person, or the mail of somebody who is not known.
    """

    kind: str
    recipient_id: UUID
    ticket_id: UUID | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"kind": "answered", "recipient_id": _USER, "ticket_id": _TICKET}


class NotificationRequested(NotificationFacts):
    """Somebody is to be told by mail of an event, or of a matter of which several events would tell the same."""

    TYPE: ClassVar[str] = "notification.requested.v1"
    cause_id: UUID

    EXAMPLE: ClassVar[dict[str, Any]] = {**NotificationFacts.EXAMPLE, "cause_id": _CAUSE}


class NotificationSent(NotificationFacts):
    """The mail server has taken the mail, at its `attempts`-th try."""

    TYPE: ClassVar[str] = "notification.sent.v1"
    attempts: int

    EXAMPLE: ClassVar[dict[str, Any]] = {**NotificationFacts.EXAMPLE, "attempts": 1}


class NotificationFailed(NotificationFacts):
    """The mail has not been sent, and will not be."""

    TYPE: ClassVar[str] = "notification.failed.v1"
    reason: FailureReason
    code: int | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {**NotificationFacts.EXAMPLE, "reason": "refused", "code": 550}


class TicketMailFailed(EventData):
    """A mail about a ticket, which is the entity, did not reach somebody. The ticket's history shows it."""

    TYPE: ClassVar[str] = "ticket.mail_failed.v1"
    notification_id: UUID
    kind: str
    recipient_id: UUID
    reason: FailureReason
    code: int | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "notification_id": _CAUSE,
        "kind": "answered",
        "recipient_id": _USER,
        "reason": "refused",
        "code": 550,
    }


EVENTS: list[type[EventData]] = [NotificationRequested, NotificationSent, NotificationFailed, TicketMailFailed]
