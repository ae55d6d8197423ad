"""Working time, and what of it a client's wait has used: by going through the days one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.acceptance.stories.model.people import Department

DAY = timedelta(days=1)
NOTHING = timedelta()
WARNED_AT = 0.8


@dataclass(frozen=True)
class Hours:
    """Open every day from one full hour of UTC until another."""

    opens: int = 0
    closes: int = 24

    def days(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open from then on, day by day, for ever."""
        midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
        while True:
            opens, closes = midnight + timedelta(hours=self.opens), midnight + timedelta(hours=self.closes)
            if closes > since:
                yield max(opens, since), closes
            midnight += DAY

    def used(self, since: datetime, until: datetime) -> timedelta:
        total = NOTHING
        for opens, closes in self.days(since):
            if opens >= until:
                return total
            total += min(closes, until) - opens
        raise AssertionError("days end")

    def due(self, since: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which so much is used."""
        left = amount
        for opens, closes in self.days(since):
            if left <= NOTHING:
                return since
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("days end")


@dataclass
class Wait:
    """A client waits for an answer."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """The part of a wait that a ticket was in one department."""

    department: "Department"
    since: datetime
    until: datetime | None
    used_before: timedelta

    def used(self, at: datetime) -> timedelta:
        return self.used_before + self.department.hours.used(self.since, at)

    @property
    def target(self) -> timedelta | None:
        return None if self.department.target is None else timedelta(seconds=self.department.target)


Placements = Sequence[tuple[datetime, "Department"]]
"""Which departments had a ticket, since when."""


def stretches(wait: Wait, placements: Placements) -> list[Stretch]:
    """Time used stays used. The first department had the ticket from its beginning, whenever that became known."""
    known = [(at, department) for at, department in placements if wait.until is None or at < wait.until]
    if known:
        known[0] = (min(known[0][0], wait.since), known[0][1])
    found: list[Stretch] = []
    used = NOTHING
    for number, (at, department) in enumerate(known):
        since = max(at, wait.since)
        until = known[number + 1][0] if number + 1 < len(known) else wait.until
        if until is not None and until <= since:
            continue
        found.append(Stretch(department, since, until, used))
        used = found[-1].used(until) if until else used
    return found


def deadline(wait: Wait, placements: Placements, share: float = 1) -> datetime | None:
    """When this share of the target in force was used for the first time in a wait; a later transfer does not undo it."""
    for stretch in stretches(wait, placements):
        if stretch.target is not None:
            at = stretch.department.hours.due(stretch.since, stretch.target * share - stretch.used_before)
            if stretch.until is None or at < stretch.until:
                return at
    return None


def breached(wait: Wait, placements: Placements) -> datetime | None:
    """When a wait was longer than it should have been, however late that is noticed."""
    at = deadline(wait, placements)
    return at if at is not None and (wait.until is None or at < wait.until) else None


def warned(wait: Wait, placements: Placements) -> datetime | None:
    """When there was a fifth of the time left, unless it was over at once."""
    at, late = deadline(wait, placements, WARNED_AT), deadline(wait, placements)
    if at is None or (wait.until is not None and at >= wait.until) or (late is not None and late <= at):
        return None
    return at
