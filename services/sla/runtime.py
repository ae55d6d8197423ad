"""What sla's routes work with."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.log import Log
from libs.service.problems import NotFound
from libs.service.rights import Right, Staff
from services.sla import explaining
from services.sla.commands import Commands
from services.sla.explaining import Explanation
from services.sla.judging import PlanBook
from services.sla.store import register


@dataclass(frozen=True)
class Sla:
    log: Log
    commands: Commands
    plans: PlanBook

    async def explain(self, ticket: UUID, staff: Staff) -> Explanation:
        """Raises NotFound for a ticket that is not known here, or not to them."""
        if Right.READ not in staff.on_ticket(*await register.place_of(self.log.pool, ticket)):
            raise NotFound
        return await explaining.explain(self.log, self.plans, ticket)
