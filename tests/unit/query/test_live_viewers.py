"""A viewer's buffer: bounded, the last word on each ticket, ids that only grow."""

from services.query.domain.changes import Place, Where, Word, event
from services.query.domain.sight import EVERYTHING
from services.query.live import viewer as viewers
from services.query.live.viewer import Viewer


def word(key: str, seq: int, account: str | None = "a") -> Word:
    text = event("ticket", Place(1, seq), f'"{key}{seq}"')
    return Word(key, Where(None, None), frozenset(), text, text, account, text)


async def taken(viewer: Viewer) -> str:
    return (await anext(viewer.messages())).decode()


def ids(text: str) -> list[str]:
    return [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]


async def test_a_later_word_on_a_ticket_replaces_the_former() -> None:
    viewer = Viewer(EVERYTHING)
    for message in (word("x", 1), word("y", 2), word("x", 3)):
        viewer.offer(message, Place(1, 3))
    assert ids(await taken(viewer)) == ["1:2", "1:3"]


async def test_what_was_missed_goes_before_what_came_since() -> None:
    viewer = Viewer(EVERYTHING)
    viewer.offer(word("x", 9), Place(1, 9))
    viewer.recall({"x": event("ticket", Place(1, 4), "{}"), "y": event("ticket", Place(1, 5), "{}")})
    assert ids(await taken(viewer)) == ["1:5", "1:9"]


async def test_a_viewer_too_far_behind_is_reset() -> None:
    viewer = Viewer(EVERYTHING)
    for seq in range(1, viewers.BUFFER + 2):
        viewer.offer(word(f"t{seq}", seq), Place(1, seq))
    last = f"1:{viewers.BUFFER + 1}"
    assert await taken(viewer) == f"id: {last}\nevent: reset\ndata: {{}}\n\n"


async def test_a_client_is_offered_only_what_is_of_the_own_account() -> None:
    viewer = Viewer("a")
    viewer.offer(word("x", 1, account="b"), Place(1, 1))
    assert not viewer.woken.is_set()
    viewer.offer(word("y", 2, account="a"), Place(1, 2))
    assert ids(await taken(viewer)) == ["1:2"]


async def test_the_stream_ends_when_it_is_over() -> None:
    viewer = Viewer(EVERYTHING)
    viewer.end()
    assert [text async for text in viewer.messages()] == []


def test_an_unreadable_id_is_of_no_generation() -> None:
    assert Place.parse("3:14") == Place(3, 14)
    for text in ("", "3", "3:", "x:1", "3:-1", "1" * 50 + ":1", "\u0663:1"):
        assert Place.parse(text).generation == -1
