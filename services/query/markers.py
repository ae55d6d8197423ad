"""Hearing how far others have judged, also in a process whose consumer stands by."""

import asyncio

from nats.aio.client import Client
from nats.aio.msg import Msg

from libs.events.applied import Applied
from libs.events.progress import Consumed
from libs.events.transport import Transport
from services.query.consistency import JUDGES


class Markers:
    """Keeps `applied.consumed` by the judges' progress markers."""

    name = "markers"

    def __init__(self, transport: Transport, applied: Applied) -> None:
        self._transport = transport
        self._applied = applied

    async def run(self, stop: asyncio.Event) -> None:
        connecting = asyncio.create_task(self._transport.client())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done():
                await self._listen(connecting.result(), stop)
        finally:
            for task in (connecting, stopping):
                task.cancel()
            await asyncio.gather(connecting, stopping, return_exceptions=True)

    async def _listen(self, client: Client, stop: asyncio.Event) -> None:
        subjects = [self._transport.names.consumed(judge) for judge in JUDGES]
        subscriptions = [await client.subscribe(subject, cb=self._hear) for subject in subjects]
        await stop.wait()
        for subscription in subscriptions:
            if client.is_connected:
                await subscription.unsubscribe()

    async def _hear(self, message: Msg) -> None:
        self._applied.hear(Consumed.model_validate_json(message.data))
