"""What stands before several replicas in production: a door that leads to one that takes connections."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

_BLOCK = 65_536


@asynccontextmanager
async def door(ports: Callable[[], Sequence[int]]) -> AsyncIterator[int]:
    """Listen for the length of the block; the port."""
    visits: set[asyncio.Task[None]] = set()

    def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(_lead_through(reader, writer, ports()))
        visits.add(visit)
        visit.add_done_callback(visits.discard)

    server = await asyncio.start_server(let_in, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for visit in [*visits]:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)


async def _lead_through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ports: Sequence[int]) -> None:
    try:
        for port in random.sample(ports, len(ports)):
            with suppress(OSError):
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
                return await _both_ways(reader, inner_writer, inner_reader, writer)
    finally:
        writer.close()


async def _both_ways(
    reader: asyncio.StreamReader,
    inner_writer: asyncio.StreamWriter,
    inner_reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Until either side ends: half a connection is of no use to HTTP."""
    ways = [asyncio.create_task(_pass_on(reader, inner_writer)), asyncio.create_task(_pass_on(inner_reader, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        inner_writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()
