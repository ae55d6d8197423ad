"""What an event changed, of an entity that is told whole each time."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


class Difference(BaseModel):
    """A fact that is not what it was; null when there was none, or is none any more."""

    field: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each fact that is not what it was, as a Difference is written. Before its creation there was nothing."""
    was = before or {}
    return [
        {"field": field, "before": was.get(field), "after": value}
        for field, value in after.items()
        if value != was.get(field)
    ]
