"""A ticket's kind: one number for all properties that have a few values, so that one index finds any combination of them.

`tickets.kind` in projection.sql computes it: ((attitude * 3 + urgency) * 3 + channel) * 4 + unread * 2 + taken.
"""

from collections.abc import Sequence
from itertools import product

from services.query.domain.orders import Filters, Sort
from services.query.domain.sight import UNPLACED

ATTITUDES = ("bad", "neutral", "good", None)
"""The last: nothing is known of the account."""
URGENCIES = ("low", "medium", "high")
CHANNELS = ("api", "email", "panel")

RANKS: dict[Sort, str] = {
    "attitude": "nullif({kind} / 36, 3)::bigint",
    "urgency": "({kind} / 12 % 3)::bigint",
    "channel": "({kind} / 4 % 3)::bigint",
    "unread": "({kind} / 2 % 2)::bigint",
}
"""SQL of what a kind is sorted by; null where there is nothing."""


def narrows(filters: Filters) -> bool:
    """Whether a filter asks for some kinds only."""
    some = (filters.attitude, filters.urgency, filters.channel, filters.unread is not None, is_for_untaken(filters))
    return any(some)


def kinds(filters: Filters) -> list[int]:
    """The kinds of all tickets that meet the filters."""
    untaken = (False,) if is_for_untaken(filters) else (False, True)
    parts = (
        _chosen(ATTITUDES, filters.attitude),
        _chosen(URGENCIES, filters.urgency),
        _chosen(CHANNELS, filters.channel),
        (False, True) if filters.unread is None else (filters.unread,),
        untaken,
    )
    return [
        ((attitude * 3 + urgency) * 3 + channel) * 4 + unread * 2 + taken
        for attitude, urgency, channel, unread, taken in product(*parts)
    ]


def is_for_untaken(filters: Filters) -> bool:
    """Whether only what nobody has taken yet is asked for."""
    return set(filters.responsible_id) == {UNPLACED}


def _chosen(values: Sequence[str | None], asked: Sequence[str]) -> list[int]:
    return [place for place, value in enumerate(values) if not asked or value in asked]
