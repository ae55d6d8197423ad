"""What comes by time: warnings and breaches at their instants, tables before they end; and judging again after a change."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson
import structlog

from libs.events.commands import Decision, Outcome, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Executor, Key, Loaded, Log, NewEvent, TimePassed, VersionConflict
from libs.events.progress import Promise, promise
from libs.events.projection import Connection
from libs.events.tail import oldest_running
from libs.events.waiting import wait_any
from libs.service.ids import new_id
from services.sla.domain.hours import Hours, compiled, evolve
from services.sla.judging import Judge, Occasion
from services.sla.store import entities, rejudgements, tickets

logger = structlog.get_logger()

LIMIT = 100
POLL_SECONDS = 0.5
SLACK_SECONDS = 0.25
"""How long a change of hours or target may take between reading the log's time and its append."""
_TICK = timedelta(microseconds=1)


class Horizon:
    """The instant up to which everything is known that could still move a deadline or end a wait.

    That is what intake has told completely, and accounts, if any target asks what it tells; no change of a plan of our own
    still under way, and all that were made taken into account.
    """

    def __init__(self, log: Log) -> None:
        self.complete: dict[str, datetime] = {}
        """How far others' logs are known."""
        self._log = log
        self._promise: Promise | None = None
        self._plans: datetime | None = None

    async def look(self, sources: Collection[str]) -> datetime | None:
        """None until these and the own log have been heard of."""
        await self._look_at_plans()
        if self._plans is None or not self.complete.keys() >= set(sources):
            return None
        pending = await rejudgements.earliest(self._log.pool)
        known = min(self._plans, *(self.complete[source] for source in sources))
        return min(known, pending - _TICK) if pending else known

    async def _look_at_plans(self) -> None:
        """Changes are appended to the own log: it is complete when its promise is kept by all who were writing."""
        if self._promise is None:
            self._promise = await promise(self._log.pool, self._log.injected_now(), SLACK_SECONDS)
        if await oldest_running(self._log.pool) >= self._promise.fence:
            self._plans, self._promise = self._promise.instant, None


class Deadlines:
    name = "deadlines"

    def __init__(self, judge: Judge) -> None:
        self.changed = asyncio.Event()
        """Set when there may be something to do."""
        self._log = judge.log
        self._judge = judge
        self._horizon = Horizon(judge.log)
        self._failing: set[UUID] = set()
        """Tickets to leave alone until the next start."""

    def complete(self, source: str, instant: datetime) -> None:
        """A source has told everything up to an instant."""
        self._horizon.complete[source] = instant
        self.changed.set()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.changed.clear()
            try:
                await self.step()
            except (*DATABASE_ERRORS, VersionConflict, TimePassed) as error:
                logger.warning("deadlines_put_off", service=self._log.service, error=repr(error))
            await wait_any(POLL_SECONDS, stop, self.changed)

    async def step(self) -> None:
        """First what is still to be known of holidays, even if that should have been long ago; then what follows from it."""
        await self.compile_again()
        while await self.judge_again():
            pass
        while await self.record_due() == LIMIT:
            pass

    async def judge_again(self) -> bool:
        """Judge some of the tickets of a department whose plan has changed; whether there was such a department."""
        async with self._log.pool.acquire() as connection, connection.transaction():
            await tickets.hold_plans(connection)
            rejudgement = await rejudgements.next_one(connection)
            if rejudgement is None:
                return False
            asks_resolution = (await self._judge.plans.targets(connection)).asks_resolution
            clocks = [tickets.ANSWER, tickets.RESOLUTION] if asks_resolution else [tickets.ANSWER]
            concerned = await rejudgements.tickets_of(connection, rejudgement, clocks, LIMIT)
            occasion = Occasion(_caused_by(await rejudgements.envelope_at(connection, rejudgement.position)))
            await self._judge.judge(connection, dict.fromkeys(concerned, occasion))
            after = concerned[-1] if len(concerned) == LIMIT else None
            await rejudgements.advance(connection, rejudgement.department, after)
        return True

    async def record_due(self) -> int:
        """Say what fell due; how many tickets were looked at."""
        pool, intake = self._log.pool, self._horizon.complete.get("intake")
        if intake is None or not await tickets.due_tickets(pool, intake, 1):
            return 0
        asks_accounts = (await self._judge.plans.targets(pool)).asks_accounts
        known_until = await self._horizon.look(("intake", "accounts") if asks_accounts else ("intake",))
        if known_until is None:
            return 0
        self._judge.known_until = max(self._judge.known_until or known_until, known_until)
        due = await tickets.due_tickets(pool, known_until, LIMIT + len(self._failing))
        for ticket in due:
            if ticket not in self._failing:
                await self._record(ticket, known_until)
        return len(due) - len(self._failing.intersection(due))

    async def _record(self, ticket: UUID, known_until: datetime) -> None:
        """One ticket that cannot be judged holds up no other."""
        try:
            async with self._log.pool.acquire() as connection, connection.transaction():
                await self._judge.judge(connection, {ticket: Occasion(self._by_time())}, known_until)
        except (*DATABASE_ERRORS, VersionConflict, TimePassed):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this ticket's alone
            self._failing.add(ticket)
            logger.error("deadline_failed", ticket=str(ticket), error=named(error))  # noqa: TRY400

    async def compile_again(self) -> None:
        """Publish the next table of each calendar whose last one comes to its end; more holidays may move deadlines."""
        for entity, due_at in await entities.due_hours(self._log.pool, await self._log.now()):
            key = Key(f"compiled:{entity}:{due_at.isoformat()}")
            await in_transaction(self._log, partial(self._compile, entity, key))

    async def _compile(self, entity: UUID, key: Key, executor: Executor) -> Outcome:
        assert isinstance(executor, Connection)
        await tickets.hold_plans(executor, to_change=True)
        outcome = await execute(
            self._log, entity, entities.HOURS, _next_table, self._by_time(), key=key, executor=executor
        )
        hours = Hours.model_validate_json(outcome.state)
        if outcome.is_new and hours.region:
            await rejudgements.request(executor, hours.department_id, outcome.position)
        return outcome

    def _by_time(self) -> Cause:
        return Cause(actor=f"service:{self._log.service}", correlation=str(new_id()))


def _next_table(loaded: Loaded) -> Decision:
    assert loaded.state is not None
    hours = Hours.model_validate_json(loaded.state)
    table = compiled(hours, loaded.now)
    return entities.written_hours(evolve(hours, table, loaded.now), [NewEvent(table)], loaded.now)


def _caused_by(stored: str) -> Cause:
    """What follows from an event of the own log."""
    event = orjson.loads(stored)
    return Cause(
        actor="service:sla",
        correlation=event["correlationid"],
        causation=event["id"],
        traceparent=event.get("traceparent"),
    )
