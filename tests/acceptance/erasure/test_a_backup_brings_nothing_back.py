"""Tickets that were deleted after a backup was made are deleted again when it is restored, before anybody sees them."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local.programs import postgres_program
from deploy.purge.__main__ import environment
from services.intake.deletions.again import Deletion
from tests.acceptance.erasure.running import carry_out, running_on
from tests.acceptance.erasure.traces import Words
from tests.acceptance.erasure.written import delete, read_everywhere, write
from tests.infrastructure.local_runner import database_of, runner
from tests.infrastructure.provider import founded

INTAKE = "helpdesk_intake"
CLIENT = {"email": "jane@acme.example", "password": "correct horse battery"}


@pytest.mark.timeout(600)
async def test_a_restore_of_intake_s_database(folder: Path) -> None:
    data, backup, words = folder / "var", folder / "backup", Words("gone")
    async with running_on(data) as product:
        provider = await founded(product.product)
        kept, gone = await write(provider, Words("kept"), long=False), await write(provider, words, long=False)
        await _postgres(data, "pg_dump", "-Fc", "-f", str(backup), INTAKE)
        unknown = await write(provider, Words("unknown"), long=False)
        for ticket in (gone, unknown):
            await read_everywhere(provider, ticket)
            await delete(provider.admin, ticket)
        await product.erased(2)

    async with _servers(data) as settings:
        await _postgres(data, "pg_restore", "--clean", "--if-exists", "-d", INTAKE, str(backup))
        async with database_of(data, "intake") as database:
            assert await database.fetchval(
                "select count(*) from log where envelope::text like $1", f"%{words.beginning}%"
            )
        known = await _said(settings, "services.query", "tombstones")
        assert {json.loads(line)["id"] for line in known} == {gone.id, unknown.id}
        told = await _said(settings, "services.intake", "deletions", "told")
        assert [Deletion.model_validate_json(line) for line in told] == [Deletion.model_validate_json(k) for k in known]
        assert await _said(settings, "services.intake", "deletions", "logged") == []
        file = folder / "deleted.jsonl"
        file.write_text("\n".join([*known, *known]))
        again = ("services.intake", "deletions", "again", str(file))
        assert await _said(settings, *again) == ["1 tickets deleted again"]
        assert await _said(settings, *again) == ["0 tickets deleted again"]

    async with running_on(data) as product:
        await product.erased(1)
        admin, client = await product.product.administrator(), await product.product.sign_in(**CLIENT)
        assert await product.asked("intake", "select count(*) from epochs") == 2
        assert (await admin.get(f"/api/query/tickets/{gone.id}")).status_code == httpx.codes.GONE
        assert (await client.get(f"/api/query/tickets/{kept.id}")).status_code == httpx.codes.OK
        await product.purge()
        assert words.traces(data) == {}


@asynccontextmanager
async def _servers(data: Path) -> AsyncIterator[dict[str, str]]:
    """PostgreSQL and NATS alone; the settings that services need."""
    async with runner(data, "--servers-only") as servers:
        yield await servers.exports()


async def _postgres(data: Path, program: str, *arguments: str) -> None:
    await carry_out(str(postgres_program(program)), *arguments, environment=environment(data / "postgres"))


async def _said(settings: dict[str, str], module: str, *arguments: str) -> list[str]:
    return (await carry_out(sys.executable, "-m", module, *arguments, environment=settings)).splitlines()
