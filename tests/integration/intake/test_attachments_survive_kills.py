"""A process that takes files in or removes them may be killed between any two of its steps."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.events import log
from libs.events.log import Log
from libs.service.database import service_database
from services.intake.app import MIGRATIONS
from services.intake.attachments import store
from services.intake.attachments.domain import State, Upload
from services.intake.attachments.files import Files, open_files
from services.intake.attachments.remover import Remover
from services.intake.settings import Settings
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.servers import PostgresServer
from tests.integration.intake.dying_child import SIZE, Errand, killed

FILE = uuid4()


@dataclass
class Place:
    """Intake's database and its folder of files, with nobody at work on them."""

    pool: asyncpg.Pool
    dsn: str
    url: str
    files: Files

    async def killed(self, what: str, step: str, when: str) -> bool:
        return await killed(Errand(self.dsn, self.url, what, step, when))

    async def rows(self) -> dict[UUID, str]:
        return {row["id"]: row["state"] for row in await self.pool.fetch("select id, state from attachments")}

    async def stored(self) -> set[UUID | None]:
        return {one.id for one in await self.files.listed()}

    async def is_cleared(self) -> bool:
        """Whether nothing is left once all that waits to be removed is due."""
        await self.pool.execute("update attachments set remove_at = now(), retry_at = null where state <> 'claimed'")
        await Remover(Log("intake", self.pool), self.files).remove_due()
        return not await self.rows() and not await self.stored()


@pytest.fixture
async def place(
    service_databases: ServiceDatabases,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Place]:
    await service_databases("intake")
    dsn, url = postgres_server.dsn("helpdesk_intake"), f"file://{tmp_path / 'attachments'}"
    monkeypatch.setenv("HELPDESK_POSTGRES_DSN", postgres_server.dsn())
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", "the key that services share")
    async with service_database("intake", Settings(), log.MIGRATIONS, MIGRATIONS) as pool:
        yield Place(pool, dsn, url, open_files(url))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["update attachments a", "LocalFiles.remove", "delete from attachments"])
async def test_a_remover_killed_at_any_step_leaves_nothing_undone(place: Place, step: str, when: str) -> None:
    upload = Upload(FILE, "user:x", State.RECEIVING, "a.txt", "text/plain", SIZE)
    await store.begin(place.pool, upload, None, seconds=3600, quota=SIZE)
    async with place.files.writing(FILE) as write:
        await write(b"x")
    assert await place.killed("remove", step, when)
    assert await place.stored() <= set(await place.rows()), "a file is never without its row"
    assert await place.is_cleared()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["insert into attachments", "write", "set state = 'ready'", "insert into idempotency"])
async def test_an_upload_killed_at_any_step_is_whole_or_goes(place: Place, step: str, when: str) -> None:
    assert await place.killed("upload", step, when)
    rows = await place.rows()
    assert await place.stored() <= set(rows), "a file is never without its row"
    for file, state in rows.items():
        assert state == "receiving" or await place.files.size(file) == SIZE
    assert await place.is_cleared()
