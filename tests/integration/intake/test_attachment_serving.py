"""Reading files: who may, which part, and how it is kept from doing harm."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from libs.service.rights import Role
from tests.infrastructure.cast import until
from tests.integration.intake.attachments_world import PNG, TEXT, Desk, desk, intake_settings, path, place

__all__ = ["desk", "intake_settings", "place"]

SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
}


async def test_a_file_comes_as_it_was_sent_and_harmless(desk: Desk) -> None:
    file = await desk.uploaded(TEXT, 'Grüße "1".txt')
    ticket = await desk.ticket_with(file)
    got = await desk.get(ticket, file, desk.world.client())
    assert (got.status_code, got.content) == (200, TEXT)
    assert got.headers["etag"] == f'"{hashlib.sha256(TEXT).hexdigest()}"'
    assert got.headers["content-type"] == "text/plain"
    assert got.headers["content-length"] == str(len(TEXT))
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Gr__e _1_.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.txt"
    )
    assert SAFE.items() <= dict(got.headers).items()


async def test_only_images_that_are_safe_to_show_come_inline(desk: Desk) -> None:
    file = await desk.uploaded(PNG, "screen.png")
    got = await desk.get(await desk.ticket_with(file), file, desk.world.client())
    assert got.headers["content-disposition"].startswith("inline;")
    assert got.headers["content-type"] == "image/png"


@pytest.mark.parametrize("intake_settings", [{"attachments_refused_types": ""}], indirect=True)
async def test_what_a_browser_could_run_goes_out_as_mere_bytes_even_if_it_is_allowed(desk: Desk) -> None:
    file = await desk.uploaded(b"<!DOCTYPE html><html></html>", "page.txt")
    got = await desk.get(await desk.ticket_with(file), file, desk.world.client())
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment;")


async def test_a_large_file_is_read_in_pieces_and_any_part_can_be_had(desk: Desk) -> None:
    content = bytes(range(251)) * 10_000  # 2.5 MB
    file = await desk.uploaded(content, "dump.bin")
    ticket = await desk.ticket_with(file)
    assert (await desk.get(ticket, file, desk.world.client())).content == content
    for asked, expected in {
        "bytes=0-0": content[:1],
        "bytes=1000000-2400000": content[1_000_000:2_400_001],
        "bytes=2509999-": content[-1:],
        "bytes=-5": content[-5:],
        "bytes=-99999999": content,
        "bytes=100-99999999": content[100:],
    }.items():
        got = await desk.get(ticket, file, desk.world.client(), Range=asked)
        assert (got.status_code, got.content) == (206, expected), asked
    assert got.headers["content-range"] == f"bytes 100-2509999/{len(content)}"


async def test_a_part_that_is_not_there_or_no_part_at_all(desk: Desk) -> None:
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    beyond = await desk.get(ticket, file, desk.world.client(), Range=f"bytes={len(TEXT)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(TEXT)}")
    for odd in ("bytes=5-2", "lines=1-2", "bytes=0-1,3-4", "bytes=-", "bytes=x"):
        assert (await desk.get(ticket, file, desk.world.client(), Range=odd)).status_code == 200
    outdated = await desk.get(ticket, file, desk.world.client(), Range="bytes=0-1", **{"If-Range": '"old"'})
    assert (outdated.status_code, outdated.content) == (200, TEXT)


async def test_what_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    etag = (await desk.get(ticket, file, desk.world.client())).headers["etag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = await desk.get(ticket, file, desk.world.client(), **{"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert (await desk.get(ticket, file, desk.world.client(), **{"If-None-Match": '"x"'})).status_code == 200


async def test_a_file_is_there_only_for_those_who_may_read_its_message(desk: Desk) -> None:
    world = desk.world
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    stranger = world.client(world.stranger, account=uuid4())
    may = [world.client(), world.client(uuid4()), world.staff(world.ann), world.system("log:read")]
    assert [(await desk.get(ticket, file, who)).status_code for who in may] == [200] * 4
    assert (await desk.get(ticket, file, stranger)).status_code == 404
    refused = await desk.get(ticket, file, world.system("tickets:submit"))
    assert (refused.status_code, refused.json()["scope"]) == (403, "log:read")
    assert (await desk.get(await world.submit(), file, world.client())).status_code == 404
    assert (await desk.get(ticket, uuid4(), world.client())).status_code == 404
    assert (await desk.get(ticket, file, {})).status_code == 401


async def test_the_files_of_notes_are_not_there_for_clients(desk: Desk) -> None:
    world, ticket = desk.world, await desk.world.submit()
    file = await desk.uploaded(headers=world.staff(world.ann))
    assert (await desk.noted(ticket, file)).status_code == 200
    assert (await desk.get(ticket, file, world.staff(world.ann))).status_code == 200
    assert (await desk.get(ticket, file, world.client())).status_code == 404
    assert (await desk.get(ticket, file, world.client(acting=str(world.ann)))).status_code == 404


async def test_an_upload_that_no_message_holds_is_not_to_be_read(desk: Desk) -> None:
    file = await desk.uploaded()
    assert (await desk.get(await desk.world.submit(), file, desk.world.client())).status_code == 404


async def test_an_administrator_of_another_department_does_not_find_it(desk: Desk) -> None:
    world = desk.world
    agent = await world.hire(Role.AGENT)
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    assert (await desk.get(ticket, file, world.staff(agent))).status_code == 200
    await world.place(ticket, world.department)
    assert (await desk.get(ticket, file, world.staff(agent))).status_code == 404


async def test_a_link_opens_this_file_without_a_token(desk: Desk) -> None:
    world = desk.world
    file, other = await desk.uploaded(), await desk.uploaded(PNG, "b.png")
    ticket = await desk.ticket_with(file, other)
    link = await world.http.post(f"{path(ticket, file)}/link", headers=world.client())
    assert link.status_code == 200, link.text
    assert link.headers["cache-control"] == "no-store"
    told = link.json()
    now = datetime.fromisoformat(told["expires_at"]).tzinfo
    assert datetime.fromisoformat(told["expires_at"]) > datetime.now(now) + timedelta(seconds=60)
    assert (await world.http.get(told["url"])).content == TEXT
    assert (await world.http.get(told["url"], headers={"Range": "bytes=0-3"})).content == TEXT[:4]
    token = told["url"].partition("?")[2]
    assert (await world.http.get(f"{path(ticket, other)}?{token}")).status_code == 401
    assert (await world.http.get(told["url"][:-2])).status_code == 401
    bearer = {"Authorization": f"Bearer {token.removeprefix('link=')}"}
    assert (await world.http.get(path(ticket, file), headers=bearer)).status_code == 401


@pytest.mark.parametrize("intake_settings", [{"attachments_link_seconds": 0.2}], indirect=True)
@pytest.mark.parametrize("place", ["folder"], indirect=True)
async def test_a_link_ends(desk: Desk) -> None:
    file = await desk.uploaded()
    link = await desk.world.http.post(f"{path(await desk.ticket_with(file), file)}/link", headers=desk.world.client())
    url = link.json()["url"]

    async def is_over() -> bool:
        return (await desk.world.http.get(url)).status_code == 401

    await until(is_over)


async def test_a_link_reads_with_the_rights_its_maker_has_then(desk: Desk) -> None:
    world = desk.world
    agent = await world.hire(Role.AGENT)
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    link = (await world.http.post(f"{path(ticket, file)}/link", headers=world.staff(agent))).json()["url"]
    assert (await world.http.get(link)).status_code == 200
    await world.place(ticket, world.department)
    assert (await world.http.get(link)).status_code == 404


async def test_nobody_gets_a_link_to_what_they_may_not_read(desk: Desk) -> None:
    world, ticket = desk.world, await desk.world.submit()
    file = await desk.uploaded(headers=world.staff(world.ann))
    await desk.noted(ticket, file)
    assert (await world.http.post(f"{path(ticket, file)}/link", headers=world.client())).status_code == 404
    assert (await world.http.post(f"{path(ticket, file)}/link", headers=world.system("log:read"))).status_code == 403


async def test_a_file_that_the_store_has_lost_is_told_as_such(desk: Desk) -> None:
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    await desk.files.remove(file)
    lost = await desk.get(ticket, file, desk.world.client())
    assert (lost.status_code, lost.json()["type"]) == (503, "urn:helpdesk:problem:attachment-storage")


async def test_many_read_at_once(desk: Desk) -> None:
    content = bytes(range(256)) * 8_000
    file = await desk.uploaded(content, "dump.bin")
    ticket = await desk.ticket_with(file)
    got = await asyncio.gather(*(desk.get(ticket, file, desk.world.client()) for _ in range(8)))
    assert all(one.content == content for one in got)
