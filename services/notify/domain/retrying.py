"""When something that failed is tried again: later each time, and not all at once."""

from collections.abc import Callable
from datetime import timedelta

LONGEST = timedelta(hours=6)
_SPREAD = 0.25
_DOUBLINGS = 20

Randomness = Callable[[], float]
"""At least 0 and below 1, evenly."""


def pause(first_seconds: float, attempts: int, random: Randomness) -> timedelta:
    """The wait after the `attempts`-th failure: twice as long each time, six hours at most, a quarter more or less."""
    usual = min(timedelta(seconds=first_seconds * 2 ** min(attempts - 1, _DOUBLINGS)), LONGEST)
    return usual * (1 + _SPREAD * (2 * random() - 1))
