"""Why a ticket's answer is due when it is."""

from uuid import UUID

from libs.service.auth import CurrentStaff
from libs.service.routes import service_router
from services.sla.api.parts import ON_ONE, SERVICE, CurrentSla
from services.sla.explaining import Explanation

router = service_router(SERVICE, tags=["tickets"])


@router.get("/tickets/{ticket_id}", summary="Explain a ticket's deadline", responses=ON_ONE)
async def explain(ticket_id: UUID, sla: CurrentSla, staff: CurrentStaff) -> Explanation:
    return await sla.explain(ticket_id, staff)
