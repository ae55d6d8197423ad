"""Routes for operators, the same in every service that consumes: parked events and rebuilds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events import parking
from libs.events.backbone import CurrentBackbone
from libs.events.rebuild import request_rebuild
from libs.service.auth import OPERATE, require_right
from libs.service.rights import Right
from libs.service.routes import service_router


class ParkedEvent(BaseModel):
    """An event set aside; without an error when it only waits behind another of its entity."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    position: int
    entity: str
    type: str
    error: str | None
    parked_at: AwareDatetime


class Requested(BaseModel):
    """A rebuild was asked for; the projection's new generation will have this id."""

    generation: int


class Retried(BaseModel):
    """How many parked events will be tried again."""

    events: int


def operator_router(service: str) -> APIRouter:
    operator = Depends(require_right(Right.MANAGE_SETTINGS, scope=OPERATE))
    router = service_router(service, tags=["operation"], dependencies=[operator])

    @router.get("/parked", summary="List the parked events")
    async def list_parked(backbone: CurrentBackbone) -> list[ParkedEvent]:
        return [ParkedEvent.model_validate(event) for event in await parking.listed(backbone.pool)]

    @router.post("/parked/retry", summary="Try parked events again", status_code=202)
    async def retry_parked(
        backbone: CurrentBackbone,
        entity: Annotated[UUID | None, Query(description="One entity; all if left out")] = None,
    ) -> Retried:
        return Retried(events=await parking.request_retry(backbone.pool, str(entity) if entity else None))

    @router.post("/projection/rebuild", summary="Fold the projection anew", status_code=202)
    async def rebuild_projection(backbone: CurrentBackbone) -> Requested:
        return Requested(generation=await request_rebuild(backbone.pool, "asked for"))

    return router
