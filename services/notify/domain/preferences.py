"""What a person wants to be told of, and when: choices by kind, quiet hours and a digest on their own clock."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from libs.worktime.instants import to_instant
from libs.worktime.zones import load_zone, readings
from services.notify.domain.kinds import ALWAYS, CHOICES, Kind

_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
TimeOfDay = Annotated[str, Field(pattern=_TIME, examples=["22:00"])]


class Choice(StrEnum):
    """How somebody is told: at once, in the day's digest, or not at all."""

    MAIL = "mail"
    DIGEST = "digest"
    OFF = "off"


def _choosable(kinds: dict[Kind, Choice]) -> dict[Kind, Choice]:
    if wrong := sorted(kinds.keys() - CHOICES):
        raise ValueError(f"Nobody chooses about {', '.join(wrong)}")
    return kinds


class QuietHours(BaseModel):
    """A time of day in which no mail comes, over midnight if `until` is not after `since`; equal is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: TimeOfDay
    until: TimeOfDay


class Preferences(BaseModel):
    """A person's choices. What is left out of `events` comes at once."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "events": {"new_ticket": "digest", "closed": "off"},
                    "time_zone": "Europe/Berlin",
                    "quiet_hours": {"since": "22:00", "until": "07:00"},
                    "digest_at": "08:00",
                    "language": "en",
                }
            ]
        },
    )

    events: Annotated[dict[Kind, Choice], AfterValidator(_choosable)] = Field(default_factory=dict)
    time_zone: str = Field("UTC", description="IANA name", max_length=64)
    quiet_hours: QuietHours | None = None
    digest_at: TimeOfDay = "08:00"
    language: str | None = Field(
        None, pattern="^[a-z]{2}$", description="Of the mails; null: as the ticket's or team's"
    )

    @model_validator(mode="after")
    def _zone_exists(self) -> "Preferences":
        load_zone(self.time_zone)
        return self

    def choice(self, kind: Kind) -> Choice:
        return Choice.MAIL if kind in ALWAYS else self.events.get(kind, Choice.MAIL)

    def without(self, kind: Kind) -> "Preferences":
        return self.model_copy(update={"events": {**self.events, kind: Choice.OFF}})

    def send_at(self, kind: Kind, now: datetime) -> datetime:
        """The instant at which a notification that is due now is to be sent."""
        if kind in ALWAYS:
            return now
        return self._after_quiet(self._next_digest(now) if self.choice(kind) is Choice.DIGEST else now)

    def after_quiet(self, kind: Kind, now: datetime) -> datetime:
        """Now, or when it is quiet no more, for what was due already."""
        return now if kind in ALWAYS else self._after_quiet(now)

    def _next_digest(self, now: datetime) -> datetime:
        zone = load_zone(self.time_zone)
        at, today = time.fromisoformat(self.digest_at), now.astimezone(zone).date()
        return next(instant for day in range(3) if (instant := _instant(today + timedelta(days=day), at, zone)) > now)

    def _after_quiet(self, now: datetime) -> datetime:
        """Now, or the end of the quiet hours that now is in. An end that the clock skips is the instant of the change."""
        if self.quiet_hours is None or self.quiet_hours.since == self.quiet_hours.until:
            return now
        zone = load_zone(self.time_zone)
        since, until = (time.fromisoformat(text) for text in (self.quiet_hours.since, self.quiet_hours.until))
        today = now.astimezone(zone).date()
        for first in (today - timedelta(days=1), today):
            last = first if since < until else first + timedelta(days=1)
            if _instant(first, since, zone) <= now < (end := _instant(last, until, zone, is_end=True)):
                return end
        return now


def _instant(day: date, at: time, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """A wall time's instant: of one that comes twice the first, as an end the last; of one that is skipped, the change."""
    return to_instant(readings(datetime.combine(day, at), zone)[int(is_end)])
