"""What of an account's history is told whole. Pure."""

from services.accounts.domain import ACCOUNT, USER

TOLD_WHOLE = frozenset(model.TYPE for kind in (ACCOUNT, USER) for model in (kind.created, kind.changed))
"""Types of events that tell all of an entity, so that each is understood by the one before."""
