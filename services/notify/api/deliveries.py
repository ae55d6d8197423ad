"""The log of a webhook's deliveries, and delivering again."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from libs.service.bodies import AsNumber, Body, Instant
from libs.service.http import decode_cursor, encode_cursor
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.notify.api.parts import ON_ONE, SERVICE, Cursor, Limit, Manager
from services.notify.api.webhooks import present
from services.notify.runtime import CurrentNotify
from services.notify.store import webhooks

router = service_router(SERVICE, tags=["webhooks"])

_NEWEST = 2**62
_NUMBER: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=_NEWEST)])
State = Annotated[Literal["pending", "delivered", "failed"] | None, Query(description="Only those")]


class ShownDelivery(BaseModel):
    """One event on its way to one receiver. `status` and `error` are of the last try."""

    number: int
    event_id: UUID
    type: str
    entity_id: UUID
    at: AwareDatetime
    is_replay: bool
    state: Literal["pending", "delivered", "failed"]
    queued_at: AwareDatetime
    next_at: AwareDatetime
    attempts: int
    status: int | None
    error: str | None
    done_at: AwareDatetime | None


class Deliveries(BaseModel):
    items: list[ShownDelivery]
    next_cursor: str | None


class Replay(Body):
    """What is to be delivered again: one delivery, or all events of a time that were queued for this webhook."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"since": "2026-01-05T09:00:00Z", "until": "2026-01-05T10:00:00Z"}]}
    )

    number: Annotated[int, Field(ge=0, le=2**53), AsNumber] | None = None
    since: Instant | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _one_or_a_time(self) -> "Replay":
        if (self.number is None) == (self.since is None) or (self.since is None) != (self.until is None):
            raise ValueError("Name either a number, or since and until")
        return self


class Replayed(BaseModel):
    queued: int


@router.get("/webhooks/{webhook_id}/deliveries", responses=ON_ONE)
async def list_deliveries(
    webhook_id: UUID,
    _: Manager,
    notify: CurrentNotify,
    state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Deliveries:
    """What was delivered, and what was not, the newest first."""
    await present(notify, webhook_id)
    before = decode_cursor(cursor, _NUMBER) if cursor else _NEWEST
    found = await webhooks.deliveries(notify.log.pool, webhook_id, state, before, limit + 1)
    items = [ShownDelivery(**one) for one in found[:limit]]
    return Deliveries(items=items, next_cursor=encode_cursor(items[-1].number) if len(found) > limit else None)


@router.post("/webhooks/{webhook_id}/replay", status_code=202, responses=ON_ONE)
async def replay(webhook_id: UUID, body: Replay, _: Manager, notify: CurrentNotify) -> Replayed:
    """Deliver again, behind what waits already. The receiver sees the same `webhook-id` as the first time."""
    await present(notify, webhook_id)
    pool, now = notify.log.pool, await notify.log.now()
    if body.number is not None:
        queued = await webhooks.replay_one(pool, webhook_id, body.number, now)
        if not queued:
            raise NotFound
    else:
        assert body.since
        assert body.until
        queued = await webhooks.replay(pool, webhook_id, body.since, body.until, now)
    notify.wakes.webhooks.set()
    return Replayed(queued=queued)
