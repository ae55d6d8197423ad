"""Live lists on a real read model, with changes, clock and reading in the hands of the test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from bench.ticket_stories import START
from libs.events import identities, projection
from libs.events.applied import Applied
from libs.events.envelope import Event
from libs.events.identities.keeper import IdentityKeeper
from libs.events.log import Key
from libs.events.projection import LIVE
from libs.service.database import create_pool, migrate
from libs.service.rights import Staff
from libs.service.tokens import KeyRing
from services.query.app import MIGRATIONS
from services.query.commands import ViewCommands
from services.query.consumers import ReadModel
from services.query.domain.changes import Seen
from services.query.domain.orders import Filters, Request, State
from services.query.domain.views import View
from services.query.live import Live, Pace, Wish
from services.query.live.viewer import Viewer
from services.query.live.wish import Chosen, chosen
from services.query.store import lists
from services.query.store.lookups import Lookups
from tests.integration.query.query_builders import begin


@dataclass
class Stage:
    pool: asyncpg.Pool
    live: Live
    views: ViewCommands
    now: datetime = START
    _keys: int = 0

    async def tell(self, events: Sequence[Event]) -> None:
        """Fold a batch, as the applier does it."""
        async with self.pool.acquire() as connection, connection.transaction():
            await projection.enter(connection, LIVE)
            await identities.fold(connection, events)
            await ReadModel().fold(connection, events)

    async def read(self) -> None:
        """Let all that has been told, and time, come to the viewers."""
        await self.live._read()

    async def numbers(self, chosen: Chosen) -> list[int]:
        """What the list says, page by page."""
        filters = chosen.filters if chosen.filters is not None else Filters(state=State.ALL)
        request = Request("id", "asc", filters, 200, None, self.now, chosen.sight)
        found: list[int] = []
        while True:
            page = await lists.page(self.pool, request)
            found += [row["number"] for row in page.rows]
            if page.end is None:
                return found
            request = Request("id", "asc", filters, 200, page.end, self.now, chosen.sight)

    async def view(self, maker: Staff, **given: Any) -> View:
        self._keys += 1
        fields = {"name": "A view", "filters": Filters(), "sort": "weight", "order": None, "columns": (), **given}
        return await self.views.create(fields, maker, Key(str(self._keys)))


@asynccontextmanager
async def staged(dsn: str) -> AsyncIterator[Stage]:
    connection = await asyncpg.connect(dsn)
    try:
        await migrate(connection, projection.MIGRATIONS, MIGRATIONS)
    finally:
        await connection.close()
    pool = await create_pool(dsn, application_name="test")
    try:
        await begin(pool)
        applied = Applied()
        keeper = IdentityKeeper(pool, KeyRing(), applied)
        stage: Stage
        live = Live(pool, Lookups(pool), applied, keeper, Pace(pause=0), lambda: stage.now)
        stage = Stage(pool, live, ViewCommands(pool, lambda: stage.now))
        yield stage
    finally:
        await pool.close()


@dataclass(eq=False)
class Watcher:
    """A client that keeps a list as docs/live.md says: fetches it at first and after a reset, else goes by the stream."""

    stage: Stage
    wish: Wish
    reader: Staff | None = None
    view: View | None = None
    has: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)
    resets: int = 0
    last_id: str | None = None
    viewer: Viewer | None = None
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def chosen(self) -> Chosen:
        return chosen(self.view, self.wish.asked, self.reader)

    async def connect(self) -> None:
        self.viewer = self.stage.live.viewer(self.wish)
        await self.stage.live._admit(self.viewer)
        if self.wish.asked and self.wish.asked.text:
            await self.stage.read()  # its members are read first
        await self.stage.live._recall(self.viewer, Seen.parse(self.last_id) if self.last_id else None)
        await self.hear()

    def disconnect(self) -> None:
        if self.viewer is not None:
            self.stage.live._seats.leave(self.viewer)
            self.viewer = None

    async def look(self) -> None:
        """Fetch the list, as somebody does who scrolls: what the stream says from here on still holds."""
        self.has = set(await self.stage.numbers(self.chosen))

    async def hear(self) -> None:
        """Take in what has been said by now."""
        if self.viewer is None:
            return
        text = self.viewer._words() + self.viewer._counts(float("inf"))
        for event in text.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in event.splitlines())
            await self._take(fields["event"], orjson.loads(fields["data"]), fields["id"])

    async def _take(self, event: str, data: dict[str, Any], place: str) -> None:
        self.last_id = place
        self.said.append({"event": event, **data})
        match event:
            case "ready" | "reset":
                self.resets += event == "reset"
                await self.look()
            case "counts":
                self.counts |= data
            case "ticket":
                await self._keep(data)

    async def _keep(self, data: dict[str, Any]) -> None:
        if "number" in data:
            self._numbers[data["id"]] = data["number"]
            self.has.add(data["number"])
        else:
            self.has.discard(await self._number(UUID(data["id"])))

    async def _number(self, ticket: UUID) -> int:
        """Of a ticket that is out or gone; a client has it from its own list."""
        known = await self.stage.pool.fetchval(
            "select number from tickets where id = $1 union all select number from tombstones where id = $1", ticket
        )
        number: int = self._numbers.get(str(ticket), known)
        return number


def later(stage: Stage, **given: float) -> None:
    stage.now += timedelta(**given)
