"""Telling viewers what changes: one task a process reads the changes, and hands them to all who watch."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping

import asyncpg
import structlog

from libs.events.applied import Applied
from libs.events.waiting import wait_any
from libs.service import metrics
from services.query.domain.changes import Message, Place, event
from services.query.live.viewer import Viewer
from services.query.store import changes, tickets
from services.query.store.changes import Change

logger = structlog.get_logger()

BATCH = 1000
IDLE_SECONDS = 60.0

_Read = Callable[[asyncpg.Pool, list[str]], Awaitable[Mapping[str, str]]]


class Live:
    """The worker that reads the changes, and the door for viewers."""

    name = "live"

    def __init__(self, pool: asyncpg.Pool, applied: Applied, poll_seconds: float) -> None:
        self._pool = pool
        self._applied = applied
        self._poll_seconds = poll_seconds
        self._viewers: set[Viewer] = set()
        self._joined = asyncio.Event()
        self._place = Place(0, 0)
        self._reading = asyncio.Lock()
        self._is_over = False

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            changed = self._applied.changed
            if self._viewers:
                await self._read()
                await wait_any(self._poll_seconds, changed, stop)
            else:
                self._joined.clear()
                await wait_any(IDLE_SECONDS, self._joined, stop)
        self._is_over = True
        for viewer in self._viewers:
            viewer.end()

    async def watch(self, account: str | None, last_event_id: str | None) -> AsyncGenerator[bytes, None]:
        """What was missed since the last event seen, or `reset` when that is not known any more; then what changes."""
        viewer = Viewer(account)
        metrics.SSE_VIEWERS.labels(service="query").inc()
        try:
            await self._join(viewer, Place.parse(last_event_id) if last_event_id else None)
            async for text in viewer.messages():
                yield text
        finally:
            self._viewers.discard(viewer)
            metrics.SSE_VIEWERS.labels(service="query").dec()

    async def _join(self, viewer: Viewer, seen: Place | None) -> None:
        place = await self._admit(viewer)
        if seen is None:
            viewer.recall({"ready": event("ready", place, "{}")})
        elif (missed := await self._missed(seen, place)) is None:
            viewer.reset(place)
        else:
            told = await self._told(missed, place.generation, {viewer.account})
            viewer.recall({m.key: text for m in told if (text := m.to(viewer.account)) is not None})

    async def _admit(self, viewer: Viewer) -> Place:
        """From the place that is answered on, the viewer is told what changes."""
        async with self._reading:
            if not self._viewers:
                self._place = await changes.end(self._pool)
            self._viewers.add(viewer)
            self._joined.set()
            if self._is_over:
                viewer.end()
            return self._place

    async def _missed(self, seen: Place, place: Place) -> list[Change] | None:
        if seen == place:
            return []
        if seen.generation != place.generation or seen.seq > place.seq:
            return None
        if not await changes.reach_back_to(self._pool, seen):
            return None
        found = await changes.since(self._pool, seen, BATCH + 1)
        return found if found is not None and len(found) <= BATCH else None

    # --- what changes -------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            async with self._reading:
                while await self._step():
                    pass
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            logger.warning("changes_unread", error=repr(error))

    async def _step(self) -> bool:
        """Tell everybody the next changes; whether there may be more."""
        found = await changes.since(self._pool, self._place, BATCH)
        if found is None:
            await self._begin_anew()
            return False
        if found:
            told = await self._told(found, self._place.generation, {viewer.account for viewer in self._viewers})
            self._place = Place(self._place.generation, found[-1].seq)
            for viewer in self._viewers:
                for message in told:
                    viewer.offer(message, self._place)
        return len(found) == BATCH

    async def _begin_anew(self) -> None:
        place = await changes.end(self._pool)
        if place.generation != self._place.generation:
            self._place = place
            for viewer in self._viewers:
                viewer.reset(place)

    async def _told(self, found: Iterable[Change], generation: int, accounts: set[str | None]) -> list[Message]:
        """The last word on each ticket, written once for all who watch from these accounts (None: administrators)."""
        latest: dict[str, Change] = {}
        for change in found:
            latest.pop(change.ticket or change.kind, None)
            latest[change.ticket or change.kind] = change
        rows = await self._rows(tickets.rows, latest.values()) if None in accounts else {}
        of_clients = [change for change in latest.values() if change.account in accounts - {None}]
        clients_rows = await self._rows(tickets.clients_rows, of_clients)
        return [_message(change, generation, rows, clients_rows) for change in latest.values()]

    async def _rows(self, read: _Read, told: Iterable[Change]) -> Mapping[str, str]:
        ids = [change.ticket for change in told if change.kind == "ticket"]
        return await read(self._pool, ids) if ids else {}


def _message(change: Change, generation: int, rows: Mapping[str, str], clients_rows: Mapping[str, str]) -> Message:
    place = Place(generation, change.seq)
    if change.kind == "refresh":
        text = event("refresh", place, "{}")
        return Message("refresh", None, text, text)
    if change.kind == "gone":
        text = event("ticket", place, f'{{"id":"{change.ticket}","gone":true}}')
        return Message(change.ticket, change.account, text, text)
    row, clients_row = rows.get(change.ticket), clients_rows.get(change.ticket)
    return Message(
        change.ticket,
        change.account,
        event("ticket", place, row) if row else None,
        event("ticket", place, clients_row) if clients_row else None,
    )
