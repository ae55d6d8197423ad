"""Taking a batch into a projection: effect, own new events and checkpoint in one transaction."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

import asyncpg
import structlog

from libs.events import identities, parking, projection
from libs.events.envelope import Event, is_final
from libs.events.error_names import named
from libs.events.log import KeyUsed, TimePassed, VersionConflict
from libs.events.parking import Parking
from libs.events.projection import Connection, Decider, Fenced, Projection
from libs.events.source import Batch
from libs.service import metrics, tracing

logger = structlog.get_logger()


def is_passing(error: Exception) -> bool:
    """Whether an error says nothing against the event that was being taken in: the same may go well next time."""
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # asyncpg's own complaint about an argument is the event's fault
    return isinstance(error, _PASSING)


_PASSING = (
    Fenced,
    VersionConflict,
    TimePassed,
    KeyUsed,
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    # A rebuild with other columns makes the statements of pooled connections stale; asyncpg forgets them at this error.
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


class Applier:
    """Applies batches to one schema (live, or the next one of a rebuild)."""

    def __init__(self, service: str, pool: asyncpg.Pool, schema: str, subject: Projection, decider: Decider) -> None:
        self.appended = 0
        """Position of the last event that the decider has appended to the service's own log."""
        self._service = service
        self._pool = pool
        self._schema = schema
        self._projection = subject
        self._decider = decider
        self._parking = Parking(service)

    async def load(self) -> None:
        async with self._transaction() as connection:
            await self._parking.load(connection)

    async def apply(self, batch: Batch) -> None:
        """All of the batch in one transaction; when that fails by an event's fault, event by event."""
        began = perf_counter()
        try:
            await self._apply(batch)
        except Exception as error:
            if is_passing(error):
                raise
            logger.error("batch_failed", source=batch.service, events=len(batch.events), error=named(error))  # noqa: TRY400
            await self._one_by_one(batch)
        labels = {"service": self._service, "source": batch.service}
        metrics.CONSUMER_BATCH_SECONDS.labels(**labels).observe(perf_counter() - began)
        metrics.CONSUMER_EVENTS.labels(**labels).inc(len(batch.events))
        metrics.CONSUMER_POSITION.labels(**labels).set(batch.after.position)

    def hold_back(self, source: str, positions: Iterable[int]) -> None:
        """Park the events at these positions whatever they are, and with each the later ones of its entity."""
        self._parking.mark(source, positions)

    async def retry(self, source: str, event: Event) -> None:
        """Take in an event that was parked; raises what it raises."""
        async with self._transaction() as connection:
            await parking.release(connection, source, event.position)
            appended = await self._take_in(connection, [event])
        self._note(appended)
        self._decider.committed()
        await self.load()

    async def _apply(self, batch: Batch) -> None:
        free, held = self._parking.divide(batch.service, batch.events)
        async with self._transaction() as connection:
            await projection.advance(connection, batch.service, batch.before, batch.after)
            await parking.park(connection, batch.service, held)
            for event in held:
                if is_final(event.type):  # by now the feed tells redacted events: what was poisonous may be gone
                    await parking.try_again(connection, batch.service, event.entity)
            appended = await self._take_in(connection, free)
            if batch.complete:
                instant = batch.complete.instant
                appended = await self._decider.progress(connection, batch.service, instant) or appended
        self._parking.hold(batch.service, held)
        self._note(appended)
        self._decider.committed()

    async def _take_in(self, connection: Connection, events: Sequence[Event]) -> int | None:
        if not events:
            return None
        for event in events if tracing.is_recorded() else ():
            with tracing.span(f"consume {event.type}", parent=event.cause.traceparent, service=self._service):
                pass
        await identities.fold(connection, events)
        await self._projection.fold(connection, events)
        return await self._decider.decide(connection, events)

    async def _one_by_one(self, batch: Batch) -> None:
        before = batch.before
        for event in batch.events:
            after = before.at(event)
            await self._apply_or_park(Batch(batch.service, before, after, [event]), event)
            before = after

    async def _apply_or_park(self, batch: Batch, event: Event) -> None:
        try:
            await self._apply(batch)
        except Exception as error:
            if is_passing(error):
                raise
            why = named(error)
            logger.error("event_parked", source=batch.service, position=event.position, type=event.type, error=why)  # noqa: TRY400
            async with self._transaction() as connection:
                await projection.advance(connection, batch.service, batch.before, batch.after)
                await parking.park(connection, batch.service, [event], why)
            self._parking.hold(batch.service, [event])

    def _note(self, appended: int | None) -> None:
        self.appended = max(self.appended, appended or 0)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection, connection.transaction():
            if self._schema != projection.LIVE:  # which is what names mean in any session of ours
                await projection.enter(connection, self._schema)
            yield connection
