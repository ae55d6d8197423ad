"""PostgreSQL in hard times. `fsync` is on here; whether the disk keeps its word is not for us to test."""

import asyncio
import os
import shutil
import signal
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.account import private_folder, server_account
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.readiness import StartError
from tests.infrastructure.databases import connected
from tests.infrastructure.embedded import SMALL, OwnPostgres, running
from tests.infrastructure.folders import server_folder


async def write(server: EmbeddedPostgres, value: int) -> None:
    await server.create_database("kept")
    async with connected(server.dsn("kept")) as connection:
        await connection.execute("create table if not exists kept (value int)")
        await connection.execute("insert into kept values ($1)", value)


async def read(server: EmbeddedPostgres) -> list[int]:
    async with connected(server.dsn("kept")) as connection:
        return [row["value"] for row in await connection.fetch("select value from kept order by value")]


async def setting(server: EmbeddedPostgres, name: str) -> str:
    async with connected(server.admin_dsn()) as connection:
        return str(await connection.fetchval("select current_setting($1)", name))


def log_of(server: EmbeddedPostgres) -> str:
    return "".join(file.read_text() for file in (server.folder / "log").glob("postgresql-*.log"))


async def test_what_was_committed_survives_sigkill_and_the_port_stays(own_postgres: OwnPostgres) -> None:
    port = own_postgres.port
    for value in range(3):
        await write(own_postgres, value)
        await own_postgres.kill()
        await own_postgres.start()
    assert await read(own_postgres) == [0, 1, 2]
    assert own_postgres.port == port


async def test_a_clean_stop_leaves_nothing_to_recover(own_postgres: OwnPostgres) -> None:
    await own_postgres.stop()
    await own_postgres.start()
    assert "database system was shut down at" in log_of(own_postgres)
    assert "not properly shut down" not in log_of(own_postgres)


async def test_another_start_on_the_same_folder_keeps_data_and_port(own_postgres: OwnPostgres) -> None:
    await write(own_postgres, 1)
    await own_postgres.stop()
    async with running(OwnPostgres(own_postgres.folder, settings=SMALL)) as another:
        assert await read(another) == [1]
        assert another.port == own_postgres.port


async def test_a_server_still_on_the_data_is_stopped_in_order_first(own_postgres: OwnPostgres) -> None:
    await write(own_postgres, 1)
    async with running(OwnPostgres(own_postgres.folder, settings=SMALL)) as another:
        assert await own_postgres.wait() == 0
        assert await read(another) == [1]


async def test_a_busy_session_of_a_dead_postmaster_does_not_bar_the_way(own_postgres: OwnPostgres) -> None:
    async with connected(own_postgres.admin_dsn()) as connection:
        session, begun = psutil.Process(connection.get_server_pid()), asyncio.Event()
        connection.add_log_listener(lambda *_: begun.set())
        endless = "do $$ begin raise notice 'begun'; loop end loop; end $$"
        busy = asyncio.create_task(connection.execute(endless))
        await begun.wait()
        os.kill(own_postgres.pid, signal.SIGKILL)
        await own_postgres.wait()
        assert session.status() == psutil.STATUS_RUNNING
        await own_postgres.start()
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await busy
    assert not session.is_running() or session.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("pid", [1, os.getpid()], ids=["init", "ours"])
async def test_a_stale_pid_file_does_not_bar_the_way_when_its_pid_lives(own_postgres: OwnPostgres, pid: int) -> None:
    pid_file = own_postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    await own_postgres.kill()
    pid_file.write_text("\n".join([str(pid), *lines[1:], ""]))
    await own_postgres.start()
    assert pid_file.read_text().startswith(f"{own_postgres.pid}\n")


async def test_a_wiped_server_starts_empty(own_postgres: OwnPostgres) -> None:
    await write(own_postgres, 1)
    await own_postgres.wipe()
    await own_postgres.start()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await read(own_postgres)


async def test_a_cluster_whose_making_was_cut_short_is_made_again() -> None:
    with server_folder() as folder:
        half_made = private_folder(folder / "server", server_account(folder)) / "data.new"
        half_made.mkdir()
        (half_made / "PG_VERSION").write_text("18\n")
        async with running(OwnPostgres(folder / "server", settings=SMALL)) as server:
            assert await setting(server, "data_checksums") == "on"


async def test_it_starts_where_the_path_is_too_long_for_a_socket() -> None:
    with server_folder() as folder:
        async with running(OwnPostgres(folder / ("long" * 30), settings=SMALL)) as server:
            socket_folder = Path(await setting(server, "unix_socket_directories"))
            assert len(str(socket_folder)) < 90
        shutil.rmtree(socket_folder)


async def test_data_of_another_major_version_is_refused_in_words() -> None:
    with server_folder() as folder:
        data = folder / "server" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("12\n")
        with pytest.raises(RuntimeError, match="made by PostgreSQL 12"):
            await OwnPostgres(folder / "server").start()


async def test_a_start_that_fails_tells_what_the_server_said() -> None:
    with server_folder() as folder:
        server = OwnPostgres(folder / "server", settings={"max_connections": "none"})
        with pytest.raises(StartError, match='invalid value for parameter "max_connections"'):
            await server.start()


async def test_a_port_that_was_asked_for_is_not_replaced(own_postgres: OwnPostgres) -> None:
    with server_folder() as folder:
        server = OwnPostgres(folder / "server", port=own_postgres.port, settings=SMALL)
        with pytest.raises(StartError, match="Address already in use"):
            await server.start()
        await own_postgres.stop()
        async with running(server):
            assert await setting(server, "port") == str(server.port)


async def test_a_remembered_port_that_was_taken_meanwhile_is_replaced(own_postgres: OwnPostgres) -> None:
    with server_folder() as folder:
        remembered = private_folder(folder / "server", server_account(folder)) / "port"
        remembered.write_text(f"{own_postgres.port}\n")
        async with running(OwnPostgres(folder / "server", settings=SMALL)) as server:
            assert server.port != own_postgres.port


async def test_databases_are_made_once_and_have_plain_names(own_postgres: OwnPostgres) -> None:
    await own_postgres.create_database("kept")
    await own_postgres.create_database("kept")
    with pytest.raises(ValueError, match="no name for a database"):
        await own_postgres.create_database('kept"; drop database kept; --')


async def test_nobody_gets_in_without_the_password(own_postgres: OwnPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(own_postgres.admin_dsn(), password="guessed")


async def test_passwords_and_data_are_for_the_owner_alone(own_postgres: OwnPostgres) -> None:
    for name in ("postgres.password", "helpdesk.password"):
        assert stat.S_IMODE((own_postgres.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(own_postgres.data.stat().st_mode) == 0o700


async def test_it_is_set_up_for_production(own_postgres: OwnPostgres) -> None:
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "idle_in_transaction_session_timeout": "30s",
        "max_connections": "200",
        "server_encoding": "UTF8",
        "timezone": "UTC",
    }
    assert {name: await setting(own_postgres, name) for name in wanted} == wanted
