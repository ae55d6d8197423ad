"""Databases made and dropped for tests."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
from asyncpg import Connection

from deploy.local.postgres_cluster import OWNER
from tests.infrastructure.servers import PostgresServer

Prepare = Callable[[str], Awaitable[None]]
"""Fills the database of this DSN and leaves no connection to it."""


class Databases:
    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._templates: dict[str, str] = {}

    async def create(self, name: str, template: str = "template0") -> str:
        """Make the database, empty or as a copy of the template, in place of one that was left; answers its DSN."""
        async with connected(self._server.admin_dsn()) as connection:
            await connection.execute(f'drop database if exists "{name}" with (force)')
            await connection.execute(f'create database "{name}" template "{template}" owner {OWNER}')
        return self._server.dsn(name)

    async def drop(self, name: str) -> None:
        """Drop the database and whoever is connected to it."""
        async with connected(self._server.admin_dsn()) as connection:
            await connection.execute(f'drop database if exists "{name}" with (force)')

    async def template(self, key: str, prepare: Prepare) -> str:
        """Answer the name of a template filled by `prepare`, which runs once a session for each `key`."""
        if key not in self._templates:
            name = f"template_{key}"
            await prepare(await self.create(name))
            self._templates[key] = name
        return self._templates[key]


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def fresh_name() -> str:
    return f"test_{uuid.uuid4().hex}"
