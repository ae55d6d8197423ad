"""Events that could not be taken in are set aside, with those of the same entity that come after them.

Other entities go on. After a fix, a retry takes them in from the log, in order. What is parked holds no content: erasure
has nothing to find here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from libs.events.envelope import Event
from libs.events.projection import LIVE, Connection, Fenced
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
        self._marked: set[tuple[str, int]] = set()
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

    def mark(self, source: str, positions: Iterable[int]) -> None:
        """Have the events at these positions set aside when they come."""
        self._marked |= {(source, position) for position in positions}

    def divide(self, source: str, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Those to be taken in, and those to be set aside with or behind another."""
        free, held, entities = list[Event](), list[Event](), set[str]()
        for event in events:
            is_held = (source, event.entity) in self._held or event.entity in entities
            if is_held or (source, event.position) in self._marked:
                entities.add(event.entity)
                held.append(event)
            else:
                free.append(event)
        return free, held

    def hold(self, source: str, events: Sequence[Event]) -> None:
        """After the events' rows are committed."""
        if events:
            self._held |= {(source, event.entity) for event in events}
            self._sources.add(source)
            metrics.PARKED_EVENTS.labels(service=self._service, source=source).inc(len(events))


async def park(connection: Connection, source: str, events: Sequence[Event], error: str | None = None) -> None:
    if events:
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


async def try_again(connection: Connection, source: str, entity: str) -> None:
    await connection.execute("update parked set retry = true where source = $1 and entity = $2", source, entity)


async def next_retry(connection: Connection) -> tuple[str, int] | None:
    """Source and position of the first event that is to be taken in: the oldest of its entity.

    One that only waited is tried without being asked for when nothing is before it any more: it came during a retry.
    """
    row = await connection.fetchrow(_NEXT_RETRY)
    return (row["source"], row["position"]) if row else None


_NEXT_RETRY = """
select source, position from parked p
 where (retry or error is null)
   and not exists (
       select from parked before
        where before.source = p.source and before.entity = p.entity and before.position < p.position)
 order by source, position limit 1
"""


async def release(connection: Connection, source: str, position: int) -> None:
    """Raises Fenced when another consumer has taken it in."""
    released = await connection.fetchval(
        "delete from parked where source = $1 and position = $2 returning true", source, position
    )
    if not released:
        raise Fenced(f"{source} at {position} is not parked any more")


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
