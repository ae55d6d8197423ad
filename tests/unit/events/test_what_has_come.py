"""What a consumer makes of the batches that have come while it was busy."""

from datetime import UTC, datetime

from libs.events.consumer import joined
from libs.events.envelope import Cause, Event
from libs.events.progress import Complete
from libs.events.source import BATCH, Batch, Cursor

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def events(source: str, first: int, last: int) -> list[Event]:
    return [
        Event(f"{source}-{n}", "note.written.v1", source, "e", n, NOON, "epoch", n, n - 1, Cause("system:x", "c"), {})
        for n in range(first, last + 1)
    ]


def batch(source: str, first: int, last: int) -> Batch:
    return Batch(source, _at(source, first - 1), _at(source, last), events(source, first, last))


def marker(source: str, position: int) -> Batch:
    complete = Complete(service=source, epoch="epoch", position=position, instant=NOON)
    return Batch(source, _at(source, position), _at(source, position), complete=complete)


def _at(source: str, position: int) -> Cursor:
    return Cursor("epoch", position, f"{source}-{position}")


def test_a_source_s_batches_become_one_whatever_came_between_them() -> None:
    found = list(joined([batch("intake", 1, 2), batch("sla", 7, 7), batch("intake", 3, 3), batch("sla", 8, 9)]))
    assert found == [batch("intake", 1, 3), batch("sla", 7, 9)]


def test_what_is_known_to_be_complete_is_so_before_what_comes_after_it() -> None:
    came = [batch("intake", 1, 1), marker("intake", 1), batch("intake", 2, 2), batch("intake", 3, 3)]
    assert list(joined(came)) == [batch("intake", 1, 1), marker("intake", 1), batch("intake", 2, 3)]


def test_no_batch_grows_beyond_its_size() -> None:
    came = [batch("intake", 1, BATCH), batch("intake", BATCH + 1, BATCH + 1)]
    assert list(joined(came)) == came
