"""Judging open tickets again by the rules of today: in the background, a few at a time, on from where it was."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog

from libs.events.envelope import Cause
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import KeyUsed, Log, TimePassed, VersionConflict
from libs.events.waiting import wait_any
from services.routing.judge import Judge
from services.routing.store import rejudgements
from services.routing.store.rejudgements import Rejudgement

logger = structlog.get_logger()

POLL_SECONDS = 0.5
FEW = 20
"""Tickets judged in one transaction, which others that decide on the same ones may have to wait for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why a ticket is judged again: somebody asked for it."""

    run: Rejudgement

    @property
    def cause(self) -> Cause:
        return Cause("service:routing", self.run.correlation, traceparent=self.run.traceparent)

    def key(self, ticket_id: UUID) -> str:
        return f"decision:asked:{self.run.id}:judged:{ticket_id}"


class Rejudging:
    name = "rejudging"

    def __init__(self, log: Log, judge: Judge) -> None:
        self.asked = asyncio.Event()
        """Set when there may be something to do."""
        self.stepped = asyncio.Event()
        """Set after each step; a new one each time."""
        self._log = log
        self._judge = judge

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.asked.clear()
            try:
                while not stop.is_set() and await self.step():
                    pass
            except (*DATABASE_ERRORS, VersionConflict, TimePassed, KeyUsed) as error:
                logger.warning("rejudging_put_off", error=repr(error))
            await wait_any(POLL_SECONDS, stop, self.asked)

    async def step(self) -> bool:
        """Judge the next few tickets; whether there is a run that goes on."""
        async with self._log.pool.acquire() as connection, connection.transaction():
            run = await rejudgements.next_one(connection)
            if run is None:
                return False
            tickets = await rejudgements.tickets_of(connection, run, FEW)
            changed = await self._judge.judge_each(connection, dict.fromkeys(tickets, Asked(run)), is_again=True)
            await rejudgements.advance(connection, run, tickets, len(changed), await self._log.now(connection))
        self._log.appended.set()  # again, now that it is committed
        stepped, self.stepped = self.stepped, asyncio.Event()
        stepped.set()
        return bool(tickets)
