"""Uploading, claiming and reading files, on a folder and on a real S3-compatible store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from libs.events.log import Log
from services.intake.attachments.files import Files, open_files
from services.intake.attachments.remover import Remover
from tests.infrastructure.s3 import BUCKET, S3Server
from tests.integration.intake.conftest import World

UPLOADS = "/api/intake/attachments"
TEXT = b"2026-01-05 09:00:00 connection refused by mx1\n" * 30
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0" + bytes(range(256))


def a_folder(tmp_path: Path) -> str:
    return f"file://{tmp_path / 'attachments'}"


def a_bucket(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in s3_server.environment().items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid4()}"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A URL with nothing behind it yet."""
    if request.param == "folder":
        return a_folder(tmp_path)
    url = a_bucket(request.getfixturevalue("s3_server"), monkeypatch)
    if request.param == "locked bucket":
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a wrong one")
    return url


@pytest.fixture
def intake_settings(place: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Set by `@pytest.mark.parametrize("intake_settings", [{…}], indirect=True)`."""
    return {"attachments_url": place, **getattr(request, "param", {})}


@dataclass
class Desk:
    """Intake with its files."""

    world: World
    files: Files

    @property
    def database(self) -> asyncpg.Pool:
        return self.world.database

    async def upload(
        self,
        content: bytes | AsyncIterator[bytes] = TEXT,
        name: str = "headers.txt",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        sent = {**(headers or self.world.client()), **named, **more}
        return await self.world.http.post(UPLOADS, content=content, headers=sent)

    async def uploaded(self, content: bytes = TEXT, name: str = "headers.txt", **more: Any) -> UUID:
        response = await self.upload(content, name, **more)
        assert response.status_code == 201, response.text
        return UUID(response.json()["id"])

    async def submitted(self, *files: UUID, headers: dict[str, str] | None = None) -> httpx.Response:
        body = self.world.submission(attachment_ids=[str(one) for one in files])
        return await self.world.http.post("/api/intake/tickets", json=body, headers=headers or self.world.client())

    async def ticket_with(self, *files: UUID) -> UUID:
        response = await self.submitted(*files)
        assert response.status_code == 201, response.text
        return UUID(response.json()["id"])

    async def get(self, ticket: UUID, file: UUID, headers: dict[str, str], **more: str) -> httpx.Response:
        return await self.world.http.get(path(ticket, file), headers={**headers, **more})

    async def noted(self, ticket: UUID, *files: UUID) -> httpx.Response:
        ids = [str(one) for one in files]
        return await self.world.act(ticket, "notes", self.world.staff(self.world.ann), text="Look", attachment_ids=ids)

    async def stored(self) -> set[UUID | None]:
        return {one.id for one in await self.files.listed()}

    async def rows(self) -> dict[UUID, str]:
        rows = await self.database.fetch("select id, state from attachments")
        return {row["id"]: row["state"] for row in rows}

    async def time_is_up(self) -> None:
        """All that waits to be removed is due, as the database's clock cannot be moved."""
        await self.database.execute(
            "update attachments set remove_at = now() - interval '1 second', retry_at = null"
            " where remove_at is not null"
        )

    def remover(self, files: Files | None = None) -> Remover:
        """Another replica's."""
        return Remover(Log("intake", self.database), files or self.files)

    async def is_begun(self) -> bool:
        return bool(await self.rows())

    async def is_empty(self) -> bool:
        return not await self.rows() and not await self.stored()


def path(ticket: UUID, file: UUID) -> str:
    return f"/api/intake/tickets/{ticket}/attachments/{file}"


@pytest.fixture
async def desk(world: World, place: str) -> Desk:
    return Desk(world, open_files(place))
