"""Databases made and dropped for tests."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
from asyncpg import Connection

from deploy.local.postgres_cluster import OWNER
from libs.events import log, projection
from libs.service.database import LOCALE, migrate
from libs.service.settings import database_name
from tests.infrastructure.servers import PostgresServer

Prepare = Callable[[str], Awaitable[None]]
"""Fills the database of this DSN and leaves no connection to it."""
_WITHOUT_LOG = {"query"}
_SERVICES = Path(__file__).parents[2] / "services"


class Databases:
    """By one connection: a test needs up to six databases, and a connection for each would take as long as they do."""

    def __init__(self, server: PostgresServer, connection: Connection) -> None:
        self._server = server
        self._connection = connection
        self._templates: dict[str, str] = {}

    async def create(self, name: str, template: str | None = None) -> str:
        """Make the database, empty or as a copy of the template, in place of one that was left; answers its DSN."""
        source = f'template "{template}"' if template else LOCALE
        await self._connection.execute(f'drop database if exists "{name}" with (force)')
        # To copy files takes half the time where checkpoints cost nothing.
        await self._connection.execute(f'create database "{name}" {source} strategy file_copy owner {OWNER}')
        return self._server.dsn(name)

    async def create_for(self, service: str) -> str:
        """Make a service's database as its first start leaves it; answers its name."""
        name = database_name(service)
        await self.create(name, await self.template(service, partial(_migrated, service)))
        return name

    async def drop(self, name: str) -> None:
        """Drop the database and whoever is connected to it."""
        await self._connection.execute(f'drop database if exists "{name}" with (force)')

    async def template(self, key: str, prepare: Prepare) -> str:
        """Answer the name of a template filled by `prepare`, which runs once a session for each `key`."""
        if key not in self._templates:
            name = f"template_{key}"
            await prepare(await self.create(name))
            self._templates[key] = name
        return self._templates[key]


async def _migrated(service: str, dsn: str) -> None:
    logs = [] if service in _WITHOUT_LOG else [log.MIGRATIONS]
    async with connected(dsn) as connection:
        await migrate(connection, *logs, projection.MIGRATIONS, _SERVICES / service / "migrations")


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def fresh_name() -> str:
    return f"test_{uuid.uuid4().hex}"
