"""How long a session lasts, and what a refresh token that somebody presents means for it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

LONGEST_TOKEN = timedelta(days=1)
"""No access token lives longer, whatever the settings say or said."""

MARGIN = timedelta(seconds=60)
"""How much longer than its tokens a session is known to have ended: checks have leeway, and clocks differ."""


@dataclass(frozen=True)
class Lifetimes:
    access_token: timedelta
    idle: timedelta
    """How long a session lasts without being refreshed."""
    whole: timedelta
    """How long it lasts at most."""
    grace: timedelta
    """How long a refresh token is answered once more after it was replaced."""

    def good_until(self, now: datetime, ends_at: datetime) -> datetime:
        return min(now + self.idle, ends_at)

    def tokens_until(self, now: datetime, good_until: datetime) -> datetime:
        """When an access token that is made now has to expire."""
        return min(now + self.access_token, good_until)


@dataclass(frozen=True)
class Chain:
    """The hashes of a session's refresh tokens: of the one that is good, and of the one it replaced at `rotated_at`."""

    current: bytes
    replaced: bytes | None = None
    rotated_at: datetime | None = None
    repeated: bool = False
    """Whether the current one was answered twice."""


class Verdict(StrEnum):
    CURRENT = "current"
    """The good one: it is replaced."""
    LOST = "lost"
    """The one that was replaced just now: the answer was lost, and is given once more."""
    TWICE = "twice"
    """Likewise, but that was done already. Harmless (tabs of a browser that wake up together), and answered nothing."""
    REUSED = "reused"
    """One that was used long ago: two have it, and one of them stole it."""


def judge(chain: Chain, offered: bytes, now: datetime, grace: timedelta) -> Verdict:
    """Say what the token is whose hash was offered; that it is one of the session's is known."""
    if compare_digest(offered, chain.current):
        return Verdict.CURRENT
    if chain.replaced is None or chain.rotated_at is None or not compare_digest(offered, chain.replaced):
        return Verdict.REUSED
    if now - chain.rotated_at > grace:
        return Verdict.REUSED
    return Verdict.TWICE if chain.repeated else Verdict.LOST
