"""What intake's routes have in common: who may ask, and how a ticket is shown."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from starlette.requests import HTTPConnection

from libs.events.commands import Outcome
from libs.service.auth import CallerKind, guard, identified, staff_of
from libs.service.http import JSONBytes, format_etag
from libs.service.problems import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    problem_responses,
)
from libs.service.routes import service_router
from services.intake.api.models import TicketView
from services.intake.domain.asker import Asker
from services.intake.domain.ticket import Ticket

SUBMIT = "tickets:submit"
OF_TICKET = "/tickets/{ticket_id}"
ON_EDIT = problem_responses(PreconditionFailed, PreconditionRequired)


def tickets_router() -> APIRouter:
    return service_router(
        "intake", tags=["tickets"], responses=problem_responses(NotFound, Conflict, Forbidden, Invalid)
    )


# --- who may ask ----------------------------------------------------------------------------------


def _asking(*kinds: CallerKind) -> Callable[[HTTPConnection], Awaitable[Asker]]:
    """Let in these kinds of callers, or whoever is known; administrators only while they are enabled."""

    @guard
    async def asking(connection: HTTPConnection) -> Asker:
        caller = identified(connection)
        if kinds and caller.kind not in kinds:
            raise Forbidden
        return Asker(caller, await staff_of(connection, caller) if caller.kind == "administrator" else None)

    return asking


Anybody = Annotated[Asker, Depends(_asking())]
Person = Annotated[Asker, Depends(_asking("client", "administrator"))]
Administrator = Annotated[Asker, Depends(_asking("administrator"))]
Client = Annotated[Asker, Depends(_asking("client"))]


# --- how a ticket is shown ------------------------------------------------------------------------

_TO_ALL = {"number", "status"}
_TO_CLIENTS = _TO_ALL | {"waiting_since"}
_TO_ADMINISTRATORS = _TO_CLIENTS | {
    "category_id",
    "project_id",
    "urgency",
    "tags",
    "department_id",
    "responsible_id",
    "block",
}


def shown(
    outcome: Outcome, asker: Asker, status: int = 200, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """The ticket as whoever asked may see it, with its ETag for administrators.

    Clients are told nothing of who is writing; somebody whose retry comes after they lost sight of it, next to nothing.
    """
    ticket = Ticket.model_validate_json(outcome.state)
    known = ticket.model_dump(include=_told(ticket, asker))
    view = TicketView(id=outcome.entity, version=outcome.version, **known, **more)
    etag = {"ETag": format_etag(outcome.version)} if asker.staff else {}
    told = {**outcome.token.headers, **etag, **(headers or {})}
    return JSONBytes(view.model_dump_json().encode(), status, told)


def _told(ticket: Ticket, asker: Asker) -> set[str]:
    if asker.staff is None:
        return _TO_CLIENTS
    return _TO_ADMINISTRATORS if asker.sees(ticket) else _TO_ALL
