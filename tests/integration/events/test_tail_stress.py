"""Twenty-four writers with conflicts, rollbacks and slow transactions: the tail misses nothing, and keeps the order."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from uuid import UUID

import pytest

from libs.events.log import Change, Log, NewEvent, TimePassed, VersionConflict
from libs.events.tail import Row, Tail
from tests.faults.pair.events import NoteWritten
from tests.integration.events.scene import CAUSE, Origin, new_note

WRITERS, SECONDS, NOTES = 24, 4.0, 12


@pytest.mark.timeout(120)
async def test_the_tail_misses_nothing_and_keeps_the_order(origin: Origin) -> None:
    notes = [new_note() for _ in range(NOTES)]
    done = asyncio.Event()
    tailing = asyncio.create_task(tail(origin, done))
    async with asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(writer(origin.log, notes, random.Random(number)))
    done.set()
    rows = await tailing

    assert [row.position for row in rows] == await origin.positions()
    assert [row.predecessor for row in rows] == [0, *(row.position for row in rows[:-1])]
    versions = defaultdict(list)
    for row in rows:
        versions[row.entity].append(row)
    stored = await origin.pool.fetch(
        "select entity, array_agg(position order by version) as positions from log group by 1"
    )
    assert {entity: [row.position for row in rows] for entity, rows in versions.items()} == {
        row["entity"]: row["positions"] for row in stored
    }
    assert len(rows) > WRITERS


async def tail(origin: Origin, done: asyncio.Event) -> list[Row]:
    """What the tail hands out until the writers are done and it has reached the end."""
    following, rows = Tail(origin.pool, 0), list[Row]()
    while True:
        was_done = done.is_set()
        found = await following.read(100)
        rows += found
        if was_done and not found and not following.at_hole:
            return rows
        await asyncio.sleep(0.001)


async def writer(log: Log, notes: list[UUID], rng: random.Random) -> None:
    end = asyncio.get_running_loop().time() + SECONDS
    while asyncio.get_running_loop().time() < end:
        note = rng.choice(notes)
        with suppress(VersionConflict, TimePassed, Rollback):
            await write_once(log, note, rng)


class Rollback(Exception):
    """The writer changed its mind."""


async def write_once(log: Log, note: UUID, rng: random.Random) -> None:
    async with log.pool.acquire() as connection, connection.transaction():
        loaded = await log.load(note, executor=connection)
        events = [NewEvent(NoteWritten(line="x")) for _ in range(rng.randint(1, 3))]
        await log.append([Change(note, "note", loaded.version, events, b"{}")], CAUSE, loaded.now, executor=connection)
        if rng.random() < 0.1:
            await asyncio.sleep(rng.uniform(0.01, 0.15))
        if rng.random() < 0.2:
            raise Rollback
