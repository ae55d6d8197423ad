"""Connections to NATS for tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import nats
from nats.aio.client import Client


@asynccontextmanager
async def nats_client(url: str, on_error: Callable[[str], None] = lambda _: None) -> AsyncIterator[Client]:
    """Connect and, after the server was away, connect again at once; errors go to `on_error` in words."""

    async def pass_on(error: Exception) -> None:
        on_error(str(error))

    client = await nats.connect(url, error_cb=pass_on, reconnect_time_wait=0, max_reconnect_attempts=-1)
    try:
        yield client
    finally:
        await client.close()
