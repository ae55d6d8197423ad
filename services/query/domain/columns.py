"""The columns that a list of tickets can be shown in, and what of a ticket is in each."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

Column = Literal[
    "id",
    "number",
    "subject",
    "state",
    "account_id",
    "account",
    "attitude",
    "group",
    "user",
    "weight",
    "points",
    "delay_seconds",
    "remaining_seconds",
    "deadline_at",
    "overdue",
    "responsible",
    "department",
    "project",
    "category",
    "urgency",
    "tags",
    "channel",
    "unread",
    "blocked_by",
    "blocked_at",
    "waiting_since",
    "opened_at",
    "last_activity_at",
    "closes_at",
    "closed_at",
    "close_reason",
]
ALL: tuple[Column, ...] = get_args(Column)

Shown = Mapping[str, Any]
"""A ticket as the list shows it, as plain JSON."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take a text for a formula by; some take the full-width forms as well."""


def texts(ticket: Shown, columns: tuple[Column, ...]) -> list[str]:
    """What stands in a row of a table: nothing for null, `true` and `false`, tags separated by commas."""
    return [_text(_read(ticket, column)) for column in columns]


def _read(ticket: Shown, column: Column) -> Any:
    read = _READ.get(column)
    return read(ticket) if read else ticket[column]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)  # a number below zero begins with a minus, and is to stay a number
    return harmless(", ".join(value) if isinstance(value, list) else str(value))


def harmless(text: str) -> str:
    """A text that no spreadsheet calculates: an apostrophe in front says that it is a text, as OWASP recommends."""
    is_formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def _name(ticket: Shown, what: str) -> Any:
    named = ticket[what]
    return named and named["name"]


def _named(what: str) -> Callable[[Shown], Any]:
    return lambda ticket: _name(ticket, what)


_READ: dict[Column, Callable[[Shown], Any]] = {
    "account_id": lambda ticket: ticket["account"]["id"],
    "account": _named("account"),
    "attitude": lambda ticket: ticket["account"]["attitude"],
    "group": lambda ticket: _name(ticket["account"], "group"),
    "user": _named("user"),
    "responsible": _named("responsible"),
    "department": _named("department"),
    "project": _named("project"),
    "category": _named("category"),
    "blocked_by": lambda ticket: ticket["block"] and ticket["block"]["holder"]["name"],
    "blocked_at": lambda ticket: ticket["block"] and ticket["block"]["since"],
}
