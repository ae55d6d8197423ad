"""A viewer's buffer: bounded, the last word on each ticket, ids that only grow, no more messages than its pace allows."""

import asyncio
from uuid import UUID, uuid4

from services.query.domain.changes import Place, Seen, Word, event
from services.query.live import viewer as viewers
from services.query.live.standing import Standing
from services.query.live.viewer import Viewer
from services.query.live.wish import Wish

VIEW = uuid4()


class Counted:
    size: int | None = 3


def word(seq: int, at: int = 7) -> Word:
    return Word(Place(1, seq), at, event("ticket", f"{seq}"))


def watching(**given: object) -> Viewer:
    viewer = Viewer(Wish(administrator=UUID(int=1)), Standing(Place(1, 99), 7, is_whole=True))
    for name, value in given.items():
        setattr(viewer, name, value)
    return viewer


async def taken(viewer: Viewer) -> str:
    return (await anext(viewer.messages())).decode()


def ids(text: str) -> list[str]:
    return [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]


async def test_a_later_word_on_a_ticket_replaces_the_former() -> None:
    viewer = watching()
    for key, seq in (("x", 1), ("y", 2), ("x", 3)):
        viewer.offer(key, word(seq))
    assert ids(await taken(viewer)) == ["1:2", "1:3"]


async def test_what_was_missed_goes_before_what_came_since() -> None:
    viewer = watching()
    viewer.offer("x", word(9))
    viewer.recall({"x": word(4), "y": word(5)})
    assert ids(await taken(viewer)) == ["1:5", "1:9"]


async def test_a_viewer_too_far_behind_is_reset() -> None:
    viewer = watching()
    for seq in range(1, viewers.BUFFER + 2):
        viewer.offer(f"t{seq}", word(seq))
    assert await taken(viewer) == "id: 1:99\nevent: reset\ndata: {}\n\n"


async def test_a_viewer_who_takes_nothing_holds_no_more_than_the_buffer_however_much_comes() -> None:
    viewer = watching()
    for seq in range(20 * viewers.BUFFER):
        viewer.offer(f"t{seq}", word(seq))
        assert len(viewer.pending) <= viewers.BUFFER


async def test_ids_of_a_list_say_which_one_and_up_to_which_instant() -> None:
    viewer = watching(list_name="0123abcd")
    viewer.offer("x", word(4, at=1_700_000_000_000_000))
    (said,) = ids(await taken(viewer))
    assert Seen.parse(said) == Seen(Place(1, 4), 1_700_000_000_000_000, "0123abcd")


async def test_the_stream_ends_when_it_is_over() -> None:
    viewer = watching()
    viewer.end()
    assert [text async for text in viewer.messages()] == []


async def test_what_comes_within_a_pause_goes_together() -> None:
    viewer = watching(pause=0.05)
    stream, loop = viewer.messages(), asyncio.get_running_loop()
    viewer.offer("x", word(1))
    assert ids((await anext(stream)).decode()) == ["1:1"]
    began = loop.time()
    next_one = asyncio.ensure_future(anext(stream))
    for seq in (2, 3):
        await asyncio.sleep(0)
        viewer.offer(f"t{seq}", word(seq))
    assert ids((await next_one).decode()) == ["1:2", "1:3"]
    assert loop.time() - began > 0.04


async def test_counts_are_told_once_at_first_and_then_only_when_they_are_others() -> None:
    counted = Counted()
    viewer = watching(counted={VIEW: counted})
    viewer.count()
    assert f'event: counts\ndata: {{"{VIEW}":3}}' in await taken(viewer)
    viewer._counts_at = 0.0  # a second later
    viewer.count()
    assert viewer._counts(float("inf")) == b""
    counted.size = 4
    viewer.count()
    assert f'"{VIEW}":4'.encode() in viewer._counts(float("inf"))
    counted.size = None  # not known for now
    viewer.count()
    assert viewer._counts(float("inf")) == b""


async def test_counts_are_told_at_most_once_a_second() -> None:
    counted = Counted()
    viewer = watching(counted={VIEW: counted})
    viewer.count()
    now = asyncio.get_running_loop().time()
    assert viewer._counts(now)
    counted.size = 5
    viewer.count()
    assert viewer._counts(now + viewers.COUNTS_SECONDS / 2) == b""
    assert viewer._counts(now + viewers.COUNTS_SECONDS) != b""


def test_an_unreadable_id_is_of_no_generation() -> None:
    assert Seen.parse("3:14") == Seen(Place(3, 14))
    for text in ("", "3", "3:", "x:1", "3:-1", "1" * 50 + ":1", "\u0663:1", "3:1:x:a", "3:1:5:" + "a" * 99):
        assert Seen.parse(text).place.generation == -1
