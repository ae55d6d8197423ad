"""What comes to tickets by time: as it falls due, and scheduled anew when the settings were changed."""

import asyncio

import structlog

from libs.events.due import Decide, Due
from libs.events.log import Change, Log
from services.intake.domain.by_time import ByTime
from services.intake.domain.ticket import Ticket
from services.intake.domain.turn import Turn
from services.intake.store import schedule, tickets
from services.intake.store.schedule import NOBODY, Scheduled

logger = structlog.get_logger()

BATCH = 500
NEVER = "never"


def falling_due(by_time: ByTime) -> Decide:
    """What happens to a ticket happens at the instant it was due at, however late that is noticed."""

    def decide(due: Due) -> Change:
        turn = Turn(Ticket.model_validate_json(due.state), due.version, due.at, by_time, due.at)
        return tickets.change(due.entity, due.version, turn.done())

    return decide


class Rescheduling:
    """Looks at start whether tickets close by other settings than before, and schedules them anew by the present ones.

    Broken off, it begins again. A ticket that is changed meanwhile has been scheduled by whoever changed it.
    """

    name = "rescheduling"

    def __init__(self, log: Log, by_time: ByTime) -> None:
        self._log = log
        self._by_time = by_time

    async def run(self, stop: asyncio.Event) -> None:
        wanted = self._settings()
        if wanted == (await schedule.settings_in_force(self._log.pool) or NEVER):
            return
        count, after = 0, NOBODY
        while not stop.is_set() and (found := await schedule.answered(self._log.pool, after, BATCH)):
            for scheduled in found:
                count += await self._reschedule(scheduled)
            after = found[-1].id
        if not stop.is_set():
            await schedule.put_in_force(self._log.pool, wanted)
            logger.info("tickets_rescheduled", tickets=count)

    async def _reschedule(self, scheduled: Scheduled) -> bool:
        due_at = self._by_time.next_due(scheduled.ticket)
        if due_at == scheduled.due_at:
            return False
        await schedule.reschedule(self._log, scheduled, due_at)
        return True

    def _settings(self) -> str:
        auto_close = self._by_time.auto_close
        if auto_close is None:
            return NEVER
        return f"after {auto_close.after.total_seconds()} s, warned {auto_close.warning.total_seconds()} s before"
