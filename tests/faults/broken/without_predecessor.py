"""A reader that does not ask for an event's predecessor: what follows is whatever comes next."""

from libs.events.envelope import Event
from libs.events.source import Source
from tests.faults.broken import put


def install() -> None:
    put(Source, "_follows", _is_later)


def _is_later(self: Source, event: Event) -> bool:
    return event.position > self.cursor.position
