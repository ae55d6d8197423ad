"""What can be done to the world, by the names that plans use."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Literal

import asyncpg
import httpx
import nats
from nats.js import JetStreamContext
from nats.js.errors import APIError

from libs.events.stream import TRANSPORT_ERRORS
from libs.service.database import wait_for_postgres
from libs.service.ids import new_id
from tests.faults.clients import Journal
from tests.faults.faultpoints import Point, When
from tests.faults.other_writers import append_many, append_slowly
from tests.faults.plan import Plan, Step
from tests.faults.replica import Replica
from tests.faults.world import SERVICES, SYSTEM_KEY, Loss, World, copy_cluster

_NEVER = 10**9


class Faults:
    def __init__(self, world: World, plan: Plan, journal: Journal) -> None:
        self._world = world
        self._plan = plan
        self._journal = journal
        self._rng = random.Random(f"faults of {plan.seed}")

    async def do(self, step: Step) -> None:
        await getattr(self, step.fault)(**step.options)

    # --- processes ----------------------------------------------------------------------------

    async def kill(self, role: str) -> None:
        await self._any(role).end()

    async def down(self, role: str, seconds: float) -> None:
        """All of a role are dead for a while."""
        replicas = self._world.of_role(role)
        for replica in replicas:
            replica.resting = True
            await replica.end()
        await asyncio.sleep(seconds)
        for replica in replicas:
            replica.resting = False

    async def terminate(self, role: str) -> None:
        await self._any(role).end(signal.SIGTERM)

    async def pause(self, role: str, seconds: float) -> None:
        replica = self._any(role)
        replica.pause()
        await asyncio.sleep(seconds)
        replica.go_on()

    async def point(
        self,
        role: str,
        pattern: str,
        nth: int,
        when: When,
        do: Literal["kill", "stop"],
        then: str,
        seconds: float,
    ) -> None:
        """Arm a point in all of a role; when the first stops there, something happens to the servers, and time passes."""
        replicas = self._world.of_role(role)

        async def meanwhile() -> None:
            for replica in replicas:
                replica.arm(Point(pattern, _NEVER, when, do))
            await self._then(then, role)
            await asyncio.sleep(seconds)

        for replica in replicas:
            self._world.at_point[replica.name] = meanwhile
            replica.arm(Point(pattern, nth, when, do))

    async def _then(self, then: str, role: str) -> None:
        match then:
            case "kill_nats":
                await self.kill_nats(0)
            case "wipe_nats":
                await self.wipe_nats(0)
            case "kill_postgres":
                await self.kill_postgres(role, 0)

    # --- NATS ---------------------------------------------------------------------------------

    async def kill_nats(self, seconds: float) -> None:
        async with self._world.servers:
            await self._world.nats.kill()
            await asyncio.sleep(seconds)
            await self._world.nats.start()

    async def wipe_nats(self, seconds: float) -> None:
        async with self._world.servers:
            await self._world.nats.wipe()
            await asyncio.sleep(seconds)
            await self._world.nats.start()

    async def delete_stream(self, role: str) -> None:
        await self._with_stream(role, lambda js, stream: js.delete_stream(stream))

    async def purge_stream(self, role: str) -> None:
        await self._with_stream(role, lambda js, stream: js.purge_stream(stream))

    async def delete_message(self, role: str, *, last: bool, then_kill_nats: bool) -> None:
        async def delete(js: JetStreamContext, stream: str) -> None:
            state = (await js.stream_info(stream)).state
            sequence = state.last_seq if last else self._rng.randint(state.first_seq, max(1, state.last_seq))
            await js.delete_msg(stream, sequence)

        await self._with_stream(role, delete)
        if then_kill_nats:
            await self.kill_nats(0)

    async def delete_messages(self, role: str, share: float) -> None:
        """Each of the stream's messages with the given probability."""

        async def delete(js: JetStreamContext, stream: str) -> None:
            state = (await js.stream_info(stream)).state
            for sequence in range(state.first_seq, state.last_seq + 1):
                if self._rng.random() < share:
                    with suppress(APIError):
                        await js.delete_msg(stream, sequence)

        await self._with_stream(role, delete)

    async def delete_message_past_window(self, role: str) -> None:
        """The last message, with the relay away until its id is no longer known (if the window is short)."""
        for replica in self._world.of_role(role):
            replica.pause()
        await self.delete_message(role, last=True, then_kill_nats=False)
        await asyncio.sleep(min(self._plan.duplicate_window, 1.5) + 0.2)
        for replica in self._world.of_role(role):
            await replica.end()

    async def _with_stream(self, role: str, act: Callable[[JetStreamContext, str], Awaitable[Any]]) -> None:
        """Act on a role's stream, if there is one to be reached."""
        with suppress(*TRANSPORT_ERRORS):
            client = await nats.connect(
                self._world.nats.url, allow_reconnect=False, connect_timeout=1, error_cb=_ignore
            )
            try:
                await act(client.jetstream(timeout=2), f"helpdesk_{SERVICES[role]}")
            finally:
                await client.close()

    # --- PostgreSQL ---------------------------------------------------------------------------

    async def kill_postgres(self, role: str, seconds: float) -> None:
        async with self._world.servers:
            await self._world.postgres[role].kill()
            await asyncio.sleep(seconds)
            await self._world.postgres[role].start()

    async def restart_postgres(self, role: str) -> None:
        async with self._world.servers:
            await self._world.postgres[role].stop()
            await self._world.postgres[role].start()

    async def restore(self, role: str, ago: float, *, announced: bool) -> None:
        """Take a copy, let life go on for a while, and put the copy back; the operator may say so to the log."""
        server = self._world.postgres[role]
        copy = self._world.folder / f"{role}.copy"
        async with self._world.servers:
            await server.stop()
            await copy_cluster(server.data, copy)
            since = monotonic()
            await server.start()
        await asyncio.sleep(ago)
        async with self._world.servers:
            await server.kill()
            await copy_cluster(copy, server.data)
            await server.start()
            if announced:
                await self._begin_epoch(role)
            self._world.losses.append(Loss(role, since, monotonic()))

    async def _begin_epoch(self, role: str) -> None:
        await wait_for_postgres(self._world.postgres[role].dsn())
        async with self._world.database(role) as connection:
            await connection.execute("insert into epochs (epoch, reason) values ($1, 'restored')", new_id())

    async def slow_append(self, seconds: float, ending: str) -> None:
        with suppress(OSError, asyncpg.PostgresError):
            await append_slowly(self._world, self._journal, seconds, ending)

    async def burst(self, events: int) -> None:
        with suppress(OSError, asyncpg.PostgresError):
            await append_many(self._world, self._journal, events)

    # --- what operators ask for ---------------------------------------------------------------

    async def rebuild(self) -> None:
        await self._ask("/projection/rebuild")

    async def retry(self) -> None:
        await self._ask("/parked/retry")

    async def _ask(self, path: str) -> None:
        headers = {"Authorization": f"Bearer {SYSTEM_KEY}"}
        with suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=3, headers=headers) as http:
                await http.post(f"{self._any('mirror').url}/api/{SERVICES['mirror']}{path}")

    def _any(self, role: str) -> Replica:
        return self._rng.choice(self._world.of_role(role))


async def _ignore(_: Exception) -> None:
    """A server that is away is what runs are about."""
