"""The kinds of notifications."""

from enum import StrEnum


class Kind(StrEnum):
    """What somebody is told of; each is a template's name, and a choice in preferences."""

    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    AUTO_CLOSE = "auto_close"

    NEW_TICKET = "new_ticket"
    ASSIGNED = "assigned"
    CLIENT_WROTE = "client_wrote"
    WARNING = "warning"
    BREACH = "breach"
    ESCALATION = "escalation"

    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name
    INVITATION = "invitation"

    NOT_REGISTERED = "not_registered"


FOR_CLIENTS = frozenset({Kind.RECEIVED, Kind.ANSWERED, Kind.CLOSED, Kind.REOPENED, Kind.AUTO_CLOSE})
FOR_STAFF = frozenset({Kind.NEW_TICKET, Kind.ASSIGNED, Kind.CLIENT_WROTE, Kind.WARNING, Kind.BREACH, Kind.ESCALATION})
PASSWORDS = frozenset({Kind.PASSWORD_RESET, Kind.INVITATION})
ALWAYS = PASSWORDS | {Kind.NOT_REGISTERED}
"""What somebody has asked for, or needs to get in: neither choices nor quiet hours hold it back."""
CHOICES = FOR_CLIENTS | FOR_STAFF
DIGEST = "digest"
"""The template around several notifications in one mail."""
