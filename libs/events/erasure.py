"""Erasure: what people wrote leaves the log and the stream; that something happened, and who did it, stays.

In the log each event of the entity is redacted in place, in the transaction that appends the deletion: same id, position
and predecessor, a valid envelope without content. In the stream the messages are overwritten and removed once the deletion
itself is there; readers see a gap, and the feed answers with the redacted event.
"""

import asyncio
from uuid import UUID

import asyncpg
import orjson
import structlog

from libs.events.catalogue.base import Catalogue
from libs.events.log import Executor, Log
from libs.events.relay import Relay
from libs.events.stream import TRANSPORT_ERRORS, Limits, Stream
from libs.events.transport import Transport
from libs.events.waiting import wait_any
from libs.service import metrics

logger = structlog.get_logger()


async def redact(executor: Executor, catalogue: Catalogue, entity: UUID, kind: str, position: int) -> int:
    """Redact all events of an entity, and leave the stream's part to the eraser; how many events that were.

    To be called in the transaction that appends the entity's last event, at `position`.
    """
    rows = await executor.fetch("select position, envelope from log where entity = $1", entity)
    redacted = [(row["position"], _redacted(catalogue, row["envelope"])) for row in rows]
    await executor.executemany("update log set envelope = $2::text::json where position = $1", redacted)
    await executor.execute("insert into erasures (entity, kind, position) values ($1, $2, $3)", entity, kind, position)
    return len(redacted)


def _redacted(catalogue: Catalogue, stored: str) -> str:
    event = orjson.loads(stored)
    event["data"] = catalogue.redact(event["type"], event["data"])
    data = event.pop("data")
    return orjson.dumps({**event, "redacted": True, "data": data}).decode()


class Eraser:
    """Removes erased entities' messages from the stream, each once the relay has told the deletion."""

    name = "eraser"

    def __init__(
        self, log: Log, relay: Relay, transport: Transport, limits: Limits, *, poll_seconds: float = 1.0
    ) -> None:
        self._log = log
        self._relay = relay
        self._transport = transport
        self._limits = limits
        self._poll_seconds = poll_seconds

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._erase_pending()
            except (*TRANSPORT_ERRORS, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                logger.warning("erasure_put_off", service=self._log.service, error=repr(error))
            await wait_any(self._poll_seconds, stop)

    async def _erase_pending(self) -> None:
        pending = await self._log.pool.fetch(_PENDING)
        metrics.ERASURES_PENDING.labels(service=self._log.service).set(len(pending))
        for row in pending:
            if row["position"] <= self._relay.published:
                await self._erase(row["entity"], row["kind"], str(row["last_id"]))

    async def _erase(self, entity: UUID, kind: str, last_id: str) -> None:
        client = await self._transport.client()
        stream = Stream(client, self._transport.names, self._log.service, self._limits)
        erased = await stream.erase(kind, str(entity), keep=last_id)
        await self._log.pool.execute("update erasures set done_at = clock_timestamp() where entity = $1", entity)
        logger.info("entity_erased", service=self._log.service, entity=str(entity), messages=erased)


_PENDING = """
select e.entity, e.kind, e.position, l.id as last_id
  from erasures e join log l on l.position = e.position
 where e.done_at is null order by e.position limit 100
"""
