"""How administrators are shown a ticket, at an instant."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Protocol

from orjson import Fragment

from services.query.domain.ticket import MINUTE

SECOND = 1_000_000


class Row(Protocol):
    """What a statement found, by the names of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Worked:
    """W(t) of a compiled calendar: `sums` at `opens`, and from there one a microsecond until `closes`."""

    opens: list[int]
    closes: list[int]
    sums: list[int]

    def until(self, at: int) -> int:
        """W at an instant; a calendar without segments is always open, and W is the instant itself."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return at
        return self.sums[place] + min(at, self.closes[place]) - self.opens[place]


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are shown with: JSON of accounts, and of all else that has a name; calendars by department and version."""

    accounts: dict[str, Fragment] = field(default_factory=dict)
    names: dict[str, Fragment] = field(default_factory=dict)
    calendars: dict[tuple[str, int], Worked] = field(default_factory=dict)

    def name(self, identity: str | None) -> Fragment | None:
        return None if identity is None else self.names[identity]


def ticket(row: Row, known: Known, at: int) -> dict[str, Any]:
    """A row of the administrators' lists; `at` in microseconds. `known` has all that the row mentions."""
    waited = max(0, at - row["rank"] - row["points"] * MINUTE) if row["waiting"] else None
    deadline, holder = row["deadline_at"], row["holder_id"]
    name = known.name
    return {
        "id": row["id"],
        "number": row["number"],
        "subject": row["subject"],
        "account": known.accounts[row["account_id"]],
        "user": name(row["user_id"]),
        "weight": row["points"] + (0 if waited is None else waited // MINUTE),
        "points": row["points"],
        "delay_seconds": None if waited is None else waited // SECOND,
        "remaining_seconds": _remaining(row, known, at),
        "deadline_at": deadline,
        "overdue": deadline is not None and deadline < row["as_of"],
        "responsible": name(row["responsible_id"]),
        "department": name(row["department_id"]),
        "project": name(row["project_id"]),
        "category": name(row["category_id"]),
        "urgency": row["urgency"],
        "tags": row["tags"],
        "channel": row["channel"],
        "unread": row["unread"],
        "block": None if holder is None else {"holder": name(holder), "since": row["blocked_at"]},
        "waiting_since": row["waiting_since"],
        "opened_at": row["opened_at"],
        "closes_at": row["closes_at"],
        "closed_at": row["closed_at"],
        "close_reason": row["close_reason"],
        "state": row["state"],
    }


def _remaining(row: Row, known: Known, at: int) -> int | None:
    """Working seconds until the deadline, below zero once overdue."""
    clock: int | None = row["deadline_clock"]
    if clock is None:
        return None
    return (clock - known.calendars[row["department_id"], row["calendar_version"]].until(at)) // SECOND
