"""Messages that take files along."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.infrastructure.cast import until
from tests.integration.intake.attachments_world import PNG, TEXT, Desk, a_folder, desk, intake_settings

__all__ = ["desk", "intake_settings"]


@pytest.fixture
def place(tmp_path: Any) -> str:
    return a_folder(tmp_path)


async def events_with_files(desk: Desk, ticket: UUID) -> dict[str, list[str]]:
    rows = await desk.database.fetch("select type, envelope from log where entity = $1 order by version", ticket)
    told = {row["type"].split(".")[1]: json.loads(row["envelope"])["data"].get("attachments") for row in rows}
    return {name: [one["name"] for one in files] for name, files in told.items() if files}


async def test_every_kind_of_message_takes_its_files_along(desk: Desk) -> None:
    world = desk.world
    ticket = await desk.ticket_with(await desk.uploaded(PNG, "screen.png"), await desk.uploaded(TEXT, "mail.txt"))
    reply = await desk.uploaded(TEXT, "more.txt")
    assert (
        await world.act(ticket, "replies", world.client(), text="x", attachment_ids=[str(reply)])
    ).status_code == 200
    ann = world.staff(world.ann)
    assert (await desk.noted(ticket, await desk.uploaded(TEXT, "note.txt", headers=ann))).status_code == 200
    block = (await world.act(ticket, "block", world.staff(world.ann))).json()["block"]
    answer = str(await desk.uploaded(TEXT, "answer.txt", headers=world.staff(world.ann)))
    sent = {"text": "Done", "token": block["token"], "attachment_ids": [answer]}
    assert (await world.act(ticket, "replies", world.staff(world.ann), **sent)).status_code == 200
    assert await events_with_files(desk, ticket) == {
        "opened": ["screen.png", "mail.txt"],
        "replied": ["more.txt"],
        "noted": ["note.txt"],
        "answered": ["answer.txt"],
    }
    assert set((await desk.rows()).values()) == {"claimed"}


async def test_the_event_tells_type_and_size_as_they_were_found(desk: Desk) -> None:
    file = await desk.uploaded(PNG, "screen.txt")
    ticket = await desk.ticket_with(file)
    envelope = json.loads(await desk.database.fetchval("select envelope from log where entity = $1", ticket))
    assert envelope["data"]["attachments"] == [
        {"id": str(file), "name": "screen.txt", "content_type": "image/png", "size": len(PNG)}
    ]


def refused_at(response: httpx.Response) -> str:
    assert response.status_code == 422, response.text
    return str(response.json()["errors"][0]["pointer"])


async def test_a_file_is_claimed_once(desk: Desk) -> None:
    file = await desk.uploaded()
    answers = await asyncio.gather(*(desk.submitted(file) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 5
    assert await desk.database.fetchval("select count(*) from log") == 1


async def test_only_one_s_own_uploads_can_be_claimed(desk: Desk) -> None:
    world = desk.world
    theirs = await desk.uploaded(headers=world.client(world.stranger, account=uuid4()))
    as_client = await desk.uploaded(headers=world.client(acting=str(world.ann)))
    mine = await desk.uploaded()
    for other in (theirs, as_client, uuid4()):
        assert refused_at(await desk.submitted(mine, other)) == "/attachment_ids/1"
    assert refused_at(await desk.submitted(mine, mine)) == "/attachment_ids"
    assert await desk.database.fetchval("select count(*) from log") == 0
    assert (await desk.rows())[mine] == "ready"


async def test_who_acts_as_a_client_claims_what_they_uploaded_as_such(desk: Desk) -> None:
    def acting() -> dict[str, str]:
        return desk.world.client(acting=str(desk.world.ann))

    file = await desk.uploaded(headers=acting())
    assert (await desk.submitted(file, headers=acting())).status_code == 201


@pytest.mark.parametrize(
    "intake_settings", [{"attachments_per_message": 2, "attachments_message_max_bytes": 3000}], indirect=True
)
async def test_number_and_size_of_a_message_s_files_are_limited(desk: Desk) -> None:
    files = [await desk.uploaded(TEXT) for _ in range(3)]
    assert refused_at(await desk.submitted(*files)) == "/attachment_ids"
    large = await desk.uploaded(TEXT * 2)
    assert refused_at(await desk.submitted(files[0], large)) == "/attachment_ids"
    assert (await desk.submitted(*files[:2])).status_code == 201


async def test_a_retry_answers_the_same_though_the_files_are_claimed_by_now(desk: Desk) -> None:
    headers, file = desk.world.client(), await desk.uploaded()
    answers = await asyncio.gather(*(desk.submitted(file, headers=headers) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await desk.database.fetchval("select count(*) from log") == 1


async def test_a_refused_message_claims_nothing(desk: Desk) -> None:
    world, ann = desk.world, desk.world.staff(desk.world.ann)
    ticket = await world.submit()
    file = await desk.uploaded(headers=ann)
    lost = {"text": "x", "token": 7, "attachment_ids": [str(file)]}
    assert (await world.act(ticket, "replies", world.staff(world.ann), **lost)).status_code == 409
    assert (await desk.rows())[file] == "ready"
    assert (await desk.noted(ticket, file)).status_code == 200


async def test_many_messages_with_files_at_once_do_not_wait_for_each_other_for_ever(desk: Desk) -> None:
    """More than there are database connections, each of which a transaction holds."""
    files = [await desk.uploaded(name=f"{n}.txt") for n in range(30)]
    answers = await asyncio.gather(*(desk.submitted(file) for file in files))
    assert {answer.status_code for answer in answers} == {201}


async def test_messages_on_one_ticket_each_get_their_files(desk: Desk) -> None:
    world, ticket = desk.world, await desk.world.submit()
    files = [await desk.uploaded(name=f"{n}.txt") for n in range(8)]
    answers = await asyncio.gather(
        *(world.act(ticket, "replies", world.client(), text="x", attachment_ids=[str(one)]) for one in files)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert set((await desk.rows()).values()) == {"claimed"}


async def test_a_deletion_that_comes_at_the_same_time_leaves_no_file(desk: Desk) -> None:
    world = desk.world
    for _ in range(8):
        ticket, file = await world.submit(), await desk.uploaded()
        reply = world.act(ticket, "replies", world.client(), text="x", attachment_ids=[str(file)])
        delete = world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
        replied, deleted = await asyncio.gather(reply, delete)
        assert deleted.status_code == 204
        assert replied.status_code in {200, 404}
    await desk.time_is_up()
    await until(desk.is_empty)
