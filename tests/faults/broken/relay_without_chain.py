"""A relay that relies on message ids alone: neither order nor completeness survive a server's crash."""

from libs.events.stream import Stream
from libs.events.tail import Row
from tests.faults.broken import put


def install() -> None:
    original = Stream._headers

    def unchained(self: Stream, row: Row, _: dict[str, str]) -> dict[str, str]:
        return original(self, row, {})

    put(Stream, "_headers", unchained)
