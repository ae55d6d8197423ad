"""Mail that could not be matched, and mail that could not be read: what an administrator makes of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter
from starlette.requests import HTTPConnection

from libs.events.commands import request_key
from libs.service.auth import guard, identified, require, staff_of
from libs.service.bodies import Body
from libs.service.http import CurrentIdempotency, CursorInstant, FastJSON, decode_cursor, encode_cursor
from libs.service.problems import Conflict, Forbidden, NotFound, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from libs.service.text import Text
from services.intake.api.models import TicketView
from services.intake.api.parts import OF_TICKET, Administrator, shown
from services.intake.domain.asker import Asker
from services.intake.domain.mail.judging import State
from services.intake.runtime import CurrentIntake
from services.intake.store.mails import Listed

router = service_router("intake", tags=["mail"], responses=problem_responses(NotFound, Conflict, Forbidden))

OF_MAIL = "/mails/{mail_id}"
_END: TypeAdapter[tuple[Any, UUID]] = TypeAdapter(tuple[CursorInstant, UUID])


@guard
async def _answerer(connection: HTTPConnection) -> Asker:
    """Let in whoever may answer tickets somewhere: a mail that nobody has placed may be for any of them."""
    caller = identified(connection)
    if caller.kind != "administrator":
        raise Forbidden
    asker = Asker(caller, await staff_of(connection, caller))
    if not asker.may_somewhere(Right.ANSWER):
        raise Forbidden(right=Right.ANSWER)
    return asker


Answerer = Annotated[Asker, Depends(_answerer)]


class ShownMail(BaseModel):
    """`state`: unmatched or broken waits; `reason`: why, or for broken mail what is wrong with it.

    `user_id`: whose it became; of what waits, who has the sender's address, if one has.
    """

    id: UUID
    gateway_id: UUID
    recipient: str
    received_at: AwareDatetime
    state: State
    reason: str | None
    sender: str | None
    subject: str | None
    ticket_id: UUID | None
    user_id: UUID | None


class MailSender(BaseModel):
    """What an answer to a mail needs: where to, and the Message-IDs by which it finds its place."""

    address: str
    subject: Text
    message_id: str | None
    references: list[str] = Field(description="Message-IDs that the mail itself refers to, the oldest first")


class Mails(BaseModel):
    items: list[ShownMail]
    next_cursor: str | None


class ReadMail(ShownMail):
    """`text` is what it says as Markdown, null where it cannot be read; `files` are the names of what came along."""

    text: str | None
    files: list[str]


class TicketMails(BaseModel):
    items: list[ShownMail]


class Attaching(Body):
    """Whose mail it is, and which ticket of their account it answers.

    Without that it is a new one, of this category or else the gateway's.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": "01980000-0000-7000-8000-00000000a002"}]})

    user_id: UUID
    ticket_id: UUID | None = None
    category_id: UUID | None = None


@router.get("/mails", summary="List the mail that waits for an administrator")
async def list_mails(
    _: Answerer,
    intake: CurrentIntake,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most")] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
) -> Mails:
    """The oldest first."""
    found = await intake.mail.waiting(decode_cursor(cursor, _END) if cursor else None, limit)
    end = (found[-1].received_at, found[-1].id) if len(found) == limit else None
    return Mails(items=[_shown(one) for one in found], next_cursor=encode_cursor(end) if end else None)


@router.get(OF_MAIL, summary="Read a mail that waits")
async def get_mail(mail_id: UUID, _: Answerer, intake: CurrentIntake) -> ReadMail:
    """Its text, and what came along."""
    found, mail = await intake.mail.read(mail_id)
    text, files = (mail.text, [one.name for one in mail.files]) if mail else (None, [])
    return ReadMail(**_shown(found).model_dump(), text=text, files=files)


@router.get(
    f"{OF_MAIL}/raw",
    response_class=Response,
    responses={200: {"content": {"message/rfc822": {}}, "description": "As it came in"}},
    summary="Download a mail as it came in",
)
async def download_mail(mail_id: UUID, asker: Answerer, intake: CurrentIntake) -> Response:
    """One that waits, or that became a ticket or a message which the administrator may read."""
    raw = await intake.mail.raw(mail_id, asker)
    headers = {
        "Content-Disposition": f'attachment; filename="{mail_id}.eml"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(raw, media_type="message/rfc822", headers=headers)


@router.get(
    f"{OF_MAIL}/sender",
    response_model=MailSender,
    dependencies=[Depends(require("service"))],
    summary="Tell notify who is to be answered",
)
async def tell_sender(mail_id: UUID, intake: CurrentIntake) -> FastJSON:
    """For the suite's own services alone, of a stranger's mail that still waits. Nobody else learns an address of it."""
    mail = await intake.mail.of_stranger(mail_id)
    answer = {"address": mail.senders[0], "subject": mail.subject, "message_id": mail.message_id or None}
    return FastJSON({**answer, "references": mail.references[::-1]}, headers={"Cache-Control": "no-store"})


@router.post(f"{OF_MAIL}/attach", response_model=TicketView, summary="Say whose mail it is")
async def attach_mail(
    mail_id: UUID, body: Attaching, asker: Answerer, intake: CurrentIntake, idempotency: CurrentIdempotency
) -> Response:
    """Opens a ticket for the user, or adds the mail to one of their account's that the administrator may answer. The
    client's wait begins now.
    """
    key = request_key(idempotency)
    outcome = await intake.mail.attach(mail_id, body.user_id, body.ticket_id, body.category_id, asker, key)
    return shown(outcome, asker)


@router.delete(OF_MAIL, status_code=204, summary="Discard a mail that waits")
async def discard_mail(mail_id: UUID, asker: Answerer, intake: CurrentIntake) -> Response:
    """Nothing of it is kept but that it was there."""
    await intake.mail.discard(mail_id, asker)
    return Response(status_code=204)


@router.get(f"{OF_TICKET}/mails", summary="List the mail that came in for a ticket")
async def list_ticket_mails(ticket_id: UUID, asker: Administrator, intake: CurrentIntake) -> TicketMails:
    """What became its messages, and mail of machines about it: bounces of what was sent."""
    return TicketMails(items=[_shown(one) for one in await intake.mail.of_ticket(ticket_id, asker)])


def _shown(one: Listed) -> ShownMail:
    return ShownMail(
        id=one.id,
        gateway_id=one.gateway,
        recipient=one.recipient,
        received_at=one.received_at,
        state=one.state,
        reason=one.reason,
        sender=one.sender,
        subject=one.subject,
        ticket_id=one.ticket_id,
        user_id=one.user_id,
    )
