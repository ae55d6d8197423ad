"""All that is there after a run: logs, streams, the mirror's tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import nats
import orjson

from libs.events import envelope
from libs.events.stream import Stream
from libs.events.transport import Names
from tests.faults.world import SERVICES, World


@dataclass(frozen=True)
class Entry:
    """An event as a log holds it."""

    position: int
    id: str
    entity: str
    version: int
    type: str
    time: datetime
    data: dict[str, Any]
    cause: str | None

    @property
    def line(self) -> str | None:
        return self.data.get("line")


@dataclass(frozen=True)
class LogCopy:
    epoch: str
    entries: list[Entry]

    @property
    def end(self) -> int:
        return self.entries[-1].position if self.entries else 0


@dataclass(frozen=True)
class Snapshot:
    logs: dict[str, LogCopy]
    """By role, like the streams."""
    streams: dict[str, list[envelope.Event]]
    notes: dict[str, tuple[int, int, str, str]]
    """The mirror's notes: version, lines, text, state."""
    seen: list[tuple[int, str]]
    """Position and id of every event the mirror took in, in the order in which it did."""
    parked: int


async def take_snapshot(world: World) -> Snapshot:
    logs = {role: await _log(world, role) for role in SERVICES}
    streams = {role: await _stream(world, role) for role in SERVICES}
    async with world.database("mirror") as connection:
        notes = await connection.fetch("select id, version, lines, text, state from live.notes")
        seen = await connection.fetch("select position, event_id from live.seen order by number")
        parked = await connection.fetchval("select count(*) from live.parked")
    return Snapshot(
        logs,
        streams,
        {row["id"]: (row["version"], row["lines"], row["text"], row["state"]) for row in notes},
        [(row["position"], row["event_id"]) for row in seen],
        parked,
    )


async def _log(world: World, role: str) -> LogCopy:
    async with world.database(role) as connection:
        epoch = await connection.fetchval("select epoch::text from epochs order by number desc limit 1")
        rows = await connection.fetch("select * from log order by position")
    return LogCopy(epoch, [_entry(row) for row in rows])


def _entry(row: asyncpg.Record) -> Entry:
    stored = orjson.loads(row["envelope"])
    return Entry(
        row["position"],
        str(row["id"]),
        str(row["entity"]),
        row["version"],
        row["type"],
        row["time"],
        stored["data"],
        stored.get("causationid"),
    )


async def _stream(world: World, role: str) -> list[envelope.Event]:
    service = SERVICES[role]
    client = await nats.connect(world.nats.url)
    try:
        stream = Stream(client, Names(), service)
        messages = stream.messages(Names().events(service))
        return [envelope.parse(message.data or b"") async for message in messages]
    finally:
        await client.close()
