"""Notify with something to tell: what its benches have in common."""

from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import httpx

from bench.stage import People, Stage, until
from deploy.local.child import Child
from libs.events.catalogue.intake import TicketOpened
from libs.events.log import Change, NewEvent
from tests.infrastructure.players import CAUSE, Player

_BATCH = 100
TEXT = "Since this morning nothing gets through. Please have a look at it soon."


class Notify:
    """The service in a process of its own, which is stopped while there is something to write that it is to find."""

    def __init__(self, stage: Stage, people: People, intake: Player, settings: dict[str, object]) -> None:
        self._stage = stage
        self._people = people
        self._intake = intake
        self._settings = settings
        self._child: Child | None = None
        self.base = f"http://127.0.0.1:{stage.ports['notify']}/api/notify"

    @classmethod
    async def begun(cls, stage: Stage, **settings: object) -> "Notify":
        """It has run before, so that what happens from now on is its news, and knows the people."""
        people = People()
        for name in ("accounts", "routing", "sla"):
            player = await stage.play(name)
            if name == "accounts":
                for entity, data in people.facts():
                    await player.tell(entity, data)
        made = cls(stage, people, await stage.play("intake"), settings)
        await made.start()
        async with httpx.AsyncClient(trust_env=False) as client:

            async def is_known() -> bool:
                return (await client.get(f"{made.base}/mail", headers=people.as_staff())).is_success

            await until(is_known)
        return made

    async def start(self, **more: object) -> None:
        self._child = await self._stage.service("notify", **self._settings, **more)

    async def stop(self) -> None:
        assert self._child
        await self._child.stop()

    async def find(self, tickets: int) -> datetime:
        """So many are submitted while it is not there; the instant before that."""
        log = self._intake.log
        before = await log.now()
        for begun in range(0, tickets, _BATCH):
            opened = [self._opened(number) for number in range(begun, min(begun + _BATCH, tickets))]
            await log.append(opened, CAUSE, await log.now())
        return before

    async def webhook(self, url: str) -> UUID:
        body = {"name": "Bench", "url": url, "types": [TicketOpened.TYPE]}
        async with httpx.AsyncClient(trust_env=False) as client:
            made = await client.post(f"{self.base}/webhooks", json=body, headers=self._people.as_staff())
        made.raise_for_status()
        return UUID(made.json()["id"])

    async def without(self, webhook: UUID) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            gone = await client.delete(f"{self.base}/webhooks/{webhook}", headers=self._people.as_staff())
        gone.raise_for_status()

    async def database(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._stage.postgres.dsn("helpdesk_notify"))

    def _opened(self, number: int) -> Change:
        of = {"account_id": self._people.account, "user_id": self._people.user, "category_id": uuid4()}
        data = TicketOpened(number=number, subject="Mail does not arrive", text=TEXT, message_id=uuid4(), **of)
        return Change(uuid4(), "ticket", 0, [NewEvent(data)], b"{}")
