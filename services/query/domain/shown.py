"""How administrators are shown a ticket, at an instant."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from orjson import Fragment

from libs.service.http import to_json
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
    lasting: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By ticket: the stamp of the row that was shown last, and JSON of what time does not change of it."""

    def name(self, identity: str | None) -> Fragment | None:
        return None if identity is None else self.names[identity]

    def remember(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.lasting[row["id"]] = (row["stamp"], to_json(lasting(row, self)))

    def remembers(self, rows: Iterable[Row]) -> bool:
        """Whether nothing of these has to be read but what moves."""
        return all(row["id"] in self.lasting and self.lasting[row["id"]][0] == row["stamp"] for row in rows)


def ticket(row: Row, known: Known, at: int) -> dict[str, Any]:
    """A row of the administrators' lists; `at` in microseconds. `known` has all that the row mentions."""
    return moving(row, known, at) | lasting(row, known)


def remembered(row: Row, known: Known, at: int) -> Fragment:
    """The same of a row that `known` remembers."""
    _, rest = known.lasting[row["id"]]
    return Fragment(to_json(moving(row, known, at))[:-1] + b"," + rest[1:])


def moving(row: Row, known: Known, at: int) -> dict[str, Any]:
    """What time alone changes of a row."""
    waited = max(0, at - row["rank"] - row["points"] * MINUTE) if row["waiting"] else None
    deadline = row["deadline_at"]
    return {
        "weight": row["points"] + (0 if waited is None else waited // MINUTE),
        "delay_seconds": None if waited is None else waited // SECOND,
        "remaining_seconds": _remaining(row, known, at),
        "overdue": deadline is not None and deadline < row["as_of"],
    }


def lasting(row: Row, known: Known) -> dict[str, Any]:
    """What only an event changes of it."""
    holder, name = row["holder_id"], known.name
    return {
        "id": row["id"],
        "number": row["number"],
        "subject": row["subject"],
        "account": known.accounts[row["account_id"]],
        "user": name(row["user_id"]),
        "points": row["points"],
        "deadline_at": row["deadline_at"],
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
        "last_activity_at": row["active_at"],
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
