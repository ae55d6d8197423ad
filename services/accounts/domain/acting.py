"""An administrator who acts as a client user: how that begins, and the ways in which it ends. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.accounts import ActAsEnded, ActAsEndReason, ActAsStarted, SessionEnded
from libs.events.log import NewEvent
from services.accounts.domain.persons import Person
from services.accounts.domain.sessions import MARGIN

KIND = "act_as"


class ActAs(BaseModel):
    """A session in which an administrator acts as a client; `session_id` is the administrator's own that it began in."""

    model_config = ConfigDict(frozen=True)

    account_id: UUID
    user_id: UUID
    administrator_id: UUID
    session_id: UUID
    expires_at: AwareDatetime
    ended: ActAsEndReason | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """New events, and the session after them."""

    events: list[NewEvent]
    acting: ActAs

    @property
    def state(self) -> bytes:
        return self.acting.model_dump_json().encode()

    @property
    def due_at(self) -> datetime | None:
        return None if self.acting.ended else self.acting.expires_at


def start(client: Person, administrator: UUID, session: UUID, now: datetime, lasts: timedelta) -> Change:
    assert client.account_id is not None, "administrators are nobody's to act as"
    told = ActAsStarted(
        account_id=client.account_id, user_id=client.id, administrator_id=administrator, expires_at=now + lasts
    )
    return Change([NewEvent(told)], ActAs(**told.model_dump(), session_id=session))


def end(acting: ActAs, reason: ActAsEndReason, now: datetime) -> Change:
    """End it now, for this reason; nothing happens when it has ended, and what ran out before did so at its own instant."""
    if acting.ended is not None:
        return Change([], acting)
    if now >= acting.expires_at:
        return expire(acting)
    until = acting.expires_at + MARGIN
    session_ended = SessionEnded(person_id=acting.administrator_id, tokens_until=until)
    return _ended(acting, reason, None, NewEvent(session_ended))


def expire(acting: ActAs) -> Change:
    """The time is over, and with it the token's."""
    return _ended(acting, ActAsEndReason.EXPIRED, acting.expires_at)


def _ended(acting: ActAs, reason: ActAsEndReason, time: datetime | None, *more: NewEvent) -> Change:
    who = acting.model_dump(include={"account_id", "user_id", "administrator_id"})
    told = ActAsEnded(**who, reason=reason)
    return Change([NewEvent(told, time), *more], acting.model_copy(update={"ended": reason}))
