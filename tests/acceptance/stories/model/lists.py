"""In which order tickets are listed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

from tests.acceptance.stories.model.shown import exact_weight, remaining
from tests.acceptance.stories.model.ticket import Ticket

Sort = Literal["weight", "delay", "remaining", "id"]
SORTS: tuple[Sort, ...] = ("weight", "delay", "remaining", "id")
DESCENDING = {"weight", "delay", "id"}
"""Unless asked otherwise; remaining time ascends."""


def listed(tickets: Iterable[Ticket], sort: Sort, now: datetime, *, is_turned: bool = False) -> list[Ticket]:
    """By weight, delay, remaining time or id; what has nothing to be sorted by comes last, by number.

    Equal ones are in the order of their numbers; turned, all of it is the other way round but for those that come last.
    """
    keys = {ticket: _KEYS[sort](ticket, now) for ticket in tickets}
    sorted_ones = [ticket for ticket, key in keys.items() if key is not None]
    rest = sorted((ticket for ticket, key in keys.items() if key is None), key=lambda ticket: ticket.number)
    sorted_ones.sort(key=lambda ticket: (keys[ticket], ticket.number), reverse=is_turned)
    return [*sorted_ones, *rest]


_KEYS: dict[Sort, Callable[[Ticket, datetime], Any]] = {
    "weight": lambda ticket, now: -exact_weight(ticket, now),
    "delay": lambda ticket, _: ticket.wait.since if ticket.wait else None,
    "remaining": remaining,
    "id": lambda ticket, _: -ticket.number,
}
"""Ascending, this is what needs attention first."""


def of_account(tickets: Iterable[Ticket]) -> list[Ticket]:
    """A client's list: where something happened last comes first."""
    return sorted(tickets, key=lambda ticket: (ticket.active_at, ticket.number), reverse=True)
