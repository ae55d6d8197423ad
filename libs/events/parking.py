"""Events that could not be taken in are set aside, with those of the same entity that come after them.

Other entities go on. After a fix, a retry takes them in from the log, in order. What is parked holds no content: erasure
has nothing to find here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from libs.events.envelope import Event
from libs.events.projection import LIVE, Connection
from libs.service import metrics


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """An event set aside; `error` is None for one that only waits behind another."""

    source: str
    position: int
    entity: str
    type: str
    error: str | None
    parked_at: datetime


class Parking:
    """The parked events of the entered schema, with the entities in question kept in memory for each batch to ask."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._held: set[tuple[str, str]] = set()
        self._sources: set[str] = set()

    async def load(self, connection: Connection) -> None:
        rows = await connection.fetch("select source, entity, count(*) as events from parked group by 1, 2")
        self._held = {(row["source"], row["entity"]) for row in rows}
        counts = Counter[str]()
        for row in rows:
            counts[row["source"]] += row["events"]
        for source in counts.keys() | self._sources:
            metrics.PARKED_EVENTS.labels(service=self._service, source=source).set(counts[source])
        self._sources |= counts.keys()

    def holds(self, source: str, event: Event) -> bool:
        return (source, event.entity) in self._held

    def hold(self, source: str, event: Event) -> None:
        """After the event's row is committed."""
        self._held.add((source, event.entity))
        self._sources.add(source)
        metrics.PARKED_EVENTS.labels(service=self._service, source=source).inc()


async def park(connection: Connection, source: str, events: Sequence[Event], error: str | None = None) -> None:
    await connection.executemany(
        "insert into parked (source, position, entity, type, error) values ($1, $2, $3, $4, $5)",
        [(source, event.position, event.entity, event.type, error) for event in events],
    )


async def listed(pool: asyncpg.Pool) -> list[ParkedEvent]:
    rows = await pool.fetch(
        f"select source, position, entity, type, error, parked_at from {LIVE}.parked order by source, position"  # noqa: S608
    )
    return [ParkedEvent(**dict(row)) for row in rows]


async def request_retry(pool: asyncpg.Pool, entity: str | None = None) -> int:
    """Ask the active consumer to try again, one entity or all; how many events that are."""
    rows = await pool.fetch(
        f"update {LIVE}.parked set retry = true where $1::text is null or entity = $1 returning position",  # noqa: S608
        entity,
    )
    return len(rows)


async def next_retry(connection: Connection) -> tuple[str, int] | None:
    """Source and position of the first event that is to be tried again: the oldest of its entity."""
    row = await connection.fetchrow("select source, position from parked where retry order by source, position limit 1")
    return (row["source"], row["position"]) if row else None


async def release(connection: Connection, source: str, position: int) -> None:
    await connection.execute("delete from parked where source = $1 and position = $2", source, position)


async def give_up(connection: Connection, source: str, entity: str, error: str) -> None:
    """The retry failed too: note why, and wait for the next request."""
    await connection.execute("update parked set retry = false where source = $1 and entity = $2", source, entity)
    await connection.execute(
        "update parked set error = $3 where (source, position) ="
        " (select source, min(position) from parked where source = $1 and entity = $2 group by source)",
        source,
        entity,
        error,
    )
