"""The provider's list of targets."""

from typing import Annotated, Any, Self
from uuid import UUID, uuid5

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.sla import EscalateOn, Escalation, ListedTarget, TargetListChanged
from libs.service.bodies import AsNumber, Number
from libs.service.http import format_etag
from libs.service.routes import service_router
from libs.service.text import Name
from services.sla.api.parts import (
    ON_EDIT,
    SERVICE,
    TEN_YEARS,
    CurrentSla,
    Cursor,
    Editor,
    Limit,
    Reader,
    StatedVersion,
)
from services.sla.domain.target import DEFAULT_SHARE
from services.sla.domain.target_list import LIST_ID, TargetList

router = service_router(SERVICE, tags=["targets"])

MOST_TARGETS = 100
MOST_NAMED = 200
MOST_POINTS = 1_000_000

Ids = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_NAMED)]
Seconds = Annotated[int, Field(ge=0, le=TEN_YEARS, description="Working time"), AsNumber]


class WantedEscalation(BaseModel):
    """Points that a ticket weighs more for the rest of the wait; on a warning, or on a breach. Once a wait."""

    model_config = ConfigDict(extra="forbid")

    on: EscalateOn
    points: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS), AsNumber]


class WantedTarget(BaseModel):
    """A target for tickets that meet all its conditions; null does not matter.

    `id` is the caller's choice and stays the target's own; without one it is made of the name.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    name: Name
    department_ids: Ids | None = None
    urgencies: Annotated[tuple[Urgency, ...], Field(min_length=1)] | None = None
    attitudes: Annotated[tuple[Attitude, ...], Field(min_length=1)] | None = None
    group_ids: Ids | None = None
    project_ids: Ids | None = None
    first_response_seconds: Seconds | None = None
    next_response_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None
    warning_share: Annotated[Number, Field(gt=0, le=1, description="A warning comes when so much of it is used")] = (
        DEFAULT_SHARE
    )
    escalation: WantedEscalation | None = None

    def listed(self) -> ListedTarget:
        escalation = Escalation(on=self.escalation.on, points=self.escalation.points) if self.escalation else None
        told = {**self.model_dump(), "id": self.id or uuid5(LIST_ID, self.name), "escalation": escalation}
        return ListedTarget.model_validate(told)


class Targets(BaseModel):
    """In their order: the first that matches a ticket is its target. One that none matches has its department's own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "targets": [
                        {
                            "name": "Crucial processes are down",
                            "urgencies": ["high"],
                            "first_response_seconds": 3600,
                            "next_response_seconds": 7200,
                            "resolution_seconds": 86400,
                            "escalation": {"on": "breach", "points": 50},
                        },
                        {"name": "Everybody", "first_response_seconds": 14400, "next_response_seconds": 28800},
                    ]
                }
            ]
        },
    )

    targets: Annotated[tuple[WantedTarget, ...], Field(max_length=MOST_TARGETS)]

    @model_validator(mode="after")
    def _are_different(self) -> Self:
        ids = [one.listed().id for one in self.targets]
        if len(set(ids)) < len(ids):
            raise ValueError("Two targets have the same id, or the same name and no id")
        return self


class TargetsInForce(BaseModel):
    """The list as it is now. Version 0: nobody has set one."""

    targets: tuple[ListedTarget, ...]
    version: int
    since: AwareDatetime | None


class TargetsThen(BaseModel):
    """The list that was in force from `at` on, and who set it."""

    version: int
    at: AwareDatetime
    actor: str
    on_behalf_of: str | None
    targets: list[dict[str, Any]]


class TargetHistory(BaseModel):
    """The newest first."""

    items: list[TargetsThen]
    next_cursor: str | None


@router.get("/targets", summary="Read the list of targets")
async def read_targets(sla: CurrentSla, _: Reader, response: Response) -> TargetsInForce:
    return _in_force(await sla.commands.targets(), response)


@router.put("/targets", summary="Set the list of targets", responses=ON_EDIT)
async def set_targets(
    wanted: Targets, sla: CurrentSla, administrator: Editor, precondition: StatedVersion, response: Response
) -> TargetsInForce:
    """Tickets that wait are measured by it from now on; what they have used stays used, and what was said stays said."""
    listed = [one.listed() for one in wanted.targets]
    outcome = await sla.commands.set_targets(listed, precondition, administrator)
    response.headers.update(outcome.token.headers)
    return _in_force(TargetList.model_validate_json(outcome.state), response)


@router.get("/targets/history", summary="Read how the list of targets changed")
async def read_history(sla: CurrentSla, _: Reader, cursor: Cursor = None, limit: Limit = 50) -> TargetHistory:
    """The newest first."""
    items, next_cursor = await sla.history(LIST_ID, TargetListChanged, cursor, limit)
    return TargetHistory(items=[TargetsThen(**one) for one in items], next_cursor=next_cursor)


def _in_force(targets: TargetList, response: Response) -> TargetsInForce:
    response.headers["ETag"] = format_etag(targets.version)
    return TargetsInForce(
        targets=targets.targets,
        version=targets.version,
        since=targets.changes[-1].at if targets.changes else None,
    )
