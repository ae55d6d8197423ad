"""Keeps in memory, for each request, what the live projection knows of identities."""

import asyncio
from uuid import UUID

import asyncpg
import structlog

from libs.events import projection
from libs.events.applied import Applied
from libs.events.identities import sessions, signing_keys, staff
from libs.events.projection import LIVE
from libs.events.source import Cursor
from libs.events.waiting import wait_any
from libs.service.rights import Staff
from libs.service.tokens import KeyRing

logger = structlog.get_logger()

SOURCES = ("accounts", "routing")
POLL_SECONDS = 1.0
UNHEARD_OF_SECONDS = 2.0
"""How long a request is kept waiting for news of an administrator whose token is good: they were created just now."""


class IdentityKeeper:
    """Keeps a key ring and the staff up to date, also in a process whose consumer stands by."""

    name = "identities"

    def __init__(
        self, pool: asyncpg.Pool, ring: KeyRing, applied: Applied, *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        self._pool = pool
        self._ring = ring
        self._applied = applied
        self._poll_seconds = poll_seconds
        self._staff: dict[UUID, Staff] = {}
        self._read: dict[str, Cursor] = {}
        self._refreshed = asyncio.Event()
        self._reading = asyncio.Lock()

    async def find(self, administrator: UUID) -> Staff | None:
        """The administrator's rights; None if nobody tells of them."""
        deadline = asyncio.get_running_loop().time() + UNHEARD_OF_SECONDS
        while administrator not in self._staff:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await wait_any(left, self._refreshed):
                return None
        return self._staff[administrator]

    async def until_read(self, source: str, epoch: str, position: int) -> None:
        """Wait until what a source has told of people counts here up to a position of its log."""
        while source in SOURCES:
            refreshed, changed = self._refreshed, self._applied.changed
            if self._has_read(source, epoch, position):
                return
            await wait_any(self._poll_seconds, refreshed, changed)

    def _has_read(self, source: str, epoch: str, position: int) -> bool:
        """What came after the last word of people may be read or not."""
        read = self._read.get(source, Cursor())
        if read.epoch == epoch and read.position >= position:
            return True
        applied, people = self._applied.cursors.get(source), self._applied.people.get(source)
        if applied is None or people is None or applied.epoch != epoch or applied.position < position:
            return False
        return people.epoch == read.epoch and people.position <= read.position

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            seen = self._seen()
            try:
                await self.refresh()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("identities_unread", error=repr(error))
            await self._applied.moved(seen, self._seen, stop, seconds=self._poll_seconds)

    async def refresh(self) -> None:
        async with self._reading:  # or what was read earlier could take the place of what was read later
            await self._refresh()

    async def _refresh(self) -> None:
        if await self._pool.fetchval("select to_regclass($1)", f"{LIVE}.signing_keys") is None:
            return
        async with self._pool.acquire() as connection:
            read = await projection.cursors(connection, LIVE)
        # First the ends, then the keys: as the process starts, nothing is let in that has ended.
        self._ring.end_sessions(await sessions.ended_sessions(self._pool))
        self._keep_keys(await signing_keys.good_keys(self._pool))
        self._staff = await staff.all_staff(self._pool)
        self._read = read
        refreshed, self._refreshed = self._refreshed, asyncio.Event()
        refreshed.set()

    def _keep_keys(self, known: dict[str, str]) -> None:
        for key_id in self._ring.kids - known.keys():
            self._ring.retire(key_id)
        for key_id in known.keys() - self._ring.kids:
            self._ring.add(signing_keys.jwk(key_id, known[key_id]))

    def _seen(self) -> list[object]:
        return [self._applied.people.get(source) for source in SOURCES]
