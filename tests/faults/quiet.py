"""Waiting for the end of all that follows from what happened."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import asyncpg
import httpx
import nats

from libs.events.stream import TRANSPORT_ERRORS, Stream
from libs.events.transport import Names
from tests.faults.world import SERVICES, SYSTEM_KEY, World

# InternalClientError: what asyncpg says of a connection that a dying server left between two statements.
_NOT_YET = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    httpx.HTTPError,
    *TRANSPORT_ERRORS,
)

Check = Callable[[World], Awaitable[str | None]]
"""What is still missing, in words; None when nothing is."""


async def became_quiet(world: World, seconds: float) -> None:
    await _until(world, seconds, _nothing_due, _nothing_parked, _all_told, _all_mirrored, _nothing_to_build)


async def rebuilt(world: World, seconds: float) -> None:
    """Have the mirror's projection made anew, and wait until it is the one that is read."""
    generation = (await _ask(world, "/projection/rebuild"))["generation"]

    async def is_switched(world: World) -> str | None:
        async with world.database("mirror") as connection:
            live = await connection.fetchval("select id from live.generation")
        return None if live >= generation else f"generation {live} is read, {generation} was asked for"

    await _until(world, seconds, is_switched, _nothing_parked, _all_mirrored)


async def _until(world: World, seconds: float, *checks: Check) -> None:
    deadline = monotonic() + seconds
    while missing := await _missing(world, checks):
        if monotonic() > deadline:
            raise TimeoutError(missing)
        await asyncio.sleep(0.1)


async def _missing(world: World, checks: tuple[Check, ...]) -> str | None:
    try:
        found = [await check(world) for check in checks]
    except _NOT_YET as error:
        return repr(error)
    return "; ".join(filter(None, found)) or None


async def _nothing_due(world: World) -> str | None:
    async with world.database("scribe") as connection:
        due = await connection.fetchval("select count(*) from entities where due_at is not null")
        erasures = await connection.fetchval("select count(*) from erasures where done_at is null")
    return f"{due} notes are to expire, {erasures} to be erased" if due or erasures else None


async def _nothing_parked(world: World) -> str | None:
    async with world.database("mirror") as connection:
        parked = await connection.fetchval("select count(*) from live.parked")
        asked = await connection.fetchval("select bool_or(retry) from live.parked")
    if parked and not asked:
        await _ask(world, "/parked/retry")
    return f"{parked} events are parked" if parked else None


async def _all_told(world: World) -> str | None:
    for role in SERVICES:
        async with world.database(role) as connection:
            last = await connection.fetchrow("select position, id::text from log order by position desc limit 1")
        end = await _stream_end(world, role)
        if last is not None and end != last["id"]:
            return f"the stream of the {role} ends with {end}, its log with {last['id']} at {last['position']}"
    return None


async def _stream_end(world: World, role: str) -> str | None:
    client = await nats.connect(world.nats.url)
    try:
        end = await Stream(client, Names(), SERVICES[role]).end()
    finally:
        await client.close()
    return end.event.id if end.event else None


async def _all_mirrored(world: World) -> str | None:
    async with world.database("scribe") as connection:
        epoch = await connection.fetchval("select epoch::text from epochs order by number desc limit 1")
        end = await connection.fetchval("select max(position) from log")
    async with world.database("mirror") as connection:
        at = await connection.fetchrow("select epoch, position from live.checkpoints")
    place = (at["epoch"], at["position"]) if at else None
    return None if place == (epoch, end) else f"the mirror is at {place}, the log's end is {(epoch, end)}"


async def _nothing_to_build(world: World) -> str | None:
    async with world.database("mirror") as connection:
        wishes = await connection.fetchval("select count(*) from rebuilds where finished_at is null")
    return f"{wishes} rebuilds are asked for" if wishes else None


async def _ask(world: World, path: str) -> dict[str, int]:
    headers = {"Authorization": f"Bearer {SYSTEM_KEY}"}
    url = world.of_role("mirror")[0].url
    async with httpx.AsyncClient(timeout=5, headers=headers) as http:
        response = await http.post(f"{url}/api/{SERVICES['mirror']}{path}")
    response.raise_for_status()
    answer: dict[str, int] = response.json()
    return answer
