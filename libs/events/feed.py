"""The log feed: all of a log over HTTP, for rebuilding, for healing gaps, and for whoever comes later than the stream reaches.

A reader says where it stands: position, id of the event there, and the epoch it knows. A writer that does not find this
event in its own log has been restored to an earlier point: it begins a new epoch, and the reader learns that it has to
compare. Only final events are told, in the order of the tail.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import httpx
import orjson
import structlog
from fastapi import APIRouter, Depends, Query, Response

from libs.events import envelope
from libs.events.envelope import Event
from libs.events.log import Log
from libs.events.tail import draw_fence, event_before, oldest_running
from libs.service.auth import require_system
from libs.service.problems import Conflict

logger = structlog.get_logger()

MAX_PAGE = 5000
FENCE_POLL_SECONDS = 0.002


class Diverged(Exception):
    """The reader has seen an event that is not in the log (any more)."""

    def __init__(self, service: str, epoch: str) -> None:
        super().__init__(f"{service} is in epoch {epoch}, and what was read before is not in it")
        self.service = service
        self.epoch = epoch


class DivergedProblem(Conflict):
    """What you have read before is not in this log: compare from the beginning."""

    slug = "diverged"


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a position; `is_last` when there were no more at that moment."""

    epoch: str
    events: list[Event]
    is_last: bool


# --- the writing service's side -------------------------------------------------------------------


class LogReader:
    """Reads final events without a place of its own: the fence is drawn once for each new end of the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._final_until = 0

    async def page(self, after: int, limit: int) -> bytes:
        """JSON of a page: {"epoch", "events": […], "is_last"}."""
        pool = self._log.pool
        epoch = await self._log.epoch()
        end = await self._settle(after, limit)
        predecessor, _ = await event_before(pool, after)
        rows = await pool.fetch(_PAGE, after, end, limit)
        parts: list[bytes] = []
        for row in rows:
            parts.append(envelope.place(row["envelope"], epoch, row["position"], predecessor))
            predecessor = row["position"]
        is_last = b"true" if len(rows) < limit else b"false"
        return b'{"epoch":"%s","is_last":%s,"events":[%s]}' % (epoch.encode(), is_last, b",".join(parts))

    async def _settle(self, after: int, limit: int) -> int:
        """A position up to which the log is final, far enough for this page or else its end."""
        pool = self._log.pool
        if await pool.fetchval(_NEEDS_MORE, after, self._final_until, limit):
            end, _ = await event_before(pool, 2**62)
            fence = await draw_fence(pool)
            while await oldest_running(pool) < fence:
                await asyncio.sleep(FENCE_POLL_SECONDS)
            self._final_until = end
        return self._final_until

    async def check_reader(self, after: int, event_id: UUID | None, epoch: str | None) -> None:
        """Raise a problem when the reader has seen what is not in the log; begin a new epoch if it was in this one."""
        if event_id is None or (after, event_id) == await event_before(self._log.pool, after):
            return
        present = await self._log.epoch()
        if epoch == present:
            logger.error("log_was_restored", service=self._log.service, reader_position=after)
            present = await self._log.begin_epoch("a reader was ahead of the log")
        raise DivergedProblem(epoch=present)


def feed_router(log: Log) -> APIRouter:
    """`GET /api/<service>/log`: for systems that may read all of it."""
    router = APIRouter(tags=["log"])
    reader = LogReader(log)

    @router.get(
        f"/api/{log.service}/log",
        dependencies=[Depends(require_system("log:read"))],
        summary="Read the log in order",
        response_class=Response,
    )
    async def read_log(
        after: Annotated[int, Query(ge=0, description="Position behind which to read")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1000,
        event_id: Annotated[UUID | None, Query(description="Id of the event you have at `after`")] = None,
        epoch: Annotated[str | None, Query(description="Epoch you have read `after` in")] = None,
    ) -> Response:
        await reader.check_reader(after, event_id, epoch)
        return Response(await reader.page(after, limit), media_type="application/json")

    return router


_PAGE = "select position, envelope from log where position > $1 and position <= $2 order by position limit $3"
_NEEDS_MORE = """
select exists (select from log where position > greatest($1, $2))
   and (select count(*) from (select from log where position > $1 and position <= $2 limit $3) as known) < $3
"""


# --- the reader's side ----------------------------------------------------------------------------


class Feed:
    """Reads other services' logs over HTTP."""

    def __init__(self, client: httpx.AsyncClient, urls: dict[str, str], system_key: str) -> None:
        self._client = client
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {system_key}"}

    async def read(
        self,
        service: str,
        after: int,
        *,
        event_id: str | None = None,
        epoch: str | None = None,
        limit: int = 1000,
    ) -> Page:
        """Raises Diverged, or httpx.HTTPError when the service does not answer."""
        params: dict[str, Any] = {"after": after, "limit": limit}
        params |= {name: value for name, value in (("event_id", event_id), ("epoch", epoch)) if value}
        response = await self._client.get(
            f"{self._urls[service]}/api/{service}/log", params=params, headers=self._headers
        )
        if response.status_code == httpx.codes.CONFLICT:
            raise Diverged(service, response.json()["epoch"])
        response.raise_for_status()
        page = orjson.loads(response.content)
        return Page(page["epoch"], [envelope.from_json(raw) for raw in page["events"]], page["is_last"])
