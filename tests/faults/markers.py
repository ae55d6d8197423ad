"""The progress markers of a run, recorded as they are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.msg import Msg

from libs.events.progress import Complete
from libs.events.transport import Names
from tests.faults.pair import scribe
from tests.infrastructure.messaging import nats_client


class Markers:
    def __init__(self, url: str) -> None:
        self.seen: list[Complete] = []
        self._url = url

    @asynccontextmanager
    async def recorded(self) -> AsyncIterator[None]:
        async with nats_client(self._url) as client:
            await client.subscribe(Names().complete(scribe.NAME), cb=self._note)
            yield

    async def _note(self, message: Msg) -> None:
        self.seen.append(Complete.model_validate_json(message.data))
