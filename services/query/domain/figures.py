"""What figures are asked of: whose days, how they are grouped, and which tickets count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from libs.service.http import CursorInstant, CursorPosition, decode_cursor, encode_cursor
from libs.worktime import to_instant, to_micros
from libs.worktime.instants import SECOND
from libs.worktime.zones import load_zone, readings, zone_clock
from services.query.domain.sight import Sight

By = Literal[
    "department", "administrator", "category", "project", "group", "account", "urgency", "day", "weekday", "hour"
]
"""What figures are grouped by; days, weekdays and hours are those of the zone that is asked for."""

Outcome = Literal["in_time", "late", "without_deadline", "closed"]
"""How a wait ended: with an answer, at the deadline or before, or later, or without one to keep; or without an answer."""

SHARES = (0.5, 0.9, 0.99)
HOUR, DAY = 3600, 86_400
AGES = (HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
"""Where the ages of open tickets are parted, in seconds."""


@dataclass(frozen=True)
class Span:
    """Whole days of a time zone, both the first and the last."""

    first: date
    last: date
    zone: str

    @cached_property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @cached_property
    def begins(self) -> list[datetime]:
        """When each day begins: at the first of what its clocks show as midnight, or at the change that skips it.

        A day that the clocks skip begins when the next one does, and has no time.
        """
        return [self._beginning(day) for day in self.days]

    @property
    def since(self) -> datetime:
        return self.begins[0]

    @cached_property
    def until(self) -> datetime:
        """The first instant that is not in it any more."""
        return self._beginning(self.last + timedelta(days=1))

    @cached_property
    def offsets(self) -> tuple[list[datetime], list[int]]:
        """When the clocks are set within the span; and by how many seconds they are ahead of UTC before each and after."""
        clock, since = zone_clock(self.zone), to_micros(self.since)
        changes = clock.between(since, to_micros(self.until))
        offsets = [clock.offset(since - 1), *(change.after for change in changes)]
        return [to_instant(change.at) for change in changes], [offset // SECOND for offset in offsets]

    def _beginning(self, day: date) -> datetime:
        first, _ = readings(datetime.combine(day, time()), load_zone(self.zone))
        return to_instant(first)


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for. Of several values of a field one has to hold; the nil UUID stands for none."""

    span: Span
    by: tuple[By, ...]
    sight: Sight
    department_id: tuple[UUID, ...] = ()
    administrator_id: tuple[UUID, ...] = ()
    category_id: tuple[UUID, ...] = ()
    project_id: tuple[UUID, ...] = ()
    group_id: tuple[UUID, ...] = ()
    account_id: UUID | None = None
    weekday: tuple[int, ...] = ()
    hour: tuple[int, ...] = ()
    outcome: tuple[Outcome, ...] = ()

    @property
    def places(self) -> list[UUID] | None:
        """The departments that count; None: all."""
        seen = self.sight.places
        if seen is None:
            return list(self.department_id) or None
        return [place for place in seen if not self.department_id or place in self.department_id]


def age_classes() -> Sequence[tuple[int, int | None]]:
    """From how many seconds on, and below how many; None has no end."""
    bounds: list[int | None] = [0, *AGES, None]
    return [(lower or 0, upper) for lower, upper in pairwise(bounds)]


@dataclass(frozen=True, slots=True)
class End:
    """The last row of a page of what is behind a figure."""

    at: datetime
    ticket: UUID
    position: int

    def cursor(self) -> str:
        return encode_cursor([self.at, self.ticket, self.position])


_CURSOR: TypeAdapter[tuple[datetime, UUID, int]] = TypeAdapter(tuple[CursorInstant, UUID, CursorPosition])


def after(cursor: str | None) -> End | None:
    """Where a page begins."""
    return End(*decode_cursor(cursor, _CURSOR)) if cursor else None
