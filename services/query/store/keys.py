"""What a ticket is sorted by, as an expression on a row of `t`, wherever that row was found.

Null where there is nothing to sort by. The same keys come off the scans in an order's own way, see `scans.py`.
"""

from dataclasses import dataclass

from services.query.domain.kinds import RANKS
from services.query.domain.orders import Sort
from services.query.store.rows import AT, NOW, version_at

POINTS = "(- t.points * 60000000::bigint)"


def micros(column: str) -> str:
    return f"(extract(epoch from {column}) * 1000000)::bigint"


@dataclass(frozen=True, slots=True)
class Key:
    sql: str
    joins: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Things that tickets belong to: `column` of a ticket holds the id, `source` is a query of `id` and `key`, the name."""

    column: str
    source: str
    versions: str = "name_versions"

    def key(self) -> Key:
        return Key("named.key", f" left join ({self.source}) named on named.id = t.{self.column}")

    def key_then(self) -> Key:
        """By what they were called."""
        named = version_at(self.versions, f"t.{self.column}", AT)
        return Key("named.sorted_as", f" left join lateral ({named}) named on true")


def _names(column: str, *kinds: str) -> Names:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return Names(column, f"select n.id, n.sorted_as as key from names n where n.kind in ({listed})")  # noqa: S608


NAMES: dict[Sort, Names] = {
    "account": Names("account_id", "select n.id, n.sorted_as as key from accounts n where true", "account_versions"),
    "user": _names("user_id", "user"),
    "responsible": _names("assignee", "administrator", "department"),
    "department": _names("place", "department"),
    "project": _names("in_project", "project"),
    "category": _names("category_id", "category"),
    "group": _names("in_group", "group"),
}
KEYS: dict[Sort, Key] = {
    "weight": Key(f"case when t.waiting and t.waiting_since <= {AT} then t.rank - {NOW} else {POINTS} end"),
    "delay": Key(f"case when t.waiting then {micros('t.waiting_since')} end"),
    "remaining": Key(
        "t.deadline_clock - c.now",
        " left join all_clocks c on c.department_id = t.department_id and c.version = t.calendar_version",
    ),
    "id": Key("0::bigint"),
    "subject": Key("t.subject_key"),
    "blocked": Key(f"case when t.state = 'active' then {micros('t.blocked_at')} end"),
    "opened": Key(micros("t.opened_at")),
    "activity": Key(micros("t.active_at")),
    **{sort: Key(rank.format(kind="t.kind")) for sort, rank in RANKS.items()},
    **{sort: names.key() for sort, names in NAMES.items()},
}
KEYS_THEN: dict[Sort, Key] = {**KEYS, **{sort: names.key_then() for sort, names in NAMES.items()}}
"""The same for tickets as they were."""
