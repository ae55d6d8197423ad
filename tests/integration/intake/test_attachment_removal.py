"""Files that have to go: those of deleted tickets, and uploads that nobody claimed; whatever dies meanwhile."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from libs.service.metrics import REGISTRY
from services.intake.attachments import store
from services.intake.attachments.domain import State, Upload
from services.intake.attachments.files import LocalFiles, path_of
from tests.infrastructure.cast import until
from tests.integration.intake.attachments_world import PNG, TEXT, Desk, desk, intake_settings, place

__all__ = ["desk", "intake_settings", "place"]
FOLDER = pytest.mark.parametrize("place", ["folder"], indirect=True)


def counted(name: str) -> float:
    registry: CollectorRegistry = REGISTRY
    return registry.get_sample_value(f"helpdesk_{name}", {"service": "intake"}) or 0


async def delete(desk: Desk, ticket: UUID) -> None:
    world = desk.world
    response = await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
    assert response.status_code == 204


async def test_a_deleted_ticket_s_files_are_gone_for_good(desk: Desk) -> None:
    world, ann = desk.world, desk.world.staff(desk.world.ann)
    files = [await desk.uploaded(PNG, "secret name.png"), await desk.uploaded()]
    ticket = await desk.ticket_with(*files)
    await desk.noted(ticket, await desk.uploaded(headers=ann))
    other = await desk.uploaded()
    kept = await desk.ticket_with(other)
    removed = counted("attachments_removed_total")
    await delete(desk, ticket)
    assert (await desk.get(ticket, files[0], world.staff(world.ann))).status_code == 404
    await until(_only, desk, other)
    assert (await desk.get(kept, other, world.client())).content == TEXT
    assert counted("attachments_removed_total") - removed == 3
    assert await desk.database.fetchval("select count(*) from log where envelope::text like '%secret name%'") == 0


async def _only(desk: Desk, file: UUID) -> bool:
    return await desk.stored() == {file} and set(await desk.rows()) == {file}


async def test_the_name_is_gone_with_the_deletion_itself(desk: Desk) -> None:
    ticket = await desk.ticket_with(await desk.uploaded(PNG, "secret name.png"))
    async with desk.database.acquire() as connection, connection.transaction():
        assert await store.release(connection, ticket) == 1
        assert await connection.fetchval("select count(*) from attachments where name <> ''") == 0


@pytest.mark.parametrize("intake_settings", [{"attachments_unclaimed_seconds": 0.5}], indirect=True)
async def test_an_upload_that_nobody_claims_goes_by_itself(desk: Desk) -> None:
    file = await desk.uploaded()
    await until(desk.is_empty)
    refused = await desk.submitted(file)
    assert refused.status_code == 422


async def test_what_a_message_holds_stays(desk: Desk) -> None:
    file = await desk.uploaded()
    ticket = await desk.ticket_with(file)
    await desk.time_is_up()
    assert await desk.remover().remove_due() == 0
    assert (await desk.get(ticket, file, desk.world.client())).status_code == 200


async def unwilling(*_: object) -> None:
    raise OSError("read-only file system")


@FOLDER
async def test_a_file_that_cannot_be_removed_is_tried_again_and_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await desk.ticket_with(await desk.uploaded(), await desk.uploaded())
    monkeypatch.setattr(LocalFiles, "remove", unwilling)
    failed = counted("attachment_removals_failed_total")
    await delete(desk, ticket)
    await until(_has_failed, failed + 2)
    await until(_is_told, 2)
    assert await desk.remover().remove_due() == 0, "not again at once"
    monkeypatch.undo()
    await desk.time_is_up()
    await until(desk.is_empty)
    await until(_is_told, 0)


async def _has_failed(times: float) -> bool:
    return counted("attachment_removals_failed_total") >= times


async def _is_told(files: int) -> bool:
    return counted("attachments_to_remove") == files


async def test_two_removers_remove_each_file_once(desk: Desk) -> None:
    files = [await desk.uploaded(name=f"{n}.txt") for n in range(12)]
    removed = counted("attachments_removed_total")
    await desk.database.execute("update attachments set remove_at = now() where remove_at is not null")
    await asyncio.gather(*(desk.remover().remove_due() for _ in range(3)))
    await until(desk.is_empty)
    assert counted("attachments_removed_total") - removed == len(files)


@FOLDER
async def test_what_a_killed_process_had_begun_to_write_goes_as_well(desk: Desk, tmp_path: Path) -> None:
    file = uuid4()
    async with desk.files.writing(file) as write:
        await write(TEXT)
    upload = Upload(file, "user:x", State.RECEIVING, "a.txt", "text/plain", len(TEXT))
    await store.begin(desk.database, upload, None, seconds=3600, quota=1 << 30)
    draft = tmp_path / "attachments" / f"{path_of(file)}#1"
    draft.write_bytes(b"half")
    await desk.time_is_up()
    await until(desk.is_empty)
    assert not draft.exists()
