"""Facts that come by time alone: recorded once, stamped with the instant they were due, however late they are noticed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from libs.events.envelope import Cause
from libs.events.log import Change, Log, VersionConflict
from libs.events.waiting import wait_any
from libs.service import metrics
from libs.service.ids import new_id

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """An entity to which something happens at `at`."""

    entity: UUID
    kind: str
    version: int
    state: bytes
    at: datetime


Decide = Callable[[Due], Change]
"""What happens: events stamped with the instant they were due, and a later `due_at` or none."""

Horizon = Callable[[], Awaitable[datetime | None]]
"""The instant up to which everything is known that could still prevent a due fact."""


class DueFacts:
    """Looks for what has fallen due, and lets `decide` say what it is."""

    name = "due-facts"

    def __init__(
        self,
        log: Log,
        decide: Decide,
        *,
        horizon: Horizon | None = None,
        poll_seconds: float = 0.5,
        limit: int = 100,
    ) -> None:
        self._log = log
        self._decide = decide
        self._horizon = horizon or log.now
        self._poll_seconds = poll_seconds
        self._limit = limit

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                while await self.record_due() == self._limit:
                    pass
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("due_facts_put_off", service=self._log.service, error=repr(error))
            await wait_any(self._poll_seconds, stop)

    async def record_due(self) -> int:
        """Record what is due by the horizon; how many entities were looked at."""
        horizon = await self._horizon()
        if horizon is None:
            return 0
        rows = await self._log.pool.fetch(_DUE, horizon, self._limit)
        for row in rows:
            await self._record(Due(row["id"], row["kind"], row["version"], row["state"].encode(), row["due_at"]))
        return len(rows)

    async def _record(self, due: Due) -> None:
        change = self._decide(due)
        cause = Cause(actor=f"service:{self._log.service}", correlation=str(new_id()))
        try:
            await self._log.append([change], cause, due.at)
        except VersionConflict:
            return  # somebody else came first, and what is due now will be seen in the next round
        for event in change.events:
            metrics.DUE_FACTS.labels(service=self._log.service, type=event.data.TYPE).inc()


_DUE = """
select id, kind, version, state, due_at from entities
 where due_at <= $1 order by due_at limit $2
"""
