"""What became of mail."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from libs.events.ticket_places import require_sight
from libs.service.auth import CurrentStaff, require_administrator, require_right
from libs.service.problems import NotFound
from libs.service.rights import Right
from libs.service.routes import service_router
from services.notify.api.parts import ON_ONE, SERVICE, Manager
from services.notify.mail.sending import hashed
from services.notify.runtime import CurrentNotify
from services.notify.store import facts, outbox

router = service_router(SERVICE, tags=["mail"])


class Mail(BaseModel):
    """`not configured`: no server is named in the settings; nobody is told of anything, and nothing is kept for later."""

    status: Annotated[str, Field(examples=["configured", "not configured"])]
    pending: int
    sent: int
    failed: int


class Notification(BaseModel):
    """A mail about a ticket. `state`: pending, sent or failed; `last_error` says why it is not sent, or not yet."""

    id: UUID
    kind: str
    recipient: UUID
    state: str
    requested_at: AwareDatetime
    next_at: AwareDatetime | None
    attempts: int
    last_error: str | None
    done_at: AwareDatetime | None


class Notifications(BaseModel):
    items: list[Notification]


class AddressState(BaseModel):
    """Null: no server has refused the person's present address.

    `code` is its answer, `status` what a bounce gave (RFC 3463).
    """

    refused_at: AwareDatetime | None = None
    code: int | None = None
    status: Annotated[str | None, Field(examples=["5.1.1"])] = None


@router.get("/mail")
async def get_mail(_: Manager, notify: CurrentNotify) -> Mail:
    """Say whether mail goes out, and how much waits."""
    counts: dict[str, Any] = dict.fromkeys(("pending", "sent", "failed"), 0) | await outbox.counts(notify.log.pool)
    return Mail(status="configured" if notify.settings.smtp_host else "not configured", **counts)


@router.get("/tickets/{ticket_id}/notifications", responses=ON_ONE)
async def list_notifications(ticket_id: UUID, staff: CurrentStaff, notify: CurrentNotify) -> Notifications:
    """Who was told of what of a ticket in the last three months."""
    await require_sight(notify.log.pool, ticket_id, staff)
    found = await outbox.of_ticket(notify.log.pool, ticket_id)
    return Notifications(items=[Notification(**one) for one in found])


@router.get("/people/{person_id}/address", responses=ON_ONE, dependencies=[Depends(require_administrator())])
async def get_address(person_id: UUID, notify: CurrentNotify) -> AddressState:
    """Say whether a person's address has been refused for good: no mail is sent there any more."""
    person = await facts.person(notify.log.pool, person_id)
    if person is None:
        raise NotFound
    found = await outbox.refusal(notify.log.pool, person_id, hashed(person.email))
    return AddressState(refused_at=found.at, code=found.code, status=found.status) if found else AddressState()


@router.delete(
    "/people/{person_id}/address/refusal",
    status_code=204,
    responses=ON_ONE,
    dependencies=[Depends(require_right(Right.MANAGE_PEOPLE))],
)
async def forgive_address(person_id: UUID, notify: CurrentNotify) -> Response:
    """Send mail to a person's addresses again."""
    if await facts.person(notify.log.pool, person_id) is None:
        raise NotFound
    await outbox.forgive(notify.log.pool, person_id)
    return Response(status_code=204)
