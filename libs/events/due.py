"""Facts that come by time alone: recorded once, stamped with the instant they were due, however late they are noticed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from libs.events.envelope import Cause
from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
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
"""What happens: events stamped with the instant they were due, or none after all; and a later `due_at` or none."""

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
        self._failing: set[UUID] = set()
        """Entities to leave alone until the next start."""

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                while await self.record_due() == self._limit:
                    pass
            except DATABASE_ERRORS as error:
                logger.warning("due_facts_put_off", service=self._log.service, error=repr(error))
            await wait_any(self._poll_seconds, stop)

    async def record_due(self) -> int:
        """Record what is due by the horizon; how many entities were looked at."""
        horizon = await self._horizon()
        if horizon is None:
            return 0
        rows = await self._log.pool.fetch(_DUE, horizon, self._limit, list(self._failing))
        for row in rows:
            due = Due(row["id"], row["kind"], row["version"], row["state"].encode(), row["due_at"])
            await self._record_or_skip(due)
        return len(rows)

    async def _record_or_skip(self, due: Due) -> None:
        """One entity that cannot be decided on holds up no other; the log's completeness waits for it, and says so."""
        try:
            await self._record(due)
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this entity's alone
            self._failing.add(due.entity)
            logger.error("due_fact_failed", entity=str(due.entity), kind=due.kind, error=named(error))  # noqa: TRY400

    async def _record(self, due: Due) -> None:
        change = self._decide(due)
        if not change.events:
            await self._log.put_off(due.entity, due.version, change.due_at)
            return
        cause = Cause(actor=f"service:{self._log.service}", correlation=str(new_id()))
        try:
            await self._log.append([change], cause, due.at)
        except VersionConflict:
            return  # somebody else came first, and what is due now will be seen in the next round
        for event in change.events:
            metrics.DUE_FACTS.labels(service=self._log.service, type=event.data.TYPE).inc()


_DUE = """
select id, kind, version, state, due_at from entities
 where due_at <= $1 and id <> all($3::uuid[]) order by due_at limit $2
"""
