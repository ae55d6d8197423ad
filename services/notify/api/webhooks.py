"""Webhooks: who gets which events."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from pydantic_core import PydanticCustomError

from libs.events.catalogue import BY_SERVICE
from libs.service.bodies import Body, Distinct, Flag, LeftOut
from libs.service.http import ExpectedVersion, FastJSON, format_etag
from libs.service.problems import NotFound, PreconditionFailed
from libs.service.routes import service_router
from libs.service.text import Name
from services.notify.api.parts import ON_EDIT, ON_ONE, SERVICE, Manager
from services.notify.consumers import Register
from services.notify.runtime import CurrentNotify, Notify
from services.notify.store import webhooks
from services.notify.store.webhooks import Webhook
from services.notify.webhooks.secrets import made

router = service_router(SERVICE, tags=["webhooks"])

TYPES = frozenset(model.TYPE for source in Register.sources for model in BY_SERVICE[source])


def _url(value: str) -> str:
    if not _is_whole(value):
        raise PydanticCustomError("url", "A whole http(s) address without a user is needed")
    return value


def _is_whole(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username and url.isascii()


def _known(types: list[str]) -> list[str]:
    if unknown := sorted(set(types) - TYPES):
        raise PydanticCustomError("types", "Not types of events that are told here: {unknown}", {"unknown": unknown})
    return types


Url = Annotated[
    str,
    Field(max_length=2000, pattern="^https?://[!-~]+$", examples=["https://billing.example.com/helpdesk"]),
    AfterValidator(_url),
]
Types = Annotated[
    list[str],
    Field(min_length=1, max_length=200, examples=[["ticket.opened.v1", "ticket.closed.v1"]]),
    Distinct,
    AfterValidator(_known),
]


class NewWebhook(Body):
    """Where events go, and which."""

    name: Annotated[Name, Field(examples=["Billing"])]
    url: Url
    types: Types


class WebhookChange(Body):
    """What is to be different. `active` lets one that was paused or disabled go on, with what has waited."""

    name: Name = LeftOut
    url: Url = LeftOut
    types: Types = LeftOut
    state: Literal["active", "disabled"] = LeftOut
    new_secret: Flag = LeftOut


class ShownWebhook(BaseModel):
    """`state` is paused when it has failed for so long that no more is tried. The secret is not shown again."""

    id: UUID
    name: str
    url: str
    types: list[str]
    state: Literal["active", "paused", "disabled"]
    version: int
    created_at: AwareDatetime
    failing_since: AwareDatetime | None
    paused_at: AwareDatetime | None
    last_error: str | None


class WithSecret(ShownWebhook):
    """`secret` is shown only this once: the receiver checks signatures with it. Null if it has not been made anew."""

    secret: str | None = None


class Webhooks(BaseModel):
    items: list[ShownWebhook]


class Tested(BaseModel):
    """What the receiver answered, or what went wrong before it did."""

    delivered: bool
    status: int | None
    error: str | None


@router.post("/webhooks", status_code=201, response_model=WithSecret)
async def create_webhook(body: NewWebhook, _: Manager, notify: CurrentNotify) -> FastJSON:
    """Send events of these types to an address from now on, signed with a secret that is shown only now."""
    secret = made()
    new = Webhook(
        id=notify.ids(),
        name=body.name,
        url=body.url,
        types=body.types,
        secret=notify.secrets.seal(secret),
        state="active",
        version=1,
        created_at=await notify.log.now(),
        failing_since=None,
        paused_at=None,
        last_error=None,
    )
    await webhooks.add(notify.log.pool, new)
    return _with_secret(new, secret.get_secret_value(), 201)


@router.get("/webhooks")
async def list_webhooks(_: Manager, notify: CurrentNotify) -> Webhooks:
    """All of them, the oldest first."""
    return Webhooks(items=[_shown(one) for one in await webhooks.listed(notify.log.pool)])


@router.get("/webhooks/{webhook_id}", responses=ON_ONE)
async def get_webhook(webhook_id: UUID, _: Manager, notify: CurrentNotify, response: Response) -> ShownWebhook:
    """One of them; the ETag is for changing it."""
    found = await present(notify, webhook_id)
    response.headers["ETag"] = format_etag(found.version)
    return _shown(found)


@router.patch("/webhooks/{webhook_id}", responses=ON_EDIT, response_model=WithSecret)
async def change_webhook(
    webhook_id: UUID, body: WebhookChange, expected: ExpectedVersion, _: Manager, notify: CurrentNotify
) -> FastJSON:
    """Change it, let it go on, or give it a new secret."""
    present_one = await present(notify, webhook_id)
    secret = made() if body.new_secret else None
    given = body.model_dump(exclude_unset=True, exclude={"new_secret"})
    wanted = {name: getattr(present_one, name) for name in Webhook.__slots__} | given
    if secret:
        wanted["secret"] = notify.secrets.seal(secret)
    async with notify.log.pool.acquire() as connection, connection.transaction():
        changed = await webhooks.change(connection, Webhook(**wanted), expected, await notify.log.now(connection))
    if changed is None:
        raise PreconditionFailed
    notify.wakes.webhooks.set()
    return _with_secret(changed, secret.get_secret_value() if secret else None, 200)


@router.delete("/webhooks/{webhook_id}", status_code=204, responses=ON_ONE)
async def remove_webhook(webhook_id: UUID, _: Manager, notify: CurrentNotify) -> Response:
    """Remove it, with what waits for it and the log of its deliveries."""
    if not await webhooks.remove(notify.log.pool, webhook_id):
        raise NotFound
    return Response(status_code=204)


@router.post("/webhooks/{webhook_id}/test", responses=ON_ONE)
async def try_webhook(webhook_id: UUID, _: Manager, notify: CurrentNotify) -> Tested:
    """Send an event of the type `webhook.test.v1` now, and say what the receiver answers."""
    answer = await notify.delivering.test(await present(notify, webhook_id))
    return Tested(delivered=answer.is_taken, status=answer.status, error=answer.error)


async def present(notify: Notify, webhook: UUID) -> Webhook:
    found = await webhooks.find(notify.log.pool, webhook)
    if found is None:
        raise NotFound
    return found


def _shown(one: Webhook) -> ShownWebhook:
    return ShownWebhook.model_validate(one, from_attributes=True)


def _with_secret(one: Webhook, secret: str | None, status: int) -> FastJSON:
    answer = {**_shown(one).model_dump(), "secret": secret}
    return FastJSON(answer, status, {"ETag": format_etag(one.version), "Cache-Control": "no-store"})
