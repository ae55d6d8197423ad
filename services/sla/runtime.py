"""What sla's routes work with."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.log import Log
from services.sla import explaining
from services.sla.commands import Commands
from services.sla.explaining import Explanation
from services.sla.judging import PlanBook


@dataclass(frozen=True)
class Sla:
    log: Log
    commands: Commands
    plans: PlanBook

    async def explain(self, ticket: UUID) -> Explanation:
        return await explaining.explain(self.log, self.plans, ticket)
