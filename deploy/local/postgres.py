"""An embedded PostgreSQL server."""

import re
import signal
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import psutil

from deploy.local.child import Program
from deploy.local.logs import last_lines
from deploy.local.ports import LOOPBACK
from deploy.local.postgres_cluster import OWNER, SUPERUSER, Cluster
from deploy.local.programs import postgres_program
from deploy.local.server import Server

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_NOT_YET = (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError)


class EmbeddedPostgres(Server):
    """`settings` are configuration parameters that go over the usual ones."""

    name = "PostgreSQL"
    ready_seconds = 300.0  # recovery after a crash replays the log, which may take its time

    def __init__(self, folder: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, port=port)
        self._settings = settings or {}

    @property
    def data(self) -> Path:
        return self._cluster.data

    def dsn(self, database: str | None = None) -> str:
        """Answer the DSN for services; without a database, one to which `/<database>` may be added."""
        return self._dsn(OWNER, database)

    def admin_dsn(self, database: str = SUPERUSER) -> str:
        return self._dsn(SUPERUSER, database)

    async def create_database(self, name: str) -> None:
        """Make the database for the services' role, unless it is there."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a database")
        connection = await asyncpg.connect(self.admin_dsn())
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
                await connection.execute(f'create database "{name}" owner {OWNER}')
        finally:
            await connection.close()

    @property
    def _cluster(self) -> Cluster:
        return Cluster(self.folder, self.account)

    def _dsn(self, role: str, database: str | None) -> str:
        server = f"postgresql://{role}:{self._cluster.password(role)}@{LOOPBACK}:{self.port}"
        return f"{server}/{database}" if database else server

    def _program(self) -> Program:
        return Program(
            self.name,
            [str(postgres_program("postgres")), "-D", str(self.data)],
            output=self._cluster.output,
            account=self.account,
            stop_signal=signal.SIGINT,  # the fast shutdown: ends the sessions, leaves nothing to recover
            grace_seconds=60,
        )

    async def _prepare(self) -> None:
        await self._cluster.make()

    def _configure(self) -> None:
        # No server is on the data, so this file is stale; any process that now has its pid would bar our way.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._cluster.configure(self.port, self._settings)

    async def _is_ready(self) -> bool:
        """Answer whether it takes connections; the services' role is there from then on."""
        try:
            # By the socket in our folder: on the port, a stranger's server may be answering while ours gives up.
            connection = await asyncpg.connect(
                self.admin_dsn(), host=str(self._cluster.socket_folder()), port=self.port
            )
        except _NOT_YET:
            return False
        try:
            if not await connection.fetchval("select 1 from pg_roles where rolname = $1", OWNER):
                password = self._cluster.password(OWNER)
                await connection.execute(f"create role {OWNER} login createdb password '{password}'")
        finally:
            await connection.close()
        return True

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.name() == "postgres" and Path(process.cwd()) == self.data

    def _last_words(self) -> str:
        return last_lines(self._cluster.log.iterdir())
