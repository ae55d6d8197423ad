"""The log feed, on the writing side: `GET /api/<service>/log`. Only final events are told, in the order of the tail."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from libs.events import envelope
from libs.events.log import Log
from libs.events.tail import FOREVER, event_before, settle
from libs.service.auth import LOG_READ, Caller, require_system
from libs.service.http import JSONBytes
from libs.service.problems import Conflict, Unavailable, problem_responses
from libs.service.routes import service_router

logger = structlog.get_logger()

MAX_PAGE = 5000
SETTLE_SECONDS = 10.0
"""How long a reader waits for what is being written at the end of the log."""


class DivergedProblem(Conflict):
    """What was read before is not in this log: compare from the beginning."""

    slug = "diverged"


class LogPage(BaseModel):
    """Events of a log, each a CloudEvent."""

    epoch: str
    is_last: bool = Field(description="There were no more at that moment")
    events: list[dict[str, Any]]


class LogReader:
    """Reads final events without a place of its own: the fence is drawn once for each new end of the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._final_until = 0
        self._life: tuple[str, datetime] | None = None
        """Epoch, and when the server started: a restored log, noticed or not yet, has nothing final from before."""

    async def page(self, after: int, limit: int) -> bytes:
        """JSON of a page: {"epoch", "events": […], "is_last"}."""
        pool = self._log.pool
        epoch = await self._same_life()
        end = await self._settle(after, limit)
        predecessor, _ = await event_before(pool, after)
        rows = await pool.fetch(_PAGE, after, end, limit)
        parts: list[bytes] = []
        for row in rows:
            parts.append(envelope.place(row["envelope"], epoch, row["position"], predecessor))
            predecessor = row["position"]
        is_last = b"true" if len(rows) < limit else b"false"
        return b'{"epoch":"%s","is_last":%s,"events":[%s]}' % (epoch.encode(), is_last, b",".join(parts))

    async def _same_life(self) -> str:
        """The epoch; forgets what was final if the log has begun a new life."""
        life = (await self._log.epoch(), await self._log.pool.fetchval("select pg_postmaster_start_time()"))
        if life != self._life:
            self._life, self._final_until = life, 0
        return life[0]

    async def _settle(self, after: int, limit: int) -> int:
        """A position up to which the log is final, far enough for this page or else its end."""
        pool = self._log.pool
        if await pool.fetchval(_NEEDS_MORE, after, self._final_until, limit):
            end, _ = await event_before(pool, FOREVER)
            try:
                async with asyncio.timeout(SETTLE_SECONDS):
                    await settle(pool)
            except TimeoutError:
                raise Unavailable(
                    "A long transaction holds back the end of the log", headers={"Retry-After": "1"}
                ) from None
            self._final_until = max(self._final_until, end)
        return self._final_until

    async def check_reader(self, after: int, event_id: UUID | None, epoch: str | None, *, is_trusted: bool) -> None:
        """Raise a problem when the reader has seen what is not in the log.

        If it was in this epoch the log has been restored, and a new one begins; only on a service's own word, as all
        readers have to compare then.
        """
        if event_id is None or (after, event_id) == await event_before(self._log.pool, after):
            return
        present = await self._log.epoch()
        if epoch == present and is_trusted:
            logger.error("log_was_restored", service=self._log.service, reader_position=after)
            present = await self._log.begin_epoch("a reader was ahead of the log", instead_of=present)
        raise DivergedProblem(epoch=present)


def log_router(service: str) -> APIRouter:
    """The feed's route, for systems that may read all of the log."""
    router = service_router(service, tags=["log"])

    async def reader_of(connection: HTTPConnection) -> LogReader:
        reader = connection.app.state.backbone.reader
        assert isinstance(reader, LogReader)
        return reader

    @router.get(
        "/log",
        summary="Read the log in order",
        responses={200: {"model": LogPage}, **problem_responses(DivergedProblem, Unavailable)},
    )
    async def read_log(
        reader: Annotated[LogReader, Depends(reader_of)],
        caller: Annotated[Caller, Depends(require_system(LOG_READ))],
        after: Annotated[int, Query(ge=0, le=2**62, description="Position behind which to read")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1000,
        event_id: Annotated[UUID | None, Query(description="Id of the event that was read at `after`")] = None,
        epoch: Annotated[str | None, Query(description="Epoch in which `after` was read")] = None,
    ) -> JSONBytes:
        """Events behind a position, in their order."""
        await reader.check_reader(after, event_id, epoch, is_trusted=caller.kind == "service")
        return JSONBytes(await reader.page(after, limit))

    return router


_PAGE = "select position, envelope from log where position > $1 and position <= $2 order by position limit $3"
_NEEDS_MORE = """
select exists (select from log where position > greatest($1::bigint, $2::bigint))
   and (select count(*) from (select from log where position > $1 and position <= $2 limit $3::bigint) as known) < $3
"""
