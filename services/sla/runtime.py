"""What sla's routes work with."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, TypeAdapter

from libs.events.catalogue.base import EventData
from libs.events.log import Log
from libs.events.ticket_places import require_sight
from libs.service.http import decode_cursor, encode_cursor
from libs.service.rights import Staff
from services.sla import explaining
from services.sla.commands import Commands
from services.sla.domain.plan import HoursInForce
from services.sla.estimating import Estimating
from services.sla.explaining import Explanation
from services.sla.judging import PlanBook
from services.sla.store import history, register
from services.sla.trying import Trying

_NOW = 2**62
"""Behind every position."""
_POSITION: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=_NOW)])


@dataclass(frozen=True)
class Sla:
    log: Log
    commands: Commands
    plans: PlanBook

    @property
    def estimating(self) -> Estimating:
        return Estimating(self.log, self.plans)

    @property
    def trying(self) -> Trying:
        return Trying(self.log, self.plans)

    async def present_hours(self, department: UUID) -> HoursInForce | None:
        """None for a department that is not known here."""
        if not await register.has_department(self.log.pool, department):
            return None
        plans = await self.plans.of(self.log.pool, [department])
        return plans.departments[department].hours[-1]

    async def history(
        self, entity: UUID, kind: type[EventData], cursor: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of the changes of a setting, the newest first, and the cursor to the next page."""
        before = _NOW if cursor is None else decode_cursor(cursor, _POSITION)
        found = await history.changes(self.log.pool, entity, kind, before, limit + 1)
        next_cursor = encode_cursor(found[limit - 1][0]) if len(found) > limit else None
        return [told for _, told in found[:limit]], next_cursor

    async def explain(self, ticket: UUID, staff: Staff) -> Explanation:
        """Raises NotFound for a ticket that is not known here, or not to them."""
        await require_sight(self.log.pool, ticket, staff)
        return await explaining.explain(self.log, self.plans, ticket)
