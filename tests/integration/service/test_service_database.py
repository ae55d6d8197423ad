"""PostgreSQL as services use it: pools that keep nothing, migrations that run once."""

import asyncio
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from pogo_core.error import BadMigrationError

from libs.service.database import (
    Connection,
    create_pool,
    database_ready,
    ensure_database,
    migrate,
    service_database,
    wait_for_postgres,
)
from libs.service.settings import ServiceSettings
from tests.infrastructure.databases import connected, fresh_name
from tests.infrastructure.embedded import OwnPostgres
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.servers import PostgresServer

HEAD = "-- Made for a test\n-- depends:{}\n-- migrate: apply\n"
TAIL = "\n-- migrate: rollback\n"

FUNCTIONS = """
create table sample (id int primary key, text text);
-- A trigger; with a semicolon, and it's quoted badly
create function shout() returns trigger language plpgsql as $body$
declare
  loud text := case when new.text is null then ';' else upper(new.text) end;
begin
  -- it's loud;
  if new.id > 0 then
    begin
      new.text := loud;
    exception when others then
      raise notice 'never; mind';
    end;
  end if;
  return new;
end;
$body$;
create trigger shouted before insert on sample for each row execute function shout();
create function twice(a int) returns int language sql immutable
begin atomic
  select case when a > 0 then 2 * a else 0 end;
end;
do $$ begin create type mood as enum ('calm', 'cross'); exception when duplicate_object then null; end $$;
create index on sample (text);
"""


def folder(place: Path, **migrations: str) -> Path:
    """A folder of migrations, each depending on the one before."""
    place.mkdir(exist_ok=True)
    before = ""
    for name, sql in migrations.items():
        (place / f"{name}.sql").write_text(HEAD.format(before and f" {before}") + sql + TAIL)
        before = name
    return place


async def tables(connection: Connection) -> set[str]:
    rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows if not row["tablename"].startswith("_pogo")}


