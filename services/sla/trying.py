"""Trying other hours or targets on the waits of the last days: without any effect, for as long as somebody reads on."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from libs.events.log import Log
from services.sla.domain.trial import Outcome, Trial, tried
from services.sla.judging import PlanBook, departments_of
from services.sla.store import past_waits, tickets
from services.sla.store.past_waits import FIRST, PastWait

AT_ONCE = 100
MOST_EXAMPLES = 20


@dataclass
class Tally:
    waits: int = 0
    breaches: int = 0
    would_be_breaches: int = 0
    no_longer: int = 0
    """Breaches that would not have been."""
    newly: int = 0
    """Breaches that there were not."""
    examples: list[dict[str, Any]] = field(default_factory=list)

    def take(self, ticket: UUID, since: datetime, outcome: Outcome) -> None:
        self.waits += 1
        self.breaches += outcome.was is not None
        self.would_be_breaches += outcome.would_be is not None
        if (outcome.was is None) == (outcome.would_be is None):
            return
        self.no_longer += outcome.would_be is None
        self.newly += outcome.was is None
        if len(self.examples) < MOST_EXAMPLES:
            example = {"ticket_id": ticket, "waiting_since": since, "breached_at": outcome.was}
            self.examples.append({**example, "would_be_breached_at": outcome.would_be})

    @property
    def difference(self) -> int:
        """Breaches more than there were."""
        return self.would_be_breaches - self.breaches


@dataclass(frozen=True)
class Trying:
    log: Log
    plans: PlanBook

    async def run(self, trial: Trial, days: int) -> AsyncGenerator[dict[str, Any], None]:
        """Progress after each hundred waits, and at the end the whole tally."""
        now = await self.log.now()
        first = now - timedelta(days=days)
        tally, total = Tally(), await past_waits.count(self.log.pool, first)
        end = (FIRST, first)
        while page := await past_waits.page(self.log.pool, end, AT_ONCE):
            await self._try(trial, page, tally, now)
            yield {"waits": tally.waits, "of": total, "difference": tally.difference}
            end = page[-1]
        yield {"done": True, "days": days, "difference": tally.difference, **asdict(tally)}

    async def _try(self, trial: Trial, page: list[PastWait], tally: Tally, now: datetime) -> None:
        facts = await tickets.facts(self.log.pool, {ticket for ticket, _ in page}, None)
        plans = await self.plans.of(self.log.pool, departments_of(facts.values()))
        for ticket, since in page:
            wait = next((wait for wait in facts[ticket].answers if wait.since == since), None)
            if wait is not None:
                tally.take(ticket, since, tried(wait, facts[ticket], plans, trial, now))
                await asyncio.sleep(0)  # others have their turn
