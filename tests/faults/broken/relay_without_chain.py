"""A relay that relies on message ids alone: neither order nor completeness survive a server's crash."""

from typing import Any

from libs.events.stream import Stream
from libs.events.tail import Row
from tests.faults.broken import put


def install() -> None:
    original = Stream._publish

    async def unchained(self: Stream, row: Row, epoch: str, _: dict[str, str]) -> Any:
        return await original(self, row, epoch, {})

    put(Stream, "_publish", unchained)
