"""A file on its way in, and what it is by its content."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.service.problems import TooLarge
from services.intake.attachments.domain import OPAQUE
from services.intake.attachments.files import NoFiles, id_of, path_of
from services.intake.attachments.incoming import Incoming
from services.intake.attachments.sniffing import content_type_of


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@given(st.lists(st.binary(max_size=20), max_size=10), st.integers(0, 50))
async def test_however_it_is_cut_the_whole_passes_counted_and_hashed(pieces: list[bytes], head: int) -> None:
    content = b"".join(pieces)
    incoming = Incoming(chunks(*pieces), 1000)
    assert await incoming.head(head) == content[:head]
    assert b"".join([piece async for piece in incoming]) == content
    assert (incoming.size, incoming.sha256) == (len(content), hashlib.sha256(content).digest())


async def test_a_body_past_the_limit_is_broken_off() -> None:
    incoming = Incoming(chunks(b"12345", b"6"), 5)
    with pytest.raises(TooLarge):
        await incoming.drain()
    with pytest.raises(TooLarge):
        await Incoming(chunks(b"123456"), 5).head(1)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0", "image/png"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "application/pdf"),
        ("Gr\u00fc\u00dfe\n".encode(), "text/plain"),
        (b"From: a@x.example\r\nTo: b@x.example\r\nSubject: x\r\n\r\nhi", "message/rfc822"),
        (b"  <script>alert(1)</script>", "text/html"),
        (b"some words first " * 6 + b"<html><script>alert(1)</script>", "text/html"),
        (b'<?xml version="1.0"?>\n<!-- c -->\n<svg xmlns="http://www.w3.org/2000/svg">', "image/svg+xml"),
        (b"\x7fELF\2\1\1" + b"\0" * 9 + b"\2\0\x3e\0" + b"\0" * 40, "application/x-executable"),
        (b"@echo off\r\ndel *\r\n", "text/x-msdos-batch"),
        (b"\1\2\3\4\xff\xfe\0", OPAQUE),
    ],
)
async def test_a_type_is_seen_from_the_content(head: bytes, content_type: str) -> None:
    assert await content_type_of(head) == content_type


@given(st.binary(min_size=1, max_size=2000))
async def test_any_content_has_some_type(head: bytes) -> None:
    assert "/" in await content_type_of(head)


@given(st.uuids())
def test_a_path_names_its_file_and_what_is_no_path_of_ours_none(file: object) -> None:
    path = path_of(file)  # type: ignore[arg-type]  # a UUID
    assert id_of(path) == id_of(f"{path}#1") == file
    assert id_of(f"x/{path}") is None
    assert id_of("lost+found") is None


async def test_without_a_place_nothing_is_taken_or_removed_in_silence() -> None:
    for work in (NoFiles().read, NoFiles().remove, NoFiles().size, NoFiles().listed):
        with pytest.raises(OSError, match="HELPDESK_ATTACHMENTS_URL"):
            await work()
    with pytest.raises(OSError, match="HELPDESK_ATTACHMENTS_URL"):
        NoFiles().writing()
