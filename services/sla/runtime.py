"""What sla's routes work with."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.log import Log
from libs.events.ticket_places import require_sight
from libs.service.rights import Staff
from services.sla import explaining
from services.sla.commands import Commands
from services.sla.domain.plan import HoursInForce
from services.sla.explaining import Explanation
from services.sla.judging import PlanBook
from services.sla.store import register


@dataclass(frozen=True)
class Sla:
    log: Log
    commands: Commands
    plans: PlanBook

    async def present_hours(self, department: UUID) -> HoursInForce | None:
        """None for a department that is not known here."""
        if not await register.has_department(self.log.pool, department):
            return None
        plans = await self.plans.of(self.log.pool, [department])
        return plans[department].hours[-1]

    async def explain(self, ticket: UUID, staff: Staff) -> Explanation:
        """Raises NotFound for a ticket that is not known here, or not to them."""
        await require_sight(self.log.pool, ticket, staff)
        return await explaining.explain(self.log, self.plans, ticket)
