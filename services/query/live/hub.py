"""Telling viewers what changes: one task a process reads the changes, and hands them to all who watch."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg
import structlog

from libs.events.applied import Applied
from libs.events.identities import staff
from libs.events.identities.keeper import IdentityKeeper
from libs.events.waiting import wait_any
from libs.service import metrics
from libs.service.http import to_json
from libs.worktime import to_micros
from services.query.domain import shown
from services.query.domain.changes import Call, Message, Place, Reader, Where, Word, event
from services.query.domain.shown import Known
from services.query.domain.sight import Sight
from services.query.live.viewer import Viewer
from services.query.store import changes, tickets
from services.query.store.changes import Change
from services.query.store.lookups import Lookups

logger = structlog.get_logger()

BATCH = 1000
IDLE_SECONDS = 60.0


class Live:
    """The worker that reads the changes, and the door for viewers."""

    name = "live"

    def __init__(
        self,
        pool: asyncpg.Pool,
        lookups: Lookups,
        applied: Applied,
        identities: IdentityKeeper,
        poll_seconds: float,
    ) -> None:
        self._pool = pool
        self._lookups = lookups
        self._applied = applied
        self._identities = identities
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

    async def watch(self, viewer: Viewer, last_event_id: str | None) -> AsyncGenerator[bytes, None]:
        """What was missed since the last event seen, or `reset` when that is not known any more; then what changes."""
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
        elif (missed := await self._missed(seen, place)) is None or _is_of_others(missed, viewer):
            viewer.reset(place)
        else:
            told = await self._told(missed, place.generation, [viewer.reader])
            viewer.recall({m.key: text for m in told if (text := m.to(viewer.reader)) is not None})

    async def _admit(self, viewer: Viewer) -> Place:
        """From the place that is answered on, the viewer is told what changes."""
        async with self._reading:
            if not self._viewers:
                self._place = await changes.end(self._pool)
            # As they are at this place: a change that was told before is not told again.
            viewer.renew(await staff.all_staff(self._pool), self._place)
            viewer.pending.clear()
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
        if any(change.kind == "rights" for change in found):
            await self._renew_viewers()
        if found:
            told = await self._told(found, self._place.generation, [viewer.reader for viewer in self._viewers])
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

    async def _renew_viewers(self) -> None:
        """See to it that who is told to look again is shown what they may see now."""
        await self._identities.refresh()
        everybody = await staff.all_staff(self._pool)
        for viewer in self._viewers:
            viewer.renew(everybody, self._place)

    async def _told(self, found: Iterable[Change], generation: int, readers: Iterable[Reader]) -> list[Message]:
        """The last word on each ticket, written once for all who watch."""
        latest = _latest(found)
        accounts = {reader for reader in readers if not isinstance(reader, Sight)}
        is_for_staff = any(isinstance(reader, Sight) for reader in readers)
        rows = await self._rows(latest) if is_for_staff else {}
        of_clients = [merged for merged in latest if merged.last.account in accounts]
        clients_rows = await tickets.clients_rows(self._pool, _mentioned(of_clients))
        return [_message(merged, generation, rows, clients_rows) for merged in latest if merged.last.kind != "rights"]

    async def _rows(self, told: "Iterable[_Merged]") -> dict[str, "_Shown"]:
        rows = await tickets.rows(self._pool, _mentioned(told))
        known = await self._lookups.of(rows)
        return {row["id"]: _shown(row, known) for row in rows}


@dataclass(frozen=True, slots=True)
class _Merged:
    """The last of some changes of one ticket, and where it was before each of them."""

    last: Change
    before: frozenset[Where] = frozenset()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A ticket as the list shows it (JSON), and by what it is told who may see it."""

    ticket: str
    where: Where


def _shown(row: asyncpg.Record, known: Known) -> _Shown:
    places = (row["department_id"], row["responsible_id"])
    where = Where(*(UUID(place) if place else None for place in places))
    return _Shown(to_json(shown.ticket(row, known, to_micros(row["as_of"]))).decode(), where)


def _mentioned(told: Iterable[_Merged]) -> list[str]:
    """Tickets of which there is something to show."""
    return [merged.last.ticket for merged in told if merged.last.kind == "ticket"]


def _latest(found: Iterable[Change]) -> list[_Merged]:
    """One of each ticket, in the order of the last changes; clients are to know if they were at any of them."""
    latest: dict[str, _Merged] = {}
    for change in found:
        former = latest.pop(change.ticket or change.kind, None)
        before = frozenset([change.before]) if change.before else frozenset[Where]()
        if former:
            change = replace(change, account=change.account or former.last.account)  # noqa: PLW2901 - what it adds up to
            before |= former.before
        latest[change.ticket or change.kind] = _Merged(change, before)
    return list(latest.values())


def _is_of_others(missed: Iterable[Change], viewer: Viewer) -> bool:
    """Whether an administrator's rights may have changed meanwhile: what was seen before is then not what is seen now."""
    return viewer.administrator is not None and any(change.kind == "rights" for change in missed)


def _message(merged: _Merged, generation: int, rows: Mapping[str, _Shown], clients_rows: Mapping[str, str]) -> Message:
    change = merged.last
    place = Place(generation, change.seq)
    if change.kind == "refresh":
        return Call("refresh", event("refresh", place, "{}"))
    gone = event("ticket", place, f'{{"id":"{change.ticket}","gone":true}}')
    row, clients_row = rows.get(change.ticket), clients_rows.get(change.ticket)
    to_clients = gone if change.kind == "gone" else clients_row and event("ticket", place, clients_row)
    return Word(
        change.ticket,
        row.where if row else None,
        merged.before,
        event("ticket", place, row.ticket) if row else None,
        gone,
        change.account,
        to_clients or None,
    )
