"""Mail gateways: which addresses and mailboxes mail comes in by. A mailbox's password is taken, and never answered."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import PydanticCustomError

from libs.events.catalogue.conditions import Language
from libs.service.auth import require_right
from libs.service.bodies import AsNumber, Body, Flag, LeftOut
from libs.service.caller import Caller
from libs.service.http import ExpectedVersion, FastJSON, format_etag
from libs.service.problems import Conflict, Invalid, NotFound, PreconditionFailed, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from libs.service.text import Name, Text
from services.intake.api.parts import ON_EDIT
from services.intake.problems import GatewayTaken
from services.intake.runtime import CurrentIntake, Intake
from services.intake.store import gateways
from services.intake.store.gateways import AddressTaken, Gateway

router = service_router("intake", tags=["mail"], responses=problem_responses(Conflict))
ON_ONE = problem_responses(NotFound)
Manager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]

_ADDRESS = r"^[!-*,-?A-~]{1,64}@[A-Za-z0-9.-]{1,255}$"
_HOST = r"^[A-Za-z0-9.:_-]{1,255}$"


def _address(value: str) -> str:
    if not re.fullmatch(_ADDRESS, value, re.ASCII):
        raise PydanticCustomError("address", "An address without a plus is needed: replies add what comes after one")
    return value.lower()


Address = Annotated[
    str, Field(max_length=320, pattern=_ADDRESS, examples=["support@provider.example"]), AfterValidator(_address)
]


class Mailbox(Body):
    """A mailbox that is read over IMAP. Without a password the one that is known stays."""

    host: Annotated[str, Field(pattern=_HOST)]
    port: Annotated[int, Field(ge=1, le=65535), AsNumber] = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Name
    folder: Name = "INBOX"
    password: Annotated[SecretStr, Field(min_length=1, max_length=1000)] | None = None


class NewGateway(Body):
    """Where mail comes in, and what becomes of it. `authserv_id` names the server whose Authentication-Results count.

    `answers_strangers`: whoever writes from an address that is nobody's is told so by mail, once in 30 days. Needs an
    `authserv_id`: senders are forged, and those whose address it is would get the answer.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"address": "support@provider.example", "category_id": "01980000-0000-7000-8000-00000000c001"}]
        }
    )

    address: Address
    category_id: UUID
    project_id: UUID | None = None
    language: Language | None = None
    enabled: Flag = True
    authserv_id: Name | None = None
    answers_strangers: Flag = False
    imap: Mailbox | None = None


class GatewayChange(Body):
    """What is to be different."""

    address: Address = LeftOut
    category_id: UUID = LeftOut
    project_id: UUID | None = None
    language: Language | None = None
    enabled: Flag = LeftOut
    authserv_id: Name | None = None
    answers_strangers: Flag = LeftOut
    imap: Mailbox | None = None


