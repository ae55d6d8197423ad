"""The connection to NATS leaves nothing behind, whenever whoever wanted it goes away."""

import asyncio
import gc
from contextlib import suppress

from libs.events.transport import Transport
from tests.infrastructure.embedded import OwnNats

STEPS = 40
"""Turns of the event loop; connecting takes fewer."""


async def test_who_gives_up_while_connecting_leaves_no_socket_open(nats_url: str) -> None:
    for steps in range(STEPS):
        transport = Transport(nats_url)
        connecting = asyncio.create_task(transport.client())
        await turns(steps)
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await connecting
        await transport.close()
    gc.collect()  # a socket left open is warned of now, and warnings fail the suite


async def test_closing_ends_the_attempts_to_reach_a_server_that_is_gone(own_nats: OwnNats) -> None:
    for steps in range(STEPS):
        transport = Transport(own_nats.url)
        await transport.client()
        await own_nats.kill()
        await turns(steps)
        await transport.close()
        assert not [task for task in asyncio.all_tasks() if "_attempt_reconnect" in repr(task)]
        await own_nats.start()


async def turns(steps: int) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)
