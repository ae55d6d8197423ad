"""The stage of a benchmark: servers, services and floor on some cores, the load generator on another one.

All that serves shares the same cores: a cost moved from Python to PostgreSQL or NATS is still a cost. Floor and product
stand side by side on the same servers all through a run, and take turns.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.child import Child, Program
from deploy.local.http_ready import answers
from deploy.local.nats import EmbeddedNats
from deploy.local.ports import free_port
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.readiness import until_ready
from deploy.local.stack import SERVICES
from libs.events.catalogue.accounts import AccountCreated, AdministratorCreated, SigningKeyAdded, UserCreated
from libs.events.catalogue.base import EventData
from libs.service.auth import Caller, issue, public_jwk
from libs.service.settings import ServiceSettings
from tests.infrastructure.folders import server_folder
from tests.infrastructure.players import Player, player_app, served

SYSTEM_KEY = "the key that services share"
_READY_SECONDS = 300.0


@dataclass(frozen=True)
class Cores:
    """Which cores serve and which one makes the load; with a single core they share it."""

    serving: frozenset[int]
    load: frozenset[int]

    @classmethod
    def divide(cls) -> "Cores":
        cores = sorted(os.sched_getaffinity(0))
        return cls(frozenset(cores[:-1] or cores), frozenset(cores[-1:]))

    @contextmanager
    def all_of_them(self) -> Iterator[None]:
        """For what is done before anything is measured."""
        os.sched_setaffinity(0, self.serving | self.load)
        try:
            yield
        finally:
            os.sched_setaffinity(0, self.serving)


@dataclass
class People:
    """Somebody who submits, somebody who reads, and the key that signs their tokens."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    account: UUID = field(default_factory=uuid4)
    user: UUID = field(default_factory=uuid4)
    staff: UUID = field(default_factory=uuid4)

    def facts(self) -> list[tuple[UUID, EventData]]:
        jwk = public_jwk(self.key.public_key(), "bench")
        return [
            (uuid4(), SigningKeyAdded(key_id="bench", public_key=jwk["x"])),
            (self.account, AccountCreated(name="Acme")),
            (self.user, UserCreated(account_id=self.account, name="U", email="u@x.example")),
            (self.staff, AdministratorCreated(name="A", email="a@x.example")),
        ]

    def as_client(self) -> dict[str, str]:
        return self._headers(Caller(kind="client", id=str(self.user), account_id=self.account))

    def as_staff(self) -> dict[str, str]:
        return self._headers(Caller(kind="administrator", id=str(self.staff)))

    def _headers(self, caller: Caller) -> dict[str, str]:
        now = datetime.now(UTC)
        token = issue(caller, private_key=self.key, kid="bench", now=now, ttl_seconds=7200, jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Stage:
    cores: Cores
    folder: Path
    postgres: EmbeddedPostgres
    nats: EmbeddedNats
    stack: AsyncExitStack

    @cached_property
    def ports(self) -> dict[str, int]:
        return {name: free_port() for name in (*SERVICES, "floor")}

    def environment(self, name: str) -> dict[str, str]:
        urls = {f"HELPDESK_{service.upper()}_URL": f"http://127.0.0.1:{self.ports[service]}" for service in SERVICES}
        return {
            "HELPDESK_POSTGRES_DSN": self.postgres.dsn(),
            "HELPDESK_NATS_URL": self.nats.url,
            "HELPDESK_SYSTEM_KEY": SYSTEM_KEY,
            "HELPDESK_PORT": str(self.ports[name]),
            "HELPDESK_LOG_LEVEL": "error",
            **urls,
        }

    async def service(self, name: str, **settings: object) -> Child:
        """Run a service in a process of its own, with these settings, until the stage is cleared."""
        named = {f"HELPDESK_{key.upper()}": str(value) for key, value in settings.items()}
        return await self._process(f"services.{name}", name, named)

    async def floor(self, lmtp_port: int | None = None) -> str:
        """Run the floor, taking mail as well if it is given a port; the DSN of its database."""
        await self.postgres.create_database("floor")
        mail = {"FLOOR_LMTP_PORT": str(lmtp_port)} if lmtp_port else {}
        await self._process("bench.floor", "floor", {"FLOOR_DSN": self.postgres.dsn("floor"), **mail})
        return self.postgres.dsn("floor")

    async def sink(self, kind: str, *arguments: object) -> int:
        """Run something that takes what goes out, on the core of the load; its port. See bench.sinks."""
        port = free_port()
        cores = ",".join(map(str, self.cores.load))
        words = [sys.executable, "-m", "bench.sinks", cores, kind, str(port), *map(str, arguments)]
        child = Child(Program(f"{kind} sink", words, environment=dict(os.environ)))
        await child.start()
        self.stack.push_async_callback(child.stop)
        await until_ready(child, lambda: _listens(port), _READY_SECONDS)
        return port

    async def play(self, name: str) -> Player:
        """Play a service from within this process: a real log with its relay and its feed."""
        settings = ServiceSettings.model_validate(
            {
                "postgres_dsn": self.postgres.dsn(),
                "nats_url": self.nats.url,
                "system_key": SYSTEM_KEY,
                "port": self.ports[name],
            }
        )
        app = player_app(name, settings)
        await self.stack.enter_async_context(served(app, settings))
        player: Player = app.state.runtime
        return player

    async def _process(self, module: str, name: str, environment: Mapping[str, str]) -> Child:
        variables = {**os.environ, **self.environment(name), **environment}
        child = Child(Program(name, [sys.executable, "-m", module], environment=variables))
        await child.start()
        self.stack.push_async_callback(child.stop)
        await until_ready(child, lambda: answers(f"http://127.0.0.1:{self.ports[name]}/healthz"), _READY_SECONDS)
        return child


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """PostgreSQL and NATS as `make run` starts them, in a folder that is gone afterwards."""
    cores = Cores.divide()
    os.sched_setaffinity(0, cores.serving)  # inherited by all that is started from here
    try:
        with server_folder(on_disk=True) as folder:
            async with AsyncExitStack() as stack:
                servers = EmbeddedPostgres(folder / "postgres"), EmbeddedNats(folder / "nats")
                for server in servers:
                    stack.push_async_callback(server.kill)
                    await server.start()
                yield Stage(cores, folder, *servers, stack)
    finally:
        os.sched_setaffinity(0, cores.serving | cores.load)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 120) -> None:
    """Ask again and again; what is waited for happens in other processes."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)
