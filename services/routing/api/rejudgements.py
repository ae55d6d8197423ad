"""Judging open tickets again by the rules of today, which else are for new tickets only."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.commands import asked_by, request_key
from libs.service.auth import Caller, require_right
from libs.service.http import CurrentIdempotency
from libs.service.problems import Conflict, NotFound, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from services.routing.api.parts import ON_ONE
from services.routing.api.rights import Reader
from services.routing.runtime import CurrentRouting
from services.routing.store import rejudgements as store

MOST_SHOWN = 50

Manager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]


class Rejudgement(BaseModel):
    """A run over all tickets that were open when it was asked for.

    `done` of `total` have been looked at, and on `changed` of them something else was decided than before. Tickets that were
    closed meanwhile are passed over.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    actor: str = Field(description="Who asked for it", examples=["user:01980000-0000-7000-8000-00000000a003"])
    on_behalf_of: str | None
    requested_at: AwareDatetime
    state: str = Field(description="`running`, `stopped` or `done`", examples=["running"])
    total: int
    done: int
    changed: int
    finished_at: AwareDatetime | None

    @classmethod
    def of(cls, found: store.Rejudgement | None) -> Self:
        if found is None:
            raise NotFound
        return cls.model_validate(found)


class Rejudgements(BaseModel):
    """The last runs, the newest first."""

    items: list[Rejudgement]


router = service_router("routing", tags=["rejudgements"])


@router.post(
    "/rejudgements",
    summary="Judge the open tickets by the rules of today",
    status_code=202,
    responses=problem_responses(Conflict),
)
async def request_rejudgement(
    routing: CurrentRouting, caller: Manager, idempotency: CurrentIdempotency, response: Response
) -> Rejudgement:
    """What a person changed by hand stays. It goes on in the background, also after a restart; one at a time."""
    log, run = routing.backbone.own_log, routing.commands.ids()
    key = request_key(idempotency).value
    found = await store.request(routing.pool, run, key, asked_by(caller), await log.now())
    if found is None:
        raise Conflict("Open tickets are being judged again already")
    routing.rejudging.asked.set()
    response.headers["Location"] = f"/api/routing/rejudgements/{found.id}"
    return Rejudgement.of(found)


@router.get("/rejudgements", summary="List the last runs")
async def list_rejudgements(routing: CurrentRouting, _: Reader) -> Rejudgements:
    return Rejudgements(items=[Rejudgement.of(one) for one in await store.newest(routing.pool, MOST_SHOWN)])


@router.get("/rejudgements/{rejudgement_id}", summary="Tell how far a run has come", responses=ON_ONE)
async def get_rejudgement(rejudgement_id: UUID, routing: CurrentRouting, _: Reader) -> Rejudgement:
    return Rejudgement.of(await store.find(routing.pool, rejudgement_id))


@router.delete("/rejudgements/{rejudgement_id}", summary="Stop a run", responses=ON_ONE)
async def stop_rejudgement(rejudgement_id: UUID, routing: CurrentRouting, _: Manager) -> Rejudgement:
    """What it has decided by then stays. Nothing if it has come to its end already."""
    await store.stop(routing.pool, rejudgement_id, await routing.backbone.own_log.now())
    return Rejudgement.of(await store.find(routing.pool, rejudgement_id))
