"""Telling viewers what changes: one task a process reads the changes, and hands them to all whom they concern."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog

from libs.events.applied import Applied
from libs.events.identities import staff
from libs.events.identities.keeper import IdentityKeeper
from libs.events.log import Executor
from libs.events.waiting import wait_any
from libs.service import metrics
from libs.service.problems import Unavailable
from libs.service.rights import Staff
from libs.worktime import to_instant, to_micros
from services.query.domain.changes import READY, Place, Seen, Word
from services.query.live.lists import LiveList
from services.query.live.news import BATCH, Audience, News, ToAll, ToClients, read_news
from services.query.live.seats import Directory, NotThere, Seats
from services.query.live.standing import Standing
from services.query.live.touched import Touched
from services.query.live.viewer import Viewer
from services.query.live.wish import Chosen, Wish
from services.query.store import changes, views
from services.query.store.changes import Outlook, Reading
from services.query.store.lookups import Lookups
from services.query.store.members import members

logger = structlog.get_logger()

T = TypeVar("T")
IDLE_SECONDS = 60.0
LOADING_SECONDS = 20.0
"""How long somebody is kept waiting for the members of lists that nobody has watched or counted for a while."""
SWEEP_SECONDS = 1.0
NAMES_SECONDS = 3.0
"""The least time between readings of lists by text after names have changed, which some systems do all day."""
LOAD_AT_ONCE_SECONDS = 0.05
"""After so long of reading members, the changes come first again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between looks at the changes where another process consumes, between looks at any rate, between messages to a
    viewer, and for how long a list is kept up to date after the last who wanted it.
    """

    poll: float = 0.2
    tick: float = 0.02
    pause: float = 0.25
    kept: float = 300.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many tickets some lists have, at a place in the sequence of changes and an instant."""

    sizes: Mapping[str, int]
    place: Place
    at: datetime


