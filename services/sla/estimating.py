"""When a client can expect an answer: all that clients learn of targets and hours."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.catalogue.intake import Urgency
from libs.events.log import Log
from libs.service.problems import NotFound
from services.sla.domain.plan import EVER, Clock, ProfileSince
from services.sla.domain.wait import timeline
from services.sla.judging import PlanBook, departments_of
from services.sla.store import estimates, tickets


@dataclass(frozen=True)
class Estimating:
    log: Log
    plans: PlanBook

    async def of_submission(self, account: UUID, category: UUID, urgency: Urgency) -> datetime | None:
        """For a ticket that is submitted now; None without a target. NotFound if the category is not open to the account.

        It is the department behind the category that counts: what rules will make of the ticket is not known yet.
        """
        found = await estimates.submission(self.log.pool, account, category, urgency)
        if found is None:
            raise NotFound
        now, plans = await self.log.now(), await self.plans.of(self.log.pool, [found.department])
        profile = [ProfileSince(EVER, found.profile)]
        (regime,) = plans.regimes(found.department, Clock.FIRST, profile, now, None)
        return None if regime.target is None else regime.hours.due(now, regime.target)

    async def of_ticket(self, ticket: UUID) -> datetime | None:
        """None if nobody waits, without a target, before it has a department, and once it is late."""
        facts = (await tickets.facts(self.log.pool, [ticket], None))[ticket]
        wait = next((wait for wait in facts.answers if wait.until is None), None)
        if wait is None:
            return None
        plans = await self.plans.of(self.log.pool, departments_of([facts]))
        deadline = timeline(wait, facts, plans).deadline()
        return deadline.at if deadline and deadline.at >= await self.log.now() else None
