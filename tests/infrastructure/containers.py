"""The shared servers in Docker containers."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from deploy.local.nats_config import User, server_config
from deploy.local.postgres_cluster import OWNER, SUPERUSER
from tests.infrastructure.embedded import FORGETFUL, SMALL
from tests.infrastructure.servers import rooms

POSTGRES_IMAGE = "postgres:18-alpine"
NATS_IMAGE = "nats:2.15-alpine"
_NATS_PORT = 4222
_CONFIG = "/nats-rooms.conf"


@dataclass(frozen=True)
class PostgresInDocker:
    address: str
    password: str

    def dsn(self, database: str | None = None) -> str:
        server = f"postgresql://{OWNER}:{self.password}@{self.address}"
        return f"{server}/{database}" if database else server

    def admin_dsn(self, database: str = SUPERUSER) -> str:
        return f"postgresql://{SUPERUSER}:{self.password}@{self.address}/{database}"


@dataclass(frozen=True)
class NatsInDocker:
    address: str

    def url_of(self, user: User) -> str:
        return f"nats://{user.name}:{user.password}@{self.address}"


@asynccontextmanager
async def postgres_in_docker() -> AsyncIterator[PostgresInDocker]:
    password = secrets.token_urlsafe()
    settings = " ".join(
        f"-c {name}={value}" for name, value in (SMALL | FORGETFUL | {"max_connections": "200"}).items()
    )
    container = PostgresContainer(POSTGRES_IMAGE, username=SUPERUSER, password=password, dbname=SUPERUSER)
    with container.with_command(f"postgres {settings}"):
        address = f"{container.get_container_host_ip()}:{container.get_exposed_port(container.port)}"
        server = PostgresInDocker(address, password)
        connection = await asyncpg.connect(server.admin_dsn())
        await connection.execute(f"create role {OWNER} login createdb password '{password}'")
        await connection.close()
        yield server


@contextmanager
def nats_in_docker() -> Iterator[NatsInDocker]:
    host = "0.0.0.0"  # noqa: S104 - inside the container
    config = server_config(host=host, port=_NATS_PORT, store=Path("/data"), log=None, accounts=rooms())
    # Not testcontainers' NatsContainer: importing it warns, as it waits in a deprecated way.
    container = DockerContainer(NATS_IMAGE).with_exposed_ports(_NATS_PORT)
    container.with_copy_into_container(config.encode(), _CONFIG).with_command(f"--config {_CONFIG}")
    with container.waiting_for(LogMessageWaitStrategy("Server is ready")):
        yield NatsInDocker(f"{container.get_container_host_ip()}:{container.get_exposed_port(_NATS_PORT)}")
