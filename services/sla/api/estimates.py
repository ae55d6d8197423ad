"""When an answer can be expected, for those who wait for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import HTTPConnection

from libs.events.catalogue.intake import Urgency
from libs.events.ticket_places import require_sight
from libs.service.auth import Caller, CurrentCaller, guard, identified, staff_of
from libs.service.problems import Forbidden, Invalid, NotFound
from libs.service.routes import service_router
from services.sla.api.parts import ON_ONE, SERVICE, CurrentSla
from services.sla.store import estimates

router = service_router(SERVICE, tags=["estimates"])

SUBMIT = "tickets:submit"


@guard
async def submitter(connection: HTTPConnection) -> Caller:
    """Clients, administrators, and systems that may submit tickets."""
    caller = identified(connection)
    if caller.kind == "administrator":
        await staff_of(connection, caller)
    elif caller.kind != "client" and not caller.may(SUBMIT):
        raise Forbidden(scope=SUBMIT)
    return caller


class Estimate(BaseModel):
    """You can expect an answer by then; null: nothing can be said."""

    expected_by: Annotated[AwareDatetime | None, Field(examples=["2026-01-05T13:00:00Z"])]


@router.get("/estimates", summary="Say when an answer can be expected to a ticket submitted now", responses=ON_ONE)
async def estimate_submission(
    sla: CurrentSla,
    caller: Annotated[Caller, Depends(submitter)],
    category_id: Annotated[UUID, Query(description="One that is open to the account")],
    urgency: Urgency = Urgency.MEDIUM,
    account_id: Annotated[
        UUID | None, Query(description="Whose; administrators and systems name it, clients ask for their own account")
    ] = None,
) -> Estimate:
    """By the working hours and the target of the department behind the category."""
    account = _account_of(caller, account_id)
    return Estimate(expected_by=await sla.estimating.of_submission(account, category_id, urgency))


@router.get("/tickets/{ticket_id}/estimate", summary="Say when an answer to a ticket can be expected", responses=ON_ONE)
async def estimate_ticket(ticket_id: UUID, sla: CurrentSla, caller: CurrentCaller, request: Request) -> Estimate:
    """Null, too, when nobody waits for an answer, and when it is late: what is past is nothing to expect."""
    if caller.kind == "client":
        if await estimates.account_of(sla.log.pool, ticket_id) != caller.account_id:
            raise NotFound
    else:
        await require_sight(sla.log.pool, ticket_id, await staff_of(request, caller))
    return Estimate(expected_by=await sla.estimating.of_ticket(ticket_id))


def _account_of(caller: Caller, named: UUID | None) -> UUID:
    if caller.kind == "client":
        if named not in {None, caller.account_id} or caller.account_id is None:
            raise Forbidden("Clients ask for their own account")
        return caller.account_id
    if named is None:
        raise Invalid.at("query/account_id", "Name the account that is to submit it")
    return named
