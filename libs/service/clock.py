"""The clock of a process, for what is not the log's time: token expiry, caches, cookies.

Commands and events take their instants from PostgreSQL, so process clocks may differ.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Answer an aware UTC instant."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class ManualClock:
    """A clock that moves only when told to."""

    instant: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def advance(self, seconds: float) -> datetime:
        self.instant += timedelta(seconds=seconds)
        return self.instant
