"""The script that removes erased content from PostgreSQL's files says why when it cannot, and leaves no setting behind."""

import asyncio
import os
from asyncio.subprocess import PIPE, STDOUT

import asyncpg
import pytest

from deploy.purge.__main__ import SCRIPT, environment
from libs.events.log import MIGRATIONS
from libs.service.database import migrate
from tests.infrastructure.databases import connected
from tests.infrastructure.embedded import OwnPostgres

INTAKE = "helpdesk_intake"


@pytest.fixture
async def intake(own_postgres: OwnPostgres) -> OwnPostgres:
    """Intake's database, in which something has been erased."""
    await own_postgres.create_database(INTAKE)
    async with connected(own_postgres.admin_dsn(INTAKE)) as database:
        await migrate(database, MIGRATIONS)
        await database.execute("insert into erasures values (gen_random_uuid(), 'ticket', 1, now(), now())")
    return own_postgres


async def purged(server: OwnPostgres, *databases: str, patience: int = 0) -> tuple[int | None, str]:
    """The script's exit code, and what it says."""
    environ = os.environ | environment(server.folder) | {"PURGE_PATIENCE_SECONDS": str(patience)}
    command = ["/bin/sh", str(SCRIPT), *databases]
    process = await asyncio.create_subprocess_exec(*command, env=environ, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_tables_are_written_anew_and_segments_left_behind(intake: OwnPostgres) -> None:
    async with connected(intake.admin_dsn(INTAKE)) as database:
        before = await _files(database)
        assert await purged(intake) == (0, "· purged\n")
        assert not before & await _files(database)
        assert await database.fetchval("show wal_recycle") == "on"


async def test_it_waits_for_an_erasure_that_is_not_done(intake: OwnPostgres) -> None:
    async with connected(intake.admin_dsn(INTAKE)) as database:
        await database.execute("update erasures set done_at = null")
    assert await purged(intake) == (1, "· purge: helpdesk_intake has erasures that wait for NATS\n")


async def test_it_waits_for_a_service_that_has_not_heard_of_an_erasure(intake: OwnPostgres) -> None:
    await intake.create_database("helpdesk_query")
    async with connected(intake.admin_dsn("helpdesk_query")) as database:
        await database.execute("create schema live; create table live.checkpoints (source text, position bigint)")
        await database.execute("insert into live.checkpoints values ('intake', 0)")
        assert await purged(intake) == (1, "· purge: helpdesk_query has not read all of helpdesk_intake\n")
        await database.execute("update live.checkpoints set position = 1")
    assert (await purged(intake))[0] == 0


async def test_it_waits_for_a_transaction_that_may_still_see_what_was_there(intake: OwnPostgres) -> None:
    async with connected(intake.admin_dsn(INTAKE)) as reader, connected(intake.admin_dsn(INTAKE)) as writer:
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            await reader.fetch("select * from erasures")
            await writer.execute("select pg_current_xact_id()")
            code, said = await purged(intake, INTAKE)
        assert (code, "old transaction" in said) == (1, True)
    assert (await purged(intake, INTAKE))[0] == 0


async def _files(database: asyncpg.Connection) -> set[str]:
    """Where the tables and the write-ahead log are."""
    rows = await database.fetch(
        "select pg_relation_filepath(oid) as file from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace"
        " union all select pg_relation_filepath('pg_statistic')"
        " union all select name from pg_ls_waldir()"
    )
    return {row["file"] for row in rows}
