"""The commands on named views, the only facts of query's own."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from libs.events.log import Executor, Key
from libs.service.idempotency import KeyReused
from libs.service.ids import Ids, new_id
from libs.service.problems import Conflict, Invalid, NotFound
from libs.service.rights import Staff
from services.query.domain.views import View, admitted, changed, in_order, made
from services.query.store import views

MOST = 200
"""Views that one administrator may have: whoever watches counts is told of each of them."""


class ViewCommands:
    def __init__(self, pool: asyncpg.Pool, now: Callable[[], datetime] | None = None, ids: Ids = new_id) -> None:
        self._pool = pool
        self._now = now or _utc_now
        self._ids = ids

    async def create(self, given: Mapping[str, Any], maker: Staff, key: Key) -> View:
        """The new view, or the one that was made with this key before; NotFound when that has been deleted since."""
        async with self._changing() as connection:
            if used := await views.used_key(connection, key):
                return await _made_before(connection, key, *used)
            if await views.count_of(connection, maker.id) >= MOST:
                raise Conflict(f"{MOST} views are the most that one may have")
            now = self._now()
            view = made(View(id=self._ids(), owner=maker.id, created_at=now, changed_at=now, **given), maker)
            await views.add(connection, view, key)
        return view

    async def change(self, view: UUID, changes: Mapping[str, Any], expected: int | None, staff: Staff) -> View:
        async with self._changing() as connection:
            found = await views.find(connection, view)
            after, is_other = changed(found, staff, expected, dict(changes), self._now())
            if is_other:
                await views.replace(connection, after)
        return after

    async def delete(self, view: UUID, staff: Staff) -> None:
        async with self._changing() as connection:
            admitted(await views.find(connection, view), staff)
            await views.delete(connection, view)

    async def place(self, ids: Sequence[UUID], reader: Staff) -> list[View]:
        """From now on the reader has their views in this order. Invalid for one that they do not have."""
        async with self._changing() as connection:
            there = [view for view in await views.all_of(connection, reader.id) if view.is_meant_for(reader)]
            known = {view.id for view in there}
            for place, view in enumerate(ids):
                if view not in known:
                    raise Invalid.at(f"/ids/{place}", "This is none of one's views")
            await views.keep_order(connection, reader.id, ids)
        return in_order(there, ids)

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Executor]:
        """One at a time, which is often enough for what people do by hand."""
        async with self._pool.acquire() as connection, connection.transaction():
            await views.lock(connection)
            yield connection


async def _made_before(executor: Executor, key: Key, fingerprint: str, view: UUID) -> View:
    if fingerprint != key.fingerprint:
        raise KeyReused
    found = await views.find(executor, view)
    if found is None:
        raise NotFound
    return found


def _utc_now() -> datetime:
    return datetime.now(UTC)
