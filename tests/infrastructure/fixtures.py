"""Real PostgreSQL and NATS for tests.

Shared by the session (each xdist worker has its own), in Docker if an engine answers, else embedded;
`HELPDESK_TEST_BACKEND=docker|embedded` decides otherwise:

    async def test_…(fresh_database: FreshDatabase, nats_url: str) -> None:
        dsn = await fresh_database()
        dsn = await fresh_database(template=await databases.template("intake", migrate))

Services under test find their databases by name: `service_databases("intake", "routing")` makes them.

A test that breaks servers takes `own_postgres` and `own_nats`: `kill()`, `start()`, `stop()`, `wipe()`.
"""

from collections.abc import AsyncIterator, Iterator
from itertools import cycle
from typing import Protocol

import nats
import pytest

from deploy.local.nats_config import User
from tests.infrastructure.backend import chosen_backend
from tests.infrastructure.databases import Databases, connected, fresh_name
from tests.infrastructure.embedded import FORGETFUL, SMALL, OwnNats, OwnPostgres, SharedNats, own
from tests.infrastructure.s3 import S3Server
from tests.infrastructure.s3 import s3_server as running_s3
from tests.infrastructure.servers import ROOMS, NatsServer, PostgresServer


class FreshDatabase(Protocol):
    async def __call__(self, name: str | None = None, *, template: str = "template0") -> str:
        """Make a database which lasts as long as the test; answers its DSN."""
        ...


class ServiceDatabases(Protocol):
    async def __call__(self, *services: str) -> None:
        """Make the databases of these services, as their first start leaves them, for as long as the test lasts."""
        ...


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[PostgresServer]:
    if chosen_backend() == "docker":
        from tests.infrastructure.containers import postgres_in_docker  # noqa: PLC0415 - slow to load

        async with postgres_in_docker() as in_docker:
            yield in_docker
    else:
        async with own(OwnPostgres, settings=SMALL | FORGETFUL) as embedded:
            yield embedded


@pytest.fixture(scope="session")
async def nats_server() -> AsyncIterator[NatsServer]:
    if chosen_backend() == "docker":
        from tests.infrastructure.containers import nats_in_docker  # noqa: PLC0415 - slow to load

        with nats_in_docker() as in_docker:
            yield in_docker
    else:
        async with own(SharedNats) as embedded:
            yield embedded


@pytest.fixture(scope="session")
async def s3_server() -> AsyncIterator[S3Server]:
    async with running_s3() as server:
        yield server


@pytest.fixture(scope="session")
async def databases(postgres_server: PostgresServer) -> AsyncIterator[Databases]:
    async with connected(postgres_server.admin_dsn()) as connection:
        yield Databases(postgres_server, connection)


@pytest.fixture
async def fresh_database(databases: Databases) -> AsyncIterator[FreshDatabase]:
    made = []

    async def create(name: str | None = None, *, template: str = "template0") -> str:
        made.append(name or fresh_name())
        return await databases.create(made[-1], template)

    yield create
    for name in made:
        await databases.drop(name)


@pytest.fixture
async def service_databases(databases: Databases) -> AsyncIterator[ServiceDatabases]:
    made = []

    async def create(*services: str) -> None:
        made.extend([await databases.create_for(service) for service in services])

    yield create
    for name in made:
        await databases.drop(name)


@pytest.fixture(scope="session")
def rooms() -> Iterator[User]:
    return cycle(ROOMS)


@pytest.fixture
async def nats_url(nats_server: NatsServer, rooms: Iterator[User]) -> AsyncIterator[str]:
    """The URL of an account with nothing in it, which no other test is using."""
    url = nats_server.url_of(next(rooms))
    yield url
    await _delete_streams(url)


async def _delete_streams(url: str) -> None:
    client = await nats.connect(url)
    jetstream = client.jetstream()
    for stream in await jetstream.streams_info():
        await jetstream.delete_stream(str(stream.config.name))
    await client.close()


@pytest.fixture
async def own_postgres() -> AsyncIterator[OwnPostgres]:
    async with own(OwnPostgres, settings=SMALL) as server:
        yield server


@pytest.fixture
async def own_nats() -> AsyncIterator[OwnNats]:
    async with own(OwnNats) as server:
        yield server
