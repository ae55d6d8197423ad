"""What routing has decided on a ticket, and why."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.routing import DepartmentDecided, TicketWeighed
from libs.events.ticket_places import require_sight
from libs.service.auth import CurrentStaff
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.routing.api.parts import ON_ONE
from services.routing.runtime import CurrentRouting
from services.routing.store import cases


class TicketDecision(BaseModel):
    """The last decisions on a ticket. No department while its category has none that is enabled.

    The weight's breakdown names each rule that gave or took points; `judged_version` and `account_version` are the
    versions of the ticket and of its account that were judged.
    """

    model_config = ConfigDict(from_attributes=True)

    ticket_id: UUID
    department: DepartmentDecided | None
    department_decided_at: AwareDatetime | None
    weight: TicketWeighed | None
    weighed_at: AwareDatetime | None


router = service_router("routing", tags=["decisions"])


@router.get("/tickets/{ticket_id}/decision", summary="Explain what was decided on a ticket", responses=ON_ONE)
async def get_decision(ticket_id: UUID, routing: CurrentRouting, staff: CurrentStaff) -> TicketDecision:
    await require_sight(routing.pool, ticket_id, staff)
    judged = await cases.judged(routing.pool, ticket_id)
    if judged is None:
        raise NotFound
    return TicketDecision(ticket_id=ticket_id, **dict(judged))
