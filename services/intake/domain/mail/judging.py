"""What becomes of a mail: a ticket, a reply, or a matter for an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.intake.domain.mail.authentication import Verdict


class State(StrEnum):
    """Where a mail is. `unmatched` and `broken` wait for an administrator; the ones after them are done with."""

    RECEIVED = "received"
    UNMATCHED = "unmatched"
    BROKEN = "broken"
    TICKET = "ticket"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    DISCARDED = "discarded"
    ERASED = "erased"


class Reason(StrEnum):
    """Why a mail waits for an administrator."""

    NO_SENDER = "no_sender"
    UNKNOWN = "unknown_sender"
    DISABLED = "disabled_sender"
    AMBIGUOUS = "ambiguous_sender"
    SPOOFED = "spoofed"
    UNPROVEN = "not_authenticated"
    TOO_MANY = "too_many"
    FOREIGN_TICKET = "foreign_ticket"
    """It answers a ticket of another account."""
    GONE_TICKET = "gone_ticket"
    REFUSED = "refused"
    """No ticket could be made of it, as the category is not open to the account."""
    NO_GATEWAY = "no_gateway"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with the sender's address."""

    id: UUID
    account: UUID
    enabled: bool
    """They, and their account."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that a mail answers."""

    ticket: UUID
    account: UUID
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that decides about a mail. `verdict` is None where no server is trusted to judge."""

    senders: int
    users: Sequence[User]
    verdict: Verdict | None
    named: bool
    """Whether it names a ticket at all."""
    thread: Thread | None
    recent: int
    """Mails of the same sender in the last hour, without this."""
    most: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail of this user: a reply to the ticket, or a new one."""

    user: User
    ticket: UUID | None


def judge(known: Known) -> Taken | Reason:
    """A sender is judged first: whoever is not who they say is told from a stranger only by the list."""
    user = _user(known)
    if isinstance(user, Reason):
        return user
    if known.recent >= known.most:
        return Reason.TOO_MANY
    if known.thread is None:
        return Reason.GONE_TICKET if known.named else Taken(user, None)
    if known.thread.is_deleted:
        return Reason.GONE_TICKET
    return Taken(user, known.thread.ticket) if known.thread.account == user.account else Reason.FOREIGN_TICKET


def _user(known: Known) -> User | Reason:
    if known.senders != 1:
        return Reason.AMBIGUOUS if known.senders else Reason.NO_SENDER
    if known.verdict in {Verdict.SPOOFED, Verdict.UNPROVEN}:
        return Reason.SPOOFED if known.verdict is Verdict.SPOOFED else Reason.UNPROVEN
    enabled = [one for one in known.users if one.enabled]
    if len(enabled) > 1:
        return Reason.AMBIGUOUS
    if not enabled:
        return Reason.DISABLED if known.users else Reason.UNKNOWN
    return enabled[0]
