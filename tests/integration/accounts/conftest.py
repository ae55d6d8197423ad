"""The accounts service on real servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from services.accounts.settings import Settings
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.servers import PostgresServer
from tests.integration.accounts.accounts_world import EMAIL, PASSWORD, StartWorld, World, running_world
from tests.unit.accounts.account_hashers import QuickHasher


@pytest.fixture
async def accounts_settings(
    service_databases: ServiceDatabases, postgres_server: PostgresServer, nats_url: str
) -> Settings:
    """The settings of a replica on a new database."""
    await service_databases("accounts")
    return Settings(
        postgres_dsn=SecretStr(postgres_server.dsn()),
        nats_url=nats_url,
        system_key=SecretStr("the key that services share"),
        pool_min=1,
        first_administrator_email=EMAIL,
        first_administrator_password=SecretStr(PASSWORD),
    )


@pytest.fixture
async def start_world(accounts_settings: Settings) -> StartWorld:
    common = accounts_settings.model_dump(exclude_unset=True)

    @asynccontextmanager
    async def start(
        hasher: QuickHasher | None = None, *, timed_log: bool = False, **settings: Any
    ) -> AsyncIterator[World]:
        async with running_world(Settings(**{**common, **settings}), hasher, timed_log=timed_log) as world:
            yield world

    return start


@pytest.fixture
async def world(start_world: StartWorld) -> AsyncIterator[World]:
    """A replica whose first administrator is signed in."""
    async with start_world() as started:
        response = await started.sign_in()
        assert response.status_code == 200, response.text
        started.hasher.verified = 0
        yield started.as_holder_of(response.json()["access_token"])