class ShownMailbox(BaseModel):
    """`failing_since` and `last_error`: it cannot be read at present; the error is its kind alone."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    folder: str
    read_at: AwareDatetime | None
    failing_since: AwareDatetime | None
    last_error: str | None


class ShownGateway(BaseModel):
    """`imap` is null where a mail server hands mail over."""

    id: UUID
    address: Text
    category_id: UUID
    project_id: UUID | None
    language: str | None
    enabled: bool
    authserv_id: str | None
    answers_strangers: bool
    imap: ShownMailbox | None
    version: int
    changed_at: AwareDatetime


class Gateways(BaseModel):
    items: list[ShownGateway]


@router.post("/gateways", status_code=201, response_model=ShownGateway, summary="Let mail come in by an address")
async def create_gateway(body: NewGateway, caller: Manager, intake: CurrentIntake) -> FastJSON:
    """A server that hands mail over may do so from now on; a mailbox is read within seconds, from what nobody has seen."""
    given = body.model_dump(exclude={"imap"})
    new = Gateway(
        id=intake.mail.ids(),
        **given,
        **_mailbox(body.imap, None, intake),
        version=1,
        changed_by=caller.actor,
        changed_at=await intake.mail.log.now(),
        **_UNREAD,
    )
    _check(new)
    try:
        await gateways.add(intake.mail.log.pool, new)
    except AddressTaken:
        raise GatewayTaken from None
    return _answer(new, 201)


@router.get("/gateways", summary="List the mail gateways")
async def list_gateways(_: Manager, intake: CurrentIntake) -> Gateways:
    """By address."""
    return Gateways(items=[_shown(one) for one in await gateways.listed(intake.mail.log.pool)])


@router.get("/gateways/{gateway_id}", responses=ON_ONE, summary="Show a mail gateway")
async def get_gateway(gateway_id: UUID, _: Manager, intake: CurrentIntake, response: Response) -> ShownGateway:
    """The ETag is for changing it."""
    found = await _present(intake, gateway_id)
    response.headers["ETag"] = format_etag(found.version)
    return _shown(found)


@router.patch(
    "/gateways/{gateway_id}", responses=ON_ONE | ON_EDIT, response_model=ShownGateway, summary="Change a mail gateway"
)
async def change_gateway(
    gateway_id: UUID, body: GatewayChange, expected: ExpectedVersion, caller: Manager, intake: CurrentIntake
) -> FastJSON:
    """Another mailbox is read from what nobody has seen there."""
    present = await _present(intake, gateway_id)
    wanted = {name: getattr(present, name) for name in Gateway.__slots__}
    wanted |= body.model_dump(exclude_unset=True, exclude={"imap"})
    if "imap" in body.model_fields_set:
        wanted |= _mailbox(body.imap, present, intake)
    wanted |= {"changed_by": caller.actor, "changed_at": await intake.mail.log.now()}
    one = Gateway(**wanted)
    _check(one)
    try:
        changed = await gateways.change(intake.mail.log.pool, one, expected)
    except AddressTaken:
        raise GatewayTaken from None
    if changed is None:
        raise PreconditionFailed
    return _answer(changed, 200)


@router.delete("/gateways/{gateway_id}", status_code=204, responses=ON_ONE, summary="Remove a mail gateway")
async def remove_gateway(gateway_id: UUID, _: Manager, intake: CurrentIntake) -> Response:
    """Nothing comes in by it any more; what came in stays."""
    if not await gateways.remove(intake.mail.log.pool, gateway_id):
        raise NotFound
    return Response(status_code=204)


def _check(one: Gateway) -> None:
    if one.answers_strangers and one.authserv_id is None:
        raise Invalid.at("/answers_strangers", "Strangers are answered only where a server's word on them counts")


_UNREAD: dict[str, Any] = {"read_at": None, "failing_since": None, "last_error": None}


def _mailbox(given: Mailbox | None, present: Gateway | None, intake: Intake) -> dict[str, Any]:
    """The columns of a mailbox. A known password is for the server it was given for, and goes to no other."""
    if given is None:
        return dict.fromkeys(_COLUMNS)
    password = intake.mail.passwords.seal(given.password) if given.password else None
    if password is None and present and (given.host, given.port) == (present.imap_host, present.imap_port):
        password = present.imap_password
    if password is None:
        raise Invalid.at("/imap/password", "This mailbox's password is needed")
    return {
        "imap_host": given.host,
        "imap_port": given.port,
        "imap_security": given.security,
        "imap_user": given.user,
        "imap_folder": given.folder,
        "imap_password": password,
    }


_COLUMNS = ("imap_host", "imap_port", "imap_security", "imap_user", "imap_folder", "imap_password")


async def _present(intake: Intake, gateway: UUID) -> Gateway:
    found = await gateways.find(intake.mail.log.pool, gateway)
    if found is None:
        raise NotFound
    return found


def _shown(one: Gateway) -> ShownGateway:
    imap = None
    if one.imap_host:
        known = {name: getattr(one, f"imap_{name}") for name in ("host", "port", "security", "user", "folder")}
        imap = ShownMailbox(**known, read_at=one.read_at, failing_since=one.failing_since, last_error=one.last_error)
    fields = {name: getattr(one, name) for name in ShownGateway.model_fields if name != "imap"}
    return ShownGateway(**fields, imap=imap)


def _answer(one: Gateway, status: int) -> FastJSON:
    return FastJSON(_shown(one).model_dump(), status, {"ETag": format_etag(one.version)})
