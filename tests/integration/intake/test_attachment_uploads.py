"""Uploading files over HTTP."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from tests.infrastructure.cast import until
from tests.integration.intake.attachments_world import PNG, TEXT, Desk, desk, intake_settings, place

__all__ = ["desk", "intake_settings", "place"]

SMALL = pytest.mark.parametrize("intake_settings", [{"attachments_max_bytes": 100_000}], indirect=True)


async def in_pieces(content: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def test_an_upload_tells_what_was_stored(desk: Desk) -> None:
    response = await desk.upload(PNG, "ein Bild, groß.png")
    assert response.status_code == 201, response.text
    told = response.json()
    assert told == {
        "id": told["id"],
        "name": "ein Bild, groß.png",
        "size": len(PNG),
        "content_type": "image/png",
        "sha256": hashlib.sha256(PNG).hexdigest(),
    }
    assert await desk.files.read(UUID(told["id"]), 0, len(PNG)) == PNG


async def test_a_file_of_several_parts_without_a_length_arrives_whole(desk: Desk) -> None:
    content = hashlib.sha512(b"x").digest() * 200_000  # 12.8 MB, three parts
    response = await desk.upload(in_pieces(content, 700_001), "dump.bin")
    assert response.status_code == 201, response.text
    assert response.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert await desk.files.size(UUID(response.json()["id"])) == len(content)


async def test_the_declared_type_and_the_name_are_not_trusted(desk: Desk) -> None:
    page = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
    headers = {**desk.world.client(), "Content-Type": "image/png"}
    refused = await desk.upload(page, "harmless.png", headers)
    assert (refused.status_code, refused.json()["content_type"]) == (415, "text/html")
    by_name = await desk.upload(TEXT, "invoice.pdf.JS")
    assert by_name.status_code == 415
    assert await desk.is_empty()


@pytest.mark.parametrize(
    "content",
    [
        b"#!/bin/sh\nrm -rf /\n",
        b"\x7fELF\2\1\1" + b"\0" * 9 + b"\2\0\x3e\0" + b"\0" * 40,
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b"\xcf\xfa\xed\xfe\7\0\0\1" + b"\0" * 24,
    ],
    ids=["shell script", "Linux program", "SVG", "macOS program"],
)
async def test_programs_and_active_content_are_refused_whatever_they_are_called(desk: Desk, content: bytes) -> None:
    assert (await desk.upload(content, "notes.txt")).status_code == 415


async def test_an_empty_file_is_refused(desk: Desk) -> None:
    refused = await desk.upload(b"")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["detail"] == "The file is empty"


async def test_a_file_needs_a_name_and_loses_its_folders(desk: Desk) -> None:
    nameless = {**desk.world.client(), "Content-Disposition": "attachment"}
    refused = await desk.world.http.post("/api/intake/attachments", content=TEXT, headers=nameless)
    assert refused.json()["errors"][0]["pointer"] == "header/Content-Disposition"
    assert (await desk.upload(TEXT, "../../etc/passwd")).json()["name"] == "passwd"


@SMALL
async def test_a_file_that_is_too_large_is_refused_announced_or_not(desk: Desk) -> None:
    announced = await desk.upload(b"x" * 100_001)
    assert announced.status_code == 413
    counted = await desk.upload(in_pieces(b"x" * 200_000))
    assert counted.status_code == 413
    assert (await desk.upload(b"x" * 100_000)).status_code == 201
    await desk.time_is_up()
    await until(desk.is_empty)


@pytest.mark.parametrize("intake_settings", [{"attachments_unclaimed_max_bytes": 300_000}], indirect=True)
async def test_what_nobody_has_claimed_is_limited_per_person(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.upload(b"x" * 100_000, f"{n}.txt") for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 429, 429, 429]
    other = desk.world.client(desk.world.stranger, account=uuid4())
    assert (await desk.upload(TEXT, headers=other)).status_code == 201
    await desk.ticket_with(*(UUID(answer.json()["id"]) for answer in answers if answer.status_code == 201))
    assert (await desk.upload(b"x" * 100_000)).status_code == 201


@pytest.mark.parametrize("intake_settings", [{"attachments_unclaimed_max_bytes": 300_000}], indirect=True)
async def test_many_small_files_count_as_well(desk: Desk) -> None:
    answers = [(await desk.upload(b"x")).status_code for _ in range(6)]
    assert answers == [201] * 4 + [429] * 2


async def test_a_retry_is_the_same_upload_and_leaves_no_second_file(desk: Desk) -> None:
    headers = desk.world.client()
    answers = await asyncio.gather(*(desk.upload(headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    first = UUID(answers[0].json()["id"])
    await until(_only, desk, first)
    await desk.ticket_with(first)
    assert (await desk.upload(headers=headers)).json() == answers[0].json()


async def _only(desk: Desk, file: UUID) -> bool:
    return await desk.stored() == {file} and set(await desk.rows()) == {file}


async def test_a_key_that_stood_for_another_file_is_refused(desk: Desk) -> None:
    headers = desk.world.client()
    await desk.uploaded(headers=headers)
    for other in (await desk.upload(TEXT + b"!", headers=headers), await desk.upload(TEXT, "b.txt", headers=headers)):
        assert other.json()["type"].endswith("idempotency-key-reused")


async def test_a_retry_after_the_file_is_gone_says_so(desk: Desk) -> None:
    headers = desk.world.client()
    await desk.uploaded(headers=headers)
    await desk.time_is_up()
    await until(desk.is_empty)
    assert (await desk.upload(headers=headers)).status_code == 410


async def test_only_those_who_may_write_somewhere_may_upload(desk: Desk) -> None:
    world = desk.world
    assert (await desk.upload(headers=world.system("tickets:submit"))).status_code == 201
    assert (await desk.upload(headers=world.system("log:read"))).status_code == 403
    assert (await desk.upload(headers=world.staff(world.ann))).status_code == 201
    nobody = {"Idempotency-Key": "x"}
    assert (await desk.upload(headers=nobody)).status_code == 401
    without_key = {"Authorization": world.client()["Authorization"]}
    assert (await desk.upload(headers=without_key)).status_code == 422


async def test_an_upload_that_breaks_off_leaves_nothing(desk: Desk) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        raise OSError("the line broke")

    with pytest.raises(OSError, match="the line broke"):
        await desk.upload(broken(), "big.txt")
    await until(desk.is_empty)


@pytest.mark.parametrize("place", ["folder"], indirect=True)
@pytest.mark.parametrize("intake_settings", [{"attachments_url": None}], indirect=True)
async def test_without_a_place_uploads_are_refused_and_tickets_are_not(desk: Desk) -> None:
    assert (await desk.upload()).status_code == 503
    assert (await desk.submitted()).status_code == 201


@pytest.mark.parametrize("place", ["locked bucket"], indirect=True)
async def test_a_store_that_does_not_let_us_in_is_no_fault_of_the_sender_s(desk: Desk) -> None:
    refused = await desk.upload()
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:helpdesk:problem:attachment-storage")


@pytest.mark.parametrize("intake_settings", [{"attachments_upload_seconds": 0.3}], indirect=True)
async def test_an_upload_that_takes_too_long_is_broken_off_and_leaves_nothing(desk: Desk) -> None:
    over = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        await over.wait()

    sending = asyncio.create_task(desk.upload(slow(), "big.txt"))
    await until(desk.is_begun)
    await until(desk.is_empty)
    over.set()
    assert (await sending).status_code == 408