class Live:
    """The worker that reads the changes, and the door for viewers and for whoever counts."""

    name = "live"

    def __init__(
        self,
        pool: asyncpg.Pool,
        lookups: Lookups,
        applied: Applied,
        identities: IdentityKeeper,
        pace: Pace,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._pool = pool
        self._lookups = lookups
        self._applied = applied
        self._identities = identities
        self._pace = pace
        self._now = now
        self._standing = Standing()
        self._seats = Seats(self._standing)
        self._staff: Mapping[UUID, Staff] = {}
        self._views_seen = -1
        self._to_count: set[Viewer] = set()
        self._is_reading = False
        self._is_over = False
        self._swept_at = 0.0
        self._names_at = 0.0
        self._lock = asyncio.Lock()
        self._joined = asyncio.Event()
        self._stepped = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            changed = self._applied.changed
            self._joined.clear()
            if self._is_wanted():
                await asyncio.gather(self._read(), asyncio.sleep(self._pace.tick))
                await wait_any(self._pace.poll, changed, self._joined, stop)
            else:
                self._is_reading = False
                await wait_any(IDLE_SECONDS, self._joined, stop)
        self._is_over = True
        for viewer in self._seats:
            viewer.end()

    def _is_wanted(self) -> bool:
        now, lists = asyncio.get_running_loop().time(), self._seats.lists
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            lists.drop_idle(now, self._pace.kept)
            metrics.LIVE_LISTS.labels(service="query").set(len(lists))
        return self._seats.are_taken

    # --- who watches and counts -----------------------------------------------------------------

    def viewer(self, wish: Wish) -> Viewer:
        return Viewer(wish, self._standing, self._pace.pause)

    async def watch(self, viewer: Viewer, last_event_id: str | None) -> AsyncGenerator[bytes, None]:
        """What was missed since the last event seen, or `reset` when that is not known any more; then what changes."""
        metrics.SSE_VIEWERS.labels(service="query").inc()
        try:
            await self._admit(viewer)
            if not viewer.is_over:
                await self._recall(viewer, Seen.parse(last_event_id) if last_event_id else None)
            async for text in viewer.messages():
                yield text
        except Unavailable:
            return  # what was sent is true, and whoever comes back will be told the rest
        finally:
            self._seats.leave(viewer)
            metrics.SSE_VIEWERS.labels(service="query").dec()

    async def _admit(self, viewer: Viewer) -> None:
        """From here on the viewer is told what changes."""
        async with self._lock:
            await self._begin()
            try:
                self._seats.seat(viewer, await self._directory(self._pool, viewer))
            except NotThere:
                viewer.end()
            self._joined.set()
            if self._is_over:
                viewer.end()

    async def sizes(self, wanted: Mapping[str, Chosen], *, is_fresh: bool = False) -> Sizes:
        """How many tickets lists have, as far as changes have been read, or (`is_fresh`) at least as they are now."""
        async with self._lock:
            await self._begin()
            lists = {key: self._seats.lists.of(chosen) for key, chosen in wanted.items()}
            for one in lists.values():
                self._seats.lists.want_members(one)
                one.wanted_at = asyncio.get_running_loop().time()
            self._joined.set()
        if is_fresh:
            await self._read()
        await self._until(lambda: all(one.size is not None for one in lists.values()))
        counted = {key: one.size or 0 for key, one in lists.items()}
        return Sizes(counted, self._standing.place, to_instant(self._standing.at))

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Unavailable if that takes too long."""
        try:
            async with asyncio.timeout(LOADING_SECONDS):
                while not holds():
                    await self._stepped.wait()
        except TimeoutError:
            raise Unavailable("Lists are still being counted; try again") from None

    async def _recall(self, viewer: Viewer, seen: Seen | None) -> None:
        watched = self._seats.list_of(viewer)
        if watched is not None and watched.text is not None:  # only then its members say what is out
            await self._until(lambda: not watched.is_to_load)
        if seen is not None:
            await self._read()  # or what comes with what was missed would be told a second time
        if seen is None:
            viewer.recall({"ready": self._standing.word(READY)})
        elif (missed := await self._missed(viewer, watched, seen)) is None:
            viewer.reset()
        else:
            viewer.recall(missed)

    async def _missed(self, viewer: Viewer, watched: LiveList | None, seen: Seen) -> dict[str, Word] | None:
        """The last word on each ticket that was touched since; None when they are not known, or not of this list."""
        if seen.of != viewer.list_name:
            return None
        since = Standing(seen.place, seen.at or self._standing.at)
        client = viewer.wish.client
        audience = Audience.of(watched, client)
        async with changes.reading(self._pool, self._clock()) as reading:
            if reading is None or not reading.outlook.reaches_back_to(seen.place):
                return None
            news = await read_news(reading, since, audience, self._lookups)
        if watched and watched.text is not None and any(isinstance(told, ToAll) for told in news.told):
            return None  # by other names another list
        # Whose rights have changed meanwhile saw something else then than they see now.
        if not news.standing.is_whole or len(news.told) > BATCH or (news.are_rights_others and client is None):
            return None
        return _recalled(news, watched)

    # --- what changes -----------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            async with self._lock:
                while await self._step():
                    pass
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            logger.warning("changes_unread", error=repr(error))

    async def _step(self) -> bool:
        """Tell everybody the next changes; whether there may be more to do."""
        if await self._is_quiet():
            return self._end_step(is_done=True)
        async with changes.reading(self._pool, self._clock()) as reading:
            if reading is None or not reading.outlook.reaches_back_to(self._standing.place):
                await self._begin_anew()
                return False
            lists = self._seats.lists
            audience = Audience(len(lists) > 0, len(lists.timed) > 0, lists.with_text, self._seats.accounts)
            news = await read_news(reading, self._standing, audience, self._lookups)
            await self._renew(reading, news)
            self._move(news.standing)
            self._tell(news)
            if news.standing.is_whole:
                await self._load(reading)
                await self._look_again(reading)
        return self._end_step(is_done=news.standing.is_whole and not self._seats.lists.to_load)

    async def _is_quiet(self) -> bool:
        """Whether there is nothing to tell: one short statement, most of the time."""
        standing = self._standing
        since = to_instant(standing.at) if self._seats.lists.timed else None
        found = await changes.outlook(self._pool, self._clock(), since)
        if found is None or found.place != standing.place or found.is_due:
            return False
        if found.views != self._views_seen or self._seats.lists.to_load or self._is_to_look_again():
            return False
        standing.at, standing.is_whole = max(standing.at, to_micros(found.at)), True
        return True

    def _move(self, standing: Standing) -> None:
        self._standing.place, self._standing.at = standing.place, standing.at
        self._standing.is_whole = standing.is_whole

    def _tell(self, news: News) -> None:
        for told in news.told:
            match told:
                case Touched():
                    self._tell_lists(told)
                case ToClients():
                    for viewer in self._seats.of_account(told.account):
                        viewer.offer(told.ticket, told.word)
                case ToAll():
                    self._seats.lists.stale |= self._seats.lists.with_text
                    for viewer in self._seats:
                        viewer.offer("refresh", told.word)

    def _tell_lists(self, touched: Touched) -> None:
        for one in self._seats.lists.concerned(touched):
            body, is_other = one.take(touched)
            if is_other:
                self._to_count |= one.counters
            if body and one.viewers:
                word = touched.word(body)
                for viewer in one.viewers:
                    viewer.offer(touched.ticket, word)

    async def _load(self, reading: Reading) -> None:
        """Read the members of lists that somebody waits for, at the place and instant that the others are at."""
        began = perf_counter()
        lists = self._seats.lists
        for one in list(lists.to_load):
            filters, sight = one.chosen
            assert filters is not None, "only views are counted, and only filters look for a text"
            lists.loaded(one, await members(reading.executor, filters, sight, to_instant(self._standing.at)))
            self._to_count |= one.counters
            if perf_counter() - began > LOAD_AT_ONCE_SECONDS:
                return

    def _is_to_look_again(self) -> bool:
        return bool(self._seats.lists.stale) and asyncio.get_running_loop().time() >= self._names_at

    async def _look_again(self, reading: Reading) -> None:
        """Names have changed: whoever watches a list by text that has other tickets now has to fetch it anew."""
        if not self._is_to_look_again():
            return
        lists = self._seats.lists
        for one in list(lists.stale):
            before, filters = one.members, one.chosen.filters
            assert filters is not None
            lists.loaded(one, await members(reading.executor, filters, one.chosen.sight, to_instant(self._standing.at)))
            if one.members != before:
                self._to_count |= one.counters
                for viewer in one.viewers:
                    viewer.reset()
        self._names_at = asyncio.get_running_loop().time() + NAMES_SECONDS

    def _end_step(self, *, is_done: bool) -> bool:
        if self._standing.is_whole:
            for viewer in self._to_count:
                viewer.count()
            self._to_count.clear()
        stepped, self._stepped = self._stepped, asyncio.Event()
        stepped.set()
        return not is_done

    # --- where it stands ----------------------------------------------------------------------------

    def _clock(self) -> datetime | None:
        return self._now() if self._now else None

    async def _begin(self) -> None:
        """Stand at the last change, unless changes are being read already."""
        if not self._is_reading:
            await self._stand(await changes.outlook(self._pool, self._clock()))
            self._is_reading = True

    async def _begin_anew(self) -> None:
        """The projection is another one, or changes are lost: nobody can be told what is different."""
        await self._stand(await changes.outlook(self._pool, self._clock()))
        self._seats.renew(await self._directory(self._pool))
        for viewer in self._seats:
            viewer.reset()

    async def _stand(self, found: Outlook | None) -> None:
        self._staff = await staff.all_staff(self._pool) if found else {}
        self._views_seen = found.views if found else -1
        self._move(Standing(found.place, to_micros(found.at)) if found else Standing())
        self._seats.lists.forget_members()

    async def _renew(self, reading: Reading, news: News) -> None:
        """See to it that who is told to look again is shown what they may see now, and what their views are now."""
        are_views_others = reading.outlook.views != self._views_seen
        if news.are_rights_others:
            await self._identities.refresh()
            self._staff = await staff.all_staff(reading.executor)
        if news.are_rights_others or are_views_others:
            self._views_seen = reading.outlook.views
            self._seats.renew(await self._directory(reading.executor))

    async def _directory(self, executor: Executor, *joining: Viewer) -> Directory:
        """Of all viewers, or of one who joins."""
        wishes = [viewer.wish for viewer in joining] or list(self._seats.wishes)
        watched = {wish.view for wish in wishes if wish.view}
        counting = [wish.administrator for wish in wishes if wish.counts]
        owners = {owner for owner in counting if owner}
        found = await views.wished(executor, watched, owners, shared=bool(counting)) if watched or counting else []
        return Directory(self._staff, {view.id: view for view in found})


def _recalled(news: News, watched: LiveList | None) -> dict[str, Word]:
    recalled: dict[str, Word] = {}
    for told in news.told:
        match told:
            case Touched() if watched and (body := watched.recalled(told)):
                recalled[told.ticket] = told.word(body)
            case ToClients():
                recalled[told.ticket] = told.word
            case ToAll():
                recalled["refresh"] = told.word
    return recalled
