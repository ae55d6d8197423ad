"""The clients of a run: they write and delete, and send each command again until they have an answer."""

import asyncio
import random
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

import httpx

from tests.faults.pair import mirror
from tests.faults.plan import Plan
from tests.faults.world import SYSTEM_KEY, World

PATIENCE_SECONDS = 90.0
ATTEMPT_SECONDS = 4.0


@dataclass
class Command:
    """What was asked, and what was answered. Times are of the monotonic clock."""

    note: str
    key: str
    line: str | None
    """None for a deletion."""
    attempts: int = 0
    began: float = 0.0
    """The last attempt."""
    answered: float = 0.0
    position: int | None = None
    """Where it is, by its acknowledgement."""
    refused: bool = False


@dataclass
class Journal:
    """All that clients know."""

    commands: list[Command] = field(default_factory=list)

    def acknowledged(self) -> list[Command]:
        return [command for command in self.commands if command.position is not None]


class Clients:
    def __init__(self, world: World, plan: Plan, journal: Journal) -> None:
        self._world = world
        self._plan = plan
        self._journal = journal
        self._rng = random.Random(plan.seed)
        self._shared = [self._new_note() for _ in range(4)]

    async def work(self, seconds: float) -> None:
        """Keep commands coming for a while; returns when all have been answered."""
        until = monotonic() + seconds
        async with (
            httpx.AsyncClient(timeout=ATTEMPT_SECONDS, headers={"Authorization": f"Bearer {SYSTEM_KEY}"}) as http,
            asyncio.TaskGroup() as group,
        ):
            for number in range(self._plan.clients):
                group.create_task(self._client(http, number, until))

    async def _client(self, http: httpx.AsyncClient, number: int, until: float) -> None:
        rng = random.Random(f"{self._plan.seed}/{number}")
        own = [self._new_note()]
        count = 0
        while monotonic() < until:
            count += 1
            if rng.random() < self._plan.deletions:
                victim = own.pop()
                own.append(self._new_note())
                await self.send(http, Command(victim, f"{number}-{count}", None), rng)
            else:
                note = rng.choice([*self._shared, *own])
                prefix = mirror.POISON if rng.random() < self._plan.poison else "line"
                line = f"{prefix} {self._plan.seed}/{number}/{count}."
                await self.send(http, Command(note, f"{number}-{count}", line), rng)
            await asyncio.sleep(rng.uniform(0, 0.03))

    async def send(self, http: httpx.AsyncClient, command: Command, rng: random.Random) -> None:
        self._journal.commands.append(command)
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            replica = rng.choice(self._world.of_role("scribe"))
            command.attempts += 1
            command.began = monotonic()
            if await self._attempt(http, replica.url, command):
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(f"never answered: {command}")

    async def _attempt(self, http: httpx.AsyncClient, url: str, command: Command) -> bool:
        """Whether there was an answer that is final."""
        what, body = ("delete", None) if command.line is None else ("lines", self._body(command))
        try:
            response = await http.post(
                f"{url}/api/intake/notes/{command.note}/{what}", json=body, headers={"Idempotency-Key": command.key}
            )
        except httpx.HTTPError:
            return False
        command.answered = monotonic()
        if response.is_success:
            command.position = response.json()["position"]
        elif response.status_code == httpx.codes.CONFLICT:
            command.refused = True
        elif not response.is_server_error:
            raise AssertionError(f"{response.status_code} {response.text} to {command}")
        return command.position is not None or command.refused

    def _body(self, command: Command) -> dict[str, object]:
        return {"line": command.line, "old_version": len(command.key) % 2 == 0}

    def _new_note(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))
