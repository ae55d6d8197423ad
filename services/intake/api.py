"""Intake over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.intake import Channel, Urgency
from libs.events.commands import Outcome, request_key
from libs.service.app import runtime
from libs.service.auth import Caller, CurrentCaller, require
from libs.service.http import CurrentIdempotency, JSONBytes
from libs.service.problems import Conflict, Forbidden, Invalid, NotFound, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from services.intake.commands import Commands, NewTicket
from services.intake.domain import Status, Ticket

SUBMIT = "tickets:submit"
MAX_TEXT = 100_000

CurrentCommands = Annotated[Commands, Depends(runtime(Commands))]
CurrentAdministrator = Annotated[Caller, Depends(require("administrator"))]

Body = Annotated[Text, Field(min_length=1, max_length=MAX_TEXT, description="Markdown")]


class TicketSubmission(BaseModel):
    """A new ticket. Clients submit for themselves; administrators and systems name the user it is for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category_id": "01980000-0000-7000-8000-00000000c001",
                    "subject": "Mail does not arrive",
                    "text": "Since this morning nothing gets through.",
                    "urgency": "high",
                }
            ]
        }
    )

    category_id: UUID
    subject: Annotated[Text, Field(min_length=1, max_length=200)]
    text: Body
    urgency: Urgency = Urgency.MEDIUM
    user_id: UUID | None = None


class Message(BaseModel):
    """A client's message, or an internal note."""

    text: Body


