"""Progress markers: how others tell silence from lag. Hints on core NATS; losing one costs a second, never a fact.

*Complete* comes from the writer: every event of this log that is stamped at or before `instant` is at or before `position`.
*Consumed* comes from a consumer that writes: what it decided about its sources up to `sources` is in its own log at or
before `position`; this is how a reader knows that a change has been judged, even when the judgement was "nothing to do".
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg
from pydantic import AwareDatetime, BaseModel

from libs.events.tail import Seen, draw_fence


class Complete(BaseModel):
    """A log is complete up to a position and an instant."""

    service: str
    epoch: str
    position: int
    instant: AwareDatetime


class Point(BaseModel):
    """A place in one life of a log."""

    epoch: str
    position: int


class Consumed(BaseModel):
    """What a service has judged of its sources, and how far its own log has to be read to see the judgements."""

    service: str
    epoch: str
    position: int
    sources: dict[str, Point]


@dataclass
class Promise:
    """The log's promise to append nothing stamped at or before an instant: made first, published once it holds.

    Facts that fall due are stamped with the past and so are not bound by it. That is why the instant is lowered to before
    the first of them that is outstanding, after the fence (everyone who could still plan one has ended) and before the
    snapshot that gives the position (those recorded meanwhile are in it).
    """

    instant: datetime
    fence: int
    lowered: bool = False
    position: int | None = None
    """Everything stamped at or before the instant is at or before this; None until a snapshot has shown it."""

    async def look(self, seen: Seen, pool: asyncpg.Pool) -> None:
        """Take the next step towards the promise's keeping, by what the tail saw since the last one."""
        if self.lowered and self.position is None:
            self.position = seen.last
        elif not self.lowered and seen.xmin >= self.fence:
            self.instant, self.lowered = await _without_outstanding(pool, self.instant), True

    def is_kept(self, read_up_to: int) -> bool:
        return self.position is not None and self.position <= read_up_to


async def promise(pool: asyncpg.Pool, now: datetime | None, slack_seconds: float) -> Promise:
    """Refuse all later appends stamped before `now` less the slack, and draw the fence behind those under way.

    The promise commits before the fence is drawn: whoever's transaction id is newer than the fence reads the promise, and
    whoever's is older has ended when the fence is passed.
    """
    instant: datetime = await pool.fetchval(
        "update log_clock set complete_until ="
        " greatest(complete_until, coalesce($1::timestamptz, clock_timestamp()) - make_interval(secs => $2))"
        " returning complete_until",
        now,
        slack_seconds,
    )
    return Promise(instant, await draw_fence(pool))


async def _without_outstanding(pool: asyncpg.Pool, promised: datetime) -> datetime:
    """The promised instant, or just before the first fact that is due by then and has not been recorded yet."""
    instant: datetime = await pool.fetchval(
        "select least($1::timestamptz, min(due_at) - interval '1 microsecond') from entities where due_at is not null",
        promised,
    )
    return instant
