"""PostgreSQL: waiting for it, one database per service, pools, migrations."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import asyncpg
import structlog
from pogo_core.util.migrate import apply
from pogo_core.util.sql import get_applied_migrations

from libs.service.settings import ServiceSettings, database_name

log = structlog.get_logger()

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pause: TypeAlias = Callable[[float], Awaitable[None]]
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

LOCALE = "template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
"""Of every database that is made: knows all letters, as the search needs it, and sorts the same on every machine."""
_MIGRATION_LOCK = 0x68656C70  # "help"; advisory locks are per database, so one number serves all services
_NOT_YET = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)


async def _keep_session(_connection: object) -> None:
    """Skip asyncpg's reset query on release, a round trip per request.

    Sessions have nothing to reset: settings are SET LOCAL, advisory locks end with their transaction,
    and asyncpg itself rolls back an open transaction.
    """


async def create_pool(
    dsn: str,
    *,
    application_name: str,
    min_size: int = 2,
    max_size: int = 12,
    statement_timeout_seconds: float = 30,
    idle_transaction_seconds: float = 15,
) -> Pool:
    """Open a pool; json and jsonb come and go as text, uuid as asyncpg's subclass of `uuid.UUID`."""
    return await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        reset=_keep_session,
        server_settings={
            "application_name": application_name,
            "statement_timeout": _milliseconds(statement_timeout_seconds),
            "idle_in_transaction_session_timeout": _milliseconds(idle_transaction_seconds),
            "timezone": "UTC",
            # A host that vanishes without a word must give its advisory locks back: others stand by for them.
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "3",
            "jit": "off",
            # What is kept of others' events is in the schema `live`, see libs/events/projection.py.
            "search_path": "live, public",
        },
    )


@asynccontextmanager
async def service_database(
    service: str, settings: ServiceSettings, *migrations: Path, deadline_seconds: float = 60
) -> AsyncIterator[Pool]:
    """Wait for PostgreSQL, make and migrate the service's database, and hold a pool on it."""
    connection = await _first_connection(service, settings, deadline_seconds)
    try:
        await migrate(connection, *migrations)
    finally:
        await connection.close()
    pool = await create_pool(
        settings.database_dsn(service),
        application_name=f"helpdesk-{service}",
        min_size=settings.pool_min,
        max_size=settings.pool_max,
        statement_timeout_seconds=settings.statement_timeout_seconds,
        idle_transaction_seconds=settings.idle_transaction_seconds,
    )
    try:
        yield pool
    finally:
        await _close(pool)


async def _first_connection(service: str, settings: ServiceSettings, deadline_seconds: float) -> Connection:
    """To the service's database, which is there but the first time."""
    dsn = settings.database_dsn(service)
    try:
        return await asyncpg.connect(dsn)
    except (*_NOT_YET, asyncpg.InvalidCatalogNameError):
        server = settings.postgres_dsn.get_secret_value()
        await wait_for_postgres(server, deadline_seconds=deadline_seconds)
        await ensure_database(server, database_name(service))
        return await asyncpg.connect(dsn)


def database_ready(pool: Pool) -> Callable[[], Awaitable[str | None]]:
    """Make a readiness check of the database."""

    async def check() -> str | None:
        await pool.fetchval("SELECT 1")
        return None

    return check


async def wait_for_postgres(
    dsn: str,
    *,
    deadline_seconds: float = 60,
    pause: Pause = asyncio.sleep,
) -> None:
    """Return once the server takes connections; the last error if it does not by the deadline."""
    deadline = asyncio.get_running_loop().time() + deadline_seconds
    while True:
        try:
            connection = await asyncpg.connect(dsn, database="postgres", timeout=5)
        except _NOT_YET:
            if asyncio.get_running_loop().time() >= deadline:
                raise
            log.info("postgres_awaited")
            await pause(0.3)
        else:
            return await connection.close()


async def ensure_database(server_dsn: str, name: str) -> None:
    """Create the database unless it is there; two services may try at once."""
    connection = await asyncpg.connect(server_dsn, database="postgres")
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" {LOCALE}')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        log.info("database_made_by_another", database=name)
    finally:
        await connection.close()


async def migrate(
    connection: Connection, *folders: Path, lock_timeout_seconds: float = 5, pause: Pause = asyncio.sleep
) -> None:
    """Apply what is new in these folders, in order; whoever comes second waits, then finds nothing to do.

    A migration that cannot get its table lock in time fails rather than queue everybody behind it.
    Ids (file names) must be unique over all folders of a database, so start them with the owner:
    `events_0001_log.sql`, `intake_0001_tickets.sql`. Function bodies in `$$ … $$` or `BEGIN ATOMIC` are
    split rightly; a line beginning with `--` is dropped everywhere.
    """
    _refuse_namesakes(folders)
    async with _alone(connection, pause):
        await connection.execute(f"SET lock_timeout = {_milliseconds(lock_timeout_seconds)}")
        try:
            for folder in folders:
                if await _has_news(connection, folder):
                    await apply(connection, folder, schema_name="public")
        finally:
            await connection.execute("RESET lock_timeout")


async def _has_news(connection: Connection, folder: Path) -> bool:
    """The library reads and splits every migration to find out, at each start."""
    if await connection.fetchval("SELECT to_regclass('public._pogo_migration') IS NULL"):
        return True
    return not await get_applied_migrations(connection, schema_name="public") >= {*_ids_in(folder)}


def _ids_in(folder: Path) -> Iterator[str]:
    return (file.stem for file in folder.iterdir() if file.suffix in {".py", ".sql"})


def _refuse_namesakes(folders: tuple[Path, ...]) -> None:
    """A second migration of the same id would be taken for the first, and never applied."""
    ids = Counter(name for folder in folders for name in _ids_in(folder))
    if twice := [name for name, count in ids.items() if count > 1]:
        raise ValueError(f"Migrations of the same name: {', '.join(twice)}")


@asynccontextmanager
async def _alone(connection: Connection, pause: Pause) -> AsyncIterator[None]:
    """Hold the migration lock; it is polled, as a waiter's snapshot would block CREATE INDEX CONCURRENTLY."""
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _MIGRATION_LOCK):
        await pause(0.1)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _MIGRATION_LOCK)


async def _close(pool: Pool) -> None:
    """Close when all is given back; after ten seconds, anyhow."""
    try:
        await asyncio.wait_for(pool.close(), 10)
    except TimeoutError:
        pool.terminate()


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