class Answer(BaseModel):
    """An administrator's answer, under the block that `token` stands for, or a client's message without one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Fixed, please try.", "token": 1, "close": True}]}
    )

    text: Body
    token: Annotated[int | None, Field(description="Of the block; administrators only")] = None
    close: Annotated[bool, Field(description="Send and close; administrators only")] = False


class BlockToken(BaseModel):
    """The fencing token that taking the block has answered."""

    token: int


class BlockView(BaseModel):
    """The lock an administrator holds while writing."""

    holder_id: UUID
    token: int
    since: AwareDatetime
    expires_at: AwareDatetime


class TicketView(BaseModel):
    """The ticket after a command."""

    id: UUID
    number: int
    version: int
    status: Status
    waiting_since: AwareDatetime | None = None
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    block: BlockView | None = None


REFUSALS = problem_responses(NotFound, Conflict, Forbidden, Invalid)
router = service_router("intake", tags=["tickets"], responses=REFUSALS)
OF_TICKET = "/tickets/{ticket_id}"


@router.post("/tickets", status_code=201, response_model=TicketView, summary="Submit a ticket")
async def submit_ticket(
    submission: TicketSubmission, caller: CurrentCaller, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    """For oneself as a client; for a user, as an administrator or as a system that may submit tickets."""
    outcome = await commands.submit(_new_ticket(submission, caller), caller, request_key(idempotency))
    return _answer(outcome, caller, 201, {"Location": f"/api/query/tickets/{outcome.entity}"})


@router.post(OF_TICKET + "/replies", response_model=TicketView, summary="Reply to a ticket")
async def reply_to_ticket(
    ticket_id: UUID,
    answer: Answer,
    caller: CurrentCaller,
    commands: CurrentCommands,
    idempotency: CurrentIdempotency,
) -> Response:
    """A client's message waits for an answer, and reopens a closed ticket. An administrator's answer ends the wait and
    needs the block: take it first, and send its token.
    """
    key = request_key(idempotency)
    if caller.kind == "client":
        outcome = await commands.reply(ticket_id, answer.text, caller, Channel.PANEL, key)
    elif caller.kind != "administrator":
        raise Forbidden
    elif answer.token is None:
        raise Invalid.at("/token", "Answering needs the token of the block")
    else:
        outcome = await commands.answer(ticket_id, answer.text, answer.token, caller, key, and_close=answer.close)
    return _answer(outcome, caller)


@router.post(OF_TICKET + "/notes", response_model=TicketView, summary="Leave an internal note")
async def add_note(
    ticket_id: UUID,
    message: Message,
    caller: CurrentAdministrator,
    commands: CurrentCommands,
    idempotency: CurrentIdempotency,
) -> Response:
    return _answer(await commands.note(ticket_id, message.text, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/block", response_model=TicketView, summary="Take the block and begin to write")
async def take_block(
    ticket_id: UUID, caller: CurrentAdministrator, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    """Others read but cannot answer until the block is given up, used, taken away, or not renewed in time."""
    return _answer(await commands.take_block(ticket_id, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/block/renew", response_model=TicketView, summary="Go on writing")
async def renew_block(
    ticket_id: UUID,
    block: BlockToken,
    caller: CurrentAdministrator,
    commands: CurrentCommands,
    idempotency: CurrentIdempotency,
) -> Response:
    return _answer(await commands.renew_block(ticket_id, block.token, caller, request_key(idempotency)), caller)


@router.delete(OF_TICKET + "/block", response_model=TicketView, summary="Give the block up")
async def release_block(
    ticket_id: UUID,
    caller: CurrentAdministrator,
    commands: CurrentCommands,
    token: Annotated[int, Query(description="Of the block")],
) -> Response:
    return _answer(await commands.release_block(ticket_id, token, caller), caller)


@router.post(OF_TICKET + "/unblock", response_model=TicketView, summary="Take the block away from its holder")
async def unblock(
    ticket_id: UUID, caller: CurrentAdministrator, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    return _answer(await commands.unblock(ticket_id, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/read", response_model=TicketView, summary="Mark the client's messages as read")
async def mark_read(
    ticket_id: UUID, caller: CurrentAdministrator, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    return _answer(await commands.read(ticket_id, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/take", response_model=TicketView, summary="Become responsible")
async def take_ticket(
    ticket_id: UUID, caller: CurrentAdministrator, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    return _answer(await commands.take(ticket_id, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/close", response_model=TicketView, summary="Close a ticket")
async def close_ticket(
    ticket_id: UUID, caller: CurrentCaller, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    _require_user(caller)
    return _answer(await commands.close(ticket_id, caller, request_key(idempotency)), caller)


@router.post(OF_TICKET + "/reopen", response_model=TicketView, summary="Reopen a ticket")
async def reopen_ticket(
    ticket_id: UUID, caller: CurrentCaller, commands: CurrentCommands, idempotency: CurrentIdempotency
) -> Response:
    _require_user(caller)
    return _answer(await commands.reopen(ticket_id, caller, request_key(idempotency)), caller)


@router.delete(OF_TICKET, status_code=204, summary="Delete a ticket and erase what was written")
async def delete_ticket(ticket_id: UUID, caller: CurrentAdministrator, commands: CurrentCommands) -> Response:
    outcome = await commands.delete(ticket_id, caller)
    return Response(status_code=204, headers=outcome.token.headers)


def _require_user(caller: Caller) -> None:
    if not caller.is_user:
        raise Forbidden


def _new_ticket(submission: TicketSubmission, caller: Caller) -> NewTicket:
    user_id = _user_of(submission, caller)
    return NewTicket(
        user_id=user_id,
        category_id=submission.category_id,
        subject=submission.subject,
        text=submission.text,
        urgency=submission.urgency,
        channel=Channel.PANEL if caller.is_user else Channel.API,
        by_client=caller.kind != "administrator",
    )


def _user_of(submission: TicketSubmission, caller: Caller) -> UUID:
    if caller.kind == "client":
        if submission.user_id not in {None, caller.user_id}:
            raise Forbidden("Clients submit for themselves")
        return caller.user_id
    if caller.kind != "administrator" and not caller.may(SUBMIT):
        raise Forbidden(scope=SUBMIT)
    if submission.user_id is None:
        raise Invalid.at("/user_id", "Name the user whom the ticket is for")
    return submission.user_id


def _answer(outcome: Outcome, caller: Caller, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The ticket as this caller may see it: clients are told nothing of who is writing."""
    ticket = Ticket.model_validate_json(outcome.state)
    shown = {"number", "status", "waiting_since"}
    if caller.kind == "administrator":
        shown |= {"department_id", "responsible_id", "block"}
    known = ticket.model_dump(include=shown)
    view = TicketView(id=outcome.entity, version=outcome.version, **known)
    return JSONBytes(view.model_dump_json().encode(), status, {**outcome.token.headers, **(headers or {})})
