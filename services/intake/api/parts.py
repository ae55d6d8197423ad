"""What intake's routes have in common: who may call, and how a ticket is shown."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from libs.events.commands import Outcome
from libs.service.auth import Caller, require
from libs.service.http import JSONBytes
from libs.service.problems import Conflict, Forbidden, Invalid, NotFound, problem_responses
from libs.service.routes import service_router
from services.intake.api.models import TicketView
from services.intake.domain.ticket import Ticket

OF_TICKET = "/tickets/{ticket_id}"

Administrator = Annotated[Caller, Depends(require("administrator"))]
Person = Annotated[Caller, Depends(require("client", "administrator"))]


def tickets_router() -> APIRouter:
    return service_router(
        "intake", tags=["tickets"], responses=problem_responses(NotFound, Conflict, Forbidden, Invalid)
    )


def shown(outcome: Outcome, caller: Caller, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The ticket as this caller may see it: clients are told nothing of who is writing."""
    ticket = Ticket.model_validate_json(outcome.state)
    told = {"number", "status", "waiting_since"}
    if caller.kind == "administrator":
        told |= {"department_id", "responsible_id", "block"}
    known = ticket.model_dump(include=told)
    view = TicketView(id=outcome.entity, version=outcome.version, **known)
    return JSONBytes(view.model_dump_json().encode(), status, {**outcome.token.headers, **(headers or {})})
