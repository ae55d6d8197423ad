"""A row of the outbox as it is decided, and how a mail's fate is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.domain.kinds import Kind
from services.notify.domain.notices import Notice
from services.notify.domain.preferences import Choice, Preferences


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody is to be told of something, from an instant on."""

    id: UUID
    notice: Notice
    recipient: UUID
    next_at: datetime
    in_digest: bool


def wanted(notice: Notice, recipient: UUID, preferences: Preferences, now: datetime, settle: float) -> Wanted | None:
    """None for who does not want to be told. A receipt waits up to `settle` seconds for the expected answer time."""
    choice = preferences.choice(notice.kind)
    if choice is Choice.OFF:
        return None
    due = preferences.send_at(notice.kind, now)
    if notice.kind is Kind.RECEIVED and due == now:
        due = datetime.fromtimestamp(now.timestamp() + settle, now.tzinfo)
    return Wanted(notice.id_for(recipient), notice, recipient, due, choice is Choice.DIGEST)


def is_news(at: datetime, beginning: datetime, now: datetime, oldest_seconds: float) -> bool:
    """Whether something is young enough to tell anybody of it: after this installation's beginning, and lately."""
    return at >= beginning and (now - at).total_seconds() <= oldest_seconds
