"""Cutting what comes in into lines, and answering it meanwhile."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.api.ndjson import Conversation, Line, Splitter


def split(*chunks: bytes, longest: int = 100) -> list[Line]:
    splitter = Splitter(longest)
    return [*(line for chunk in chunks for line in splitter.feed(chunk)), *splitter.end()]


def test_lines_are_numbered_and_empty_ones_only_count() -> None:
    assert split(b'{"a":1}\n\n \r\n{"b":2}\r\n{"c":3}') == [
        Line(1, b'{"a":1}'),
        Line(4, b'{"b":2}'),
        Line(5, b'{"c":3}'),
    ]


def test_a_line_that_is_too_long_is_passed_over_and_not_kept() -> None:
    assert split(b"x" * 6, b"x" * 6, b"x\nshort\n", longest=10) == [Line(1, None), Line(2, b"short")]
    assert split(b"x" * 10, longest=10) == [Line(1, b"x" * 10)]


@given(st.binary(max_size=60), st.lists(st.integers(0, 60)))
def test_it_does_not_matter_how_the_bytes_come_in(body: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut <= len(body)), len(body)]
    chunks = [body[begin:end] for begin, end in pairwise(places)]
    assert split(*chunks) == split(body)


# --- conversations ---------------------------------------------------------------------------
async def echo(lines: Sequence[Line]) -> bytes:
    return b"".join(b"%d\n" % line.number for line in lines)


class Client:
    """The other side of the connection."""

    def __init__(self) -> None:
        self.sends: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.got: asyncio.Queue[bytes] = asyncio.Queue()
        self.is_ended = False

    def say(self, body: bytes, *, more: bool = True) -> None:
        self.sends.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        self.sends.put_nowait({"type": "http.disconnect"})

    async def receive(self) -> dict[str, Any]:
        return await self.sends.get()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            await self.got.put(message["body"])
            self.is_ended = not message["more_body"]

    @property
    def all_got(self) -> bytes:
        return b"".join(self.got.get_nowait() for _ in range(self.got.qsize()))


@pytest.fixture
async def client() -> Client:
    return Client()


async def talk(client: Client) -> None:
    await Conversation(echo, lambda: b"end\n")({}, client.receive, client.send)


async def test_a_line_is_answered_before_the_next_is_said(client: Client) -> None:
    talking = asyncio.create_task(talk(client))
    client.say(b"a\nb")
    assert await client.got.get() == b"1\n"
    client.say(b"b\n")
    assert await client.got.get() == b"2\n"
    client.say(b"last", more=False)
    await talking
    assert client.all_got == b"3\nend\n"
    assert client.is_ended


async def test_a_client_that_sends_all_before_it_reads_is_not_kept_waiting() -> None:
    class Deaf(Client):
        """Reads nothing until it has sent all."""

        said_all = asyncio.Event()

        async def receive(self) -> dict[str, Any]:
            message = await super().receive()
            if not message["more_body"]:
                self.said_all.set()
            return message

        async def send(self, message: Any) -> None:
            if message["type"] == "http.response.body":
                await self.said_all.wait()
            await super().send(message)

    deaf = Deaf()
    for number in range(100):
        deaf.say(b"a\n" * 250, more=number < 99)
    await asyncio.wait_for(talk(deaf), 30)
    assert deaf.all_got.count(b"\n") == 100 * 250 + 1


async def test_of_a_request_that_is_cut_no_half_line_is_done_and_no_end_is_told(client: Client) -> None:
    client.say(b"a\nhal")
    client.leave()
    await talk(client)
    assert client.all_got == b"1\n"


async def test_what_fails_ends_the_answer_before_its_end(client: Client) -> None:
    async def fail(_: Sequence[Line]) -> bytes:
        raise OSError

    client.say(b"a\n")
    with pytest.raises(ExceptionGroup):
        await Conversation(fail, lambda: b"end\n")({}, client.receive, client.send)
    assert client.all_got == b""
    assert not client.is_ended
