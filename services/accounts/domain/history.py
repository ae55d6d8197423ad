"""What an event changed. Pure."""

from collections.abc import Mapping
from typing import Any

from services.accounts.domain import ACCOUNT, USER

TOLD_WHOLE = frozenset(model.TYPE for kind in (ACCOUNT, USER) for model in (kind.created, kind.changed))
"""Types of events that tell all of an entity, so that each is understood by the one before."""


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each fact that is not what it was: {"field", "before", "after"}. Before its creation there was nothing."""
    was = before or {}
    return [
        {"field": field, "before": was.get(field), "after": value}
        for field, value in after.items()
        if value != was.get(field)
    ]
