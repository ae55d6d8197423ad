"""The life of a signing key: told, then signing, then only verifying, then gone. Pure.

Keys come in the order in which they sign. Each is told a while before, so that everybody knows it by then, and verifies
until the last token that it may have signed has expired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.accounts.domain.sessions import LONGEST_TOKEN, MARGIN


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, without its parts; when it was made and when it begins to sign."""

    id: str
    made_at: datetime
    signs_from: datetime


@dataclass(frozen=True)
class Rotation:
    """How long a key is told before it signs, and how old it may get; None: as old as it likes."""

    wait: timedelta
    age: timedelta | None

    def is_due(self, keys: Sequence[SigningKey], now: datetime) -> bool:
        return self.age is not None and keys[-1].made_at + self.age <= now


def signer(keys: Sequence[SigningKey], now: datetime) -> SigningKey:
    """The newest key that may sign by now; the oldest, should clocks say that none may."""
    return next((key for key in reversed(keys) if key.signs_from <= now), keys[0])


def waiting(keys: Sequence[SigningKey], now: datetime) -> SigningKey | None:
    """The key that was told and does not sign yet."""
    return keys[-1] if keys and keys[-1].signs_from > now else None


def retires_at(keys: Sequence[SigningKey], key: SigningKey) -> datetime | None:
    """When the last of a key's tokens has expired; None while no other key takes its place."""
    later = keys[keys.index(key) + 1 :]
    return later[0].signs_from + LONGEST_TOKEN + MARGIN if later else None


def useless(keys: Sequence[SigningKey], now: datetime) -> list[SigningKey]:
    """The keys of which no token can be good any more."""
    ends = ((key, retires_at(keys, key)) for key in keys)
    return [key for key, end in ends if end is not None and end <= now]