async def test_function_bodies_survive_the_splitting_into_statements(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with connected(await fresh_database()) as connection:
        await migrate(connection, folder(tmp_path / "m", one_0001=FUNCTIONS, one_0002="alter table sample add x int;"))
        await connection.execute("insert into sample values (1, 'hey')")
        row = await connection.fetchrow("select text, x, twice(21) from sample")
    assert tuple(row or ()) == ("HEY", None, 42)


async def test_migrating_again_does_nothing_and_new_ones_are_applied(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with connected(await fresh_database()) as connection:
        events = folder(tmp_path / "events", events_0001="create table log (id int);")
        await migrate(connection, events)
        intake = folder(tmp_path / "intake", intake_0001="create table ticket (id int);")
        await migrate(connection, events, intake)
        await migrate(connection, events, intake)
        assert await tables(connection) == {"log", "ticket"}


async def test_two_processes_starting_at_once_migrate_once(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    dsn = await fresh_database()
    migrations = folder(tmp_path / "m", one_0001="create table once (id int); select pg_sleep(0.05);")

    async def start() -> None:
        async with connected(dsn) as connection:
            await migrate(connection, migrations)

    await asyncio.gather(*(start() for _ in range(4)))
    async with connected(dsn) as connection:
        assert await tables(connection) == {"once"}


async def test_a_migration_that_fails_leaves_nothing_of_itself(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with connected(await fresh_database()) as connection:
        broken = folder(
            tmp_path / "m", a_0001="create table a (id int);", a_0002="create table b (id int); select 1/0;"
        )
        with pytest.raises(BadMigrationError, match="a_0002"):
            await migrate(connection, broken)
        assert await tables(connection) == {"a"}
        await migrate(connection, folder(tmp_path / "m", a_0001="", a_0002="create table b (id int);"))
        assert await tables(connection) == {"a", "b"}


async def test_a_migration_does_not_queue_everybody_behind_a_lock(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    dsn = await fresh_database()
    async with connected(dsn) as connection, connected(dsn) as reader:
        await connection.execute("create table busy (id int)")
        async with reader.transaction():
            await reader.execute("lock table busy in access share mode")
            late = folder(tmp_path / "m", a_0001="alter table busy add x int;")
            with pytest.raises(BadMigrationError) as refused:
                await migrate(connection, late, lock_timeout_seconds=0.01)
        assert isinstance(refused.value.__cause__, asyncpg.LockNotAvailableError)
        assert await connection.fetchval("show lock_timeout") == "0"
        await migrate(connection, late)


async def test_migrations_of_the_same_name_are_refused(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with connected(await fresh_database()) as connection:
        twice = [folder(tmp_path / name, a_0001="select 1;") for name in ("one", "two")]
        with pytest.raises(ValueError, match="a_0001"):
            await migrate(connection, *twice)


async def test_a_database_is_made_once(postgres_server: PostgresServer) -> None:
    name = fresh_name()
    server = postgres_server.admin_dsn()
    await asyncio.gather(*(ensure_database(server, name) for _ in range(3)))
    await ensure_database(server, name)
    async with connected(server) as connection:
        assert await connection.fetchval("select count(*) from pg_database where datname = $1", name) == 1
        await connection.execute(f'drop database "{name}"')


async def test_a_database_knows_all_letters_wherever_it_is_made(own_postgres: OwnPostgres) -> None:
    server = own_postgres.admin_dsn()
    async with connected(server) as connection:
        # What a new database is like unless it is said.
        await connection.execute("update pg_database set datallowconn = true where datname = 'template1'")
        await connection.execute("alter database template1 is_template false")
        await connection.execute("drop database template1")
        await connection.execute("create database template1 template template0 locale_provider libc locale 'C'")
    await ensure_database(server, "made")
    async with connected(own_postgres.admin_dsn("made")) as connection:
        assert await connection.fetchval("select lower('ПИСЬМО')") == "письмо"
        assert await connection.fetchval("select to_tsvector('russian', 'письма') @@ to_tsquery('russian', 'письмо')")


async def test_a_service_gets_its_own_migrated_database(own_postgres: OwnPostgres, tmp_path: Path) -> None:
    settings = ServiceSettings(
        system_key="the key that services share", postgres_dsn=own_postgres.admin_dsn(), pool_min=0, pool_max=2
    )
    migrations = folder(tmp_path / "m", a_0001="create table mine (id int);")
    for _ in range(2):
        async with service_database("intake", settings, migrations) as pool:
            assert await pool.fetchval("select current_database()") == "helpdesk_intake"
            assert await pool.fetchval("select count(*) from mine") == 0
            assert await pool.fetchval("show application_name") == "helpdesk-intake"
            assert await database_ready(pool)() is None


async def test_a_starting_server_is_waited_for(own_postgres: OwnPostgres) -> None:
    dsn = own_postgres.admin_dsn()
    await own_postgres.stop()
    pauses = []

    async def start_meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        await own_postgres.start()

    await wait_for_postgres(dsn, pause=start_meanwhile)
    assert len(pauses) == 1


async def test_a_server_that_does_not_come_is_given_up(own_postgres: OwnPostgres) -> None:
    dsn = own_postgres.admin_dsn()
    await own_postgres.stop()
    with pytest.raises(ConnectionRefusedError):
        await wait_for_postgres(dsn, deadline_seconds=0)


async def test_a_connection_goes_back_without_what_was_left_open(fresh_database: FreshDatabase) -> None:
    pool = await create_pool(await fresh_database(), application_name="test", min_size=1, max_size=1)
    async with pool:
        async with pool.acquire() as connection:
            await connection.execute("begin; set local statement_timeout = 77; select pg_advisory_xact_lock(1)")
            with suppress(asyncpg.PostgresError):
                await connection.execute("select 1/0")
        assert await pool.fetchval("show statement_timeout") == "30s"
        assert await pool.fetchval("select count(*) from pg_locks where locktype = 'advisory'") == 0


async def test_statements_and_idle_transactions_end(fresh_database: FreshDatabase) -> None:
    pool = await create_pool(
        await fresh_database(),
        application_name="test",
        min_size=0,
        statement_timeout_seconds=0.02,
        idle_transaction_seconds=0.02,
    )
    async with pool:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.execute("select pg_sleep(60)")
        async with pool.acquire() as connection:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await connection.execute("begin; select pg_current_xact_id()")
            await asyncio.wait_for(ended.wait(), 10)


async def test_json_comes_as_text_and_instants_in_utc(fresh_database: FreshDatabase) -> None:
    pool = await create_pool(await fresh_database(), application_name="test", min_size=0)
    async with pool:
        row = await pool.fetchrow(
            """select '{"a": 1}'::jsonb as b, '{"a":1}'::json as j, current_setting('timezone')"""
        )
    assert tuple(row or ()) == ('{"a": 1}', '{"a":1}', "UTC")
