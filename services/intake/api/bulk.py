"""One command on many tickets."""

from fastapi import HTTPException, Response

from libs.events.commands import request_key
from libs.service.http import CurrentIdempotency, FastJSON
from libs.service.routes import service_router
from services.intake.api.models import (
    AssignMany,
    CloseMany,
    DeleteMany,
    Many,
    ManyResults,
    TransferMany,
    UnblockMany,
)
from services.intake.api.parts import Administrator
from services.intake.commands.bulk import Act, Result
from services.intake.domain.asker import Asker
from services.intake.runtime import CurrentIntake, Intake

router = service_router("intake", tags=["tickets"])

_PATH = "/tickets/bulk"
_DONE = 200


@router.api_route(_PATH, methods=["PATCH", "DELETE"], include_in_schema=False)
async def refuse_other_methods(_: Administrator) -> None:
    """Or the path would be taken for one ticket's."""
    raise HTTPException(405)


@router.post(_PATH, response_model=ManyResults, summary="Do the same to several tickets")
async def act_on_many(
    many: Many, asker: Administrator, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    """Each ticket is a command of its own: what is refused of one is told beside the others' results.

    A retry with the same key does what is still to be done and answers the same. Whatever version the tickets have.
    """
    act = await _act(many, asker, intake)
    results = await intake.bulk.carry_out(many.ticket_ids, request_key(idempotency), act)
    headers = results.token.headers if results.token else {}
    return FastJSON({"results": [_shown(result) for result in results.items]}, headers=headers)


async def _act(many: Many, asker: Asker, intake: Intake) -> Act:
    match many:
        case UnblockMany():
            return lambda ticket, key: intake.blocking.unblock(ticket, asker, key)
        case CloseMany():
            return lambda ticket, key: intake.lifecycle.close(ticket, asker, key)
        case DeleteMany():
            return lambda ticket, key: intake.lifecycle.delete(ticket, asker, key)
        case AssignMany():
            assignee = await intake.properties.assignee(many.responsible_id)
            return lambda ticket, key: intake.properties.assign(ticket, assignee, asker, None, key)
        case TransferMany():
            to = await intake.properties.destination(many.department_id)
            return lambda ticket, key: intake.properties.transfer(ticket, to, asker, None, key)


def _shown(result: Result) -> dict[str, object]:
    status = result.problem["status"] if result.problem else _DONE
    return {"ticket_id": result.ticket_id, "status": status, "problem": result.problem}
