"""Do rows and files agree? Asked of the command, as after a restore."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.intake.attachments.check import check, remove_orphans
from services.intake.attachments.files import path_of
from tests.integration.intake.attachments_world import PNG, TEXT, Desk, desk, intake_settings, place

__all__ = ["desk", "intake_settings", "place"]


async def an_orphan(desk: Desk) -> UUID:
    """As when the database was restored to an earlier point than the files."""
    file = uuid4()
    async with desk.files.writing(file) as write:
        await write(TEXT)
    return file


async def a_missing_file(desk: Desk) -> UUID:
    """As when the files were restored to an earlier point than the database."""
    file = await desk.uploaded()
    await desk.ticket_with(file)
    await desk.files.remove(file)
    return file


async def another_content(desk: Desk, content: bytes) -> UUID:
    file = await desk.uploaded()
    async with desk.files.writing(file) as write:
        await write(content)
    return file


async def test_all_is_well_when_rows_and_files_agree(desk: Desk) -> None:
    await desk.ticket_with(await desk.uploaded(PNG, "a.png"))
    await desk.uploaded()
    report = await check(desk.database, desk.files, read=True)
    assert (report.is_clean, report.rows, report.files) == (True, 2, 2)


async def test_what_disagrees_is_found(desk: Desk) -> None:
    orphan, missing = await an_orphan(desk), await a_missing_file(desk)
    shorter, changed = await another_content(desk, TEXT[1:]), await another_content(desk, b"X" + TEXT[1:])
    report = await check(desk.database, desk.files)
    assert (report.orphans, report.missing, report.damaged) == ([orphan], [missing], [shorter])
    read = await check(desk.database, desk.files, read=True)
    assert set(read.damaged) == {shorter, changed}


async def test_orphans_are_removed_and_nothing_else(desk: Desk) -> None:
    await an_orphan(desk)
    kept = await desk.uploaded()
    report = await check(desk.database, desk.files)
    assert await remove_orphans(desk.database, desk.files, report) == 1
    assert await desk.stored() == {kept}


@pytest.mark.parametrize("place", ["folder"], indirect=True)
async def test_drafts_of_killed_processes_and_foreign_files_are_seen(desk: Desk, tmp_path: Path) -> None:
    draft, kept = uuid4(), await desk.uploaded()
    (tmp_path / "attachments" / "lost+found").write_bytes(b"x")
    path = tmp_path / "attachments" / f"{path_of(draft)}#1"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half")
    report = await check(desk.database, desk.files)
    assert (report.orphans, report.foreign) == ([draft], ["lost+found"])
    await remove_orphans(desk.database, desk.files, report)
    assert not path.exists()
    assert await desk.stored() == {kept, None}


async def command(desk: Desk, place: str, *arguments: str) -> tuple[int, str]:
    environment = {
        **os.environ,
        "HELPDESK_POSTGRES_DSN": desk.world.accounts.backbone.settings.postgres_dsn.get_secret_value(),
        "HELPDESK_SYSTEM_KEY": "the key that services share",
        "HELPDESK_ATTACHMENTS_URL": place,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.intake", "attachments", "check", *arguments, env=environment, stdout=-1
    )
    out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


async def test_the_command_tells_it_to_people_and_to_scripts(desk: Desk, place: str) -> None:
    assert await command(desk, place) == (0, "0 rows, 0 files\n")
    orphan = await an_orphan(desk)
    assert await command(desk, place) == (1, f"0 rows, 1 files\norphan {path_of(orphan)}\n")
    code, told = await command(desk, place, "--remove-orphans")
    assert (code, told.endswith("1 orphans removed\n")) == (0, True)
    missing = await a_missing_file(desk)
    assert await command(desk, place, "--read") == (1, f"1 rows, 0 files\nmissing {path_of(missing)}\n")
