"""Many commands on one entity at the same time: all are carried out, none is sent away."""

import asyncio
from dataclasses import replace
from uuid import UUID

import orjson

from libs.events.log import Log
from tests.integration.events.scene import Origin, new_note

MANY = 150


async def test_all_that_want_to_change_one_entity_do_so(origin: Origin) -> None:
    note = new_note()
    await asyncio.gather(*(origin.write(note, str(number)) for number in range(MANY)))
    assert sorted(await lines_of(origin, note)) == sorted(map(str, range(MANY)))


async def test_processes_that_change_one_entity_all_get_on(origin: Origin) -> None:
    """Each has a log of its own to go by, and knows nothing of the others' commands."""
    note, processes = new_note(), [replace(origin, log=Log(origin.name, origin.pool)) for _ in range(3)]
    await asyncio.gather(*(processes[number % 3].write(note, str(number)) for number in range(MANY)))
    assert sorted(await lines_of(origin, note)) == sorted(map(str, range(MANY)))


async def lines_of(origin: Origin, note: UUID) -> list[str]:
    rows = await origin.pool.fetch("select envelope from log where entity = $1", note)
    return [orjson.loads(row["envelope"])["data"]["line"] for row in rows]
