"""A tail that takes every position it sees for final: passes over what is committed later."""

from libs.events.log_reader import LogReader
from libs.events.tail import Tail
from tests.faults.broken import put


def install() -> None:
    put(Tail, "_is_final", lambda *_: True)
    put(LogReader, "_settle", _to_the_end)


async def _to_the_end(*_: object) -> int:
    return 2**62
