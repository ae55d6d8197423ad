"""Try before you save: what other rules would make of one ticket, or of those of the last days. Nothing comes of it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import Explanation, Points, Responsible
from libs.events.ticket_places import require_sight
from libs.service.auth import Caller, CurrentStaff, require_right, while_good
from libs.service.bodies import AsNumber
from libs.service.http import to_json
from libs.service.parameters import whole_schema
from libs.service.problems import NotFound
from libs.service.rights import Right
from libs.service.routes import service_router
from services.routing.api.parts import ON_ONE, Body
from services.routing.api.submission_rules import NewSubmissionRule
from services.routing.api.weight_rules import NewWeightRule
from services.routing.domain.kinds import SUBMISSION_RULE, WEIGHT_RULE, F, Kind
from services.routing.domain.trying import Comparison, Outcome
from services.routing.runtime import CurrentRouting, Routing
from services.routing.store import cases
from services.routing.trying import Trial, try_on_tickets

REPORT_SECONDS = 0.25
MOST_RULES = 500
NDJSON = "application/x-ndjson"

Manager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]


class Tried(Body):
    """A rule as it would be; with the id of the one it would replace, explanations name that."""

    id: UUID | None = None


class TriedSubmissionRule(Tried, NewSubmissionRule):
    """A submission rule as it would be."""


class TriedWeightRule(Tried, NewWeightRule):
    """A weight rule as it would be."""


_EXAMPLE: dict[str, Any] = {
    "submission_rules": [{"name": "Urgent", "conditions": {"urgencies": ["high"]}, "then": {"tags": ["urgent"]}}],
    "weight_rules": None,
}


class TriedRules(Body):
    """All the rules that there would be; null for those there are."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    submission_rules: Annotated[list[TriedSubmissionRule], Field(max_length=MOST_RULES)] | None = None
    weight_rules: Annotated[list[TriedWeightRule], Field(max_length=MOST_RULES)] | None = None


class TriedOnDays(TriedRules):
    """All the rules that there would be, and how many days of tickets they are tried on."""

    model_config = ConfigDict(json_schema_extra={"example": {**_EXAMPLE, "days": 30}})

    days: Annotated[int, Field(ge=1, le=3660), AsNumber] = 30


class TriedOutcome(BaseModel):
    """What rules make of a ticket; no department while it cannot be decided."""

    department_id: UUID | None
    responsible: Responsible | None
    urgency: Urgency | None
    tags: list[str]
    explanation: Explanation | None
    points: int
    breakdown: list[Points]

    @classmethod
    def of(cls, found: Outcome) -> "TriedOutcome":
        routed = found.routed
        return cls(
            department_id=found.department_id,
            responsible=routed.responsible if routed else None,
            urgency=routed.urgency if routed else None,
            tags=routed.tags if routed else [],
            explanation=routed.explanation() if routed else None,
            points=found.points,
            breakdown=list(found.breakdown),
        )


class TriedOnTicket(BaseModel):
    """What the rules of now make of a ticket that comes as it did, and what those that are tried would."""

    ticket_id: UUID
    now: TriedOutcome
    then: TriedOutcome


class Different(BaseModel):
    """A ticket that would go elsewhere, and from where to where."""

    ticket_id: UUID
    now: UUID | None
    then: UUID | None


class Result(BaseModel):
    """How many tickets would be treated otherwise; examples are those that the caller may read, 20 at most."""

    tickets: int
    elsewhere: int
    responsible: int
    urgency: int
    tags: int
    heavier: int
    lighter: int
    average_points_now: float
    average_points_then: float
    examples: list[Different]


class Progress(BaseModel):
    """A line of the answer; the last one has the result."""

    done: int
    total: int
    result: Result | None = None


router = service_router("routing", tags=["dry runs"])


@router.post("/tickets/{ticket_id}/dry-run", summary="Try rules on a ticket", responses=ON_ONE)
async def try_on_one(ticket_id: UUID, body: TriedRules, routing: CurrentRouting, staff: CurrentStaff) -> TriedOnTicket:
    """What was decided on it does not matter, nor what a person chose: it is judged as it came."""
    await require_sight(routing.pool, ticket_id, staff)
    trial = await _trial(routing, body)
    known = await cases.known_ticket(routing.pool, ticket_id)
    if known is None:
        raise NotFound
    now, then = trial.compare(known)
    return TriedOnTicket(ticket_id=ticket_id, now=TriedOutcome.of(now), then=TriedOutcome.of(then))


@router.post(
    "/dry-run",
    summary="Try rules on the tickets of the last days",
    response_class=StreamingResponse,
    responses={
        200: {"description": "A line for each step of the way", "content": {NDJSON: {"schema": whole_schema(Progress)}}}
    },
)
async def try_on_many(
    body: TriedOnDays, request: Request, routing: CurrentRouting, staff: CurrentStaff, _: Manager
) -> StreamingResponse:
    """Closing the connection stops it. An answer that ends without a result was stopped, too."""
    trial = await _trial(routing, body)
    steps = try_on_tickets(routing.pool, trial, trial.now - timedelta(days=body.days), staff)
    return StreamingResponse(while_good(request, _lines(steps)), media_type=NDJSON)


async def _lines(steps: AsyncGenerator[tuple[int, Comparison], None]) -> AsyncGenerator[bytes, None]:
    """A line now and then, and one with the result."""
    clock = asyncio.get_running_loop().time
    total, comparison, said = 0, Comparison(), -REPORT_SECONDS
    async for total, comparison in steps:
        if clock() - said >= REPORT_SECONDS:
            said = clock()
            yield to_json({"done": comparison.tickets, "total": total}) + b"\n"
        await asyncio.sleep(0)  # others come first
    yield to_json({"done": comparison.tickets, "total": total, "result": _result(comparison)}) + b"\n"


def _result(comparison: Comparison) -> dict[str, Any]:
    names = ("tickets", "elsewhere", "responsible", "urgency", "tags", "heavier", "lighter", "examples")
    return {
        **{name: getattr(comparison, name) for name in names},
        "average_points_now": round(comparison.average_now, 2),
        "average_points_then": round(comparison.average_then, 2),
    }


async def _trial(routing: Routing, body: TriedRules) -> Trial:
    """Raises Invalid for rules that would not be saved either."""
    submission = await _checked(routing, SUBMISSION_RULE, body.submission_rules, "/submission_rules")
    weights = await _checked(routing, WEIGHT_RULE, body.weight_rules, "/weight_rules")
    async with routing.pool.acquire() as connection:
        present = await routing.judge.organisation(connection)
    return Trial(present, present.trying(submission, weights), await routing.backbone.own_log.now())


async def _checked(
    routing: Routing,
    kind: Kind[F],
    rules: Sequence[Tried] | None,
    within: str,
) -> dict[UUID, F] | None:
    """The rules by their ids; those that have none yet get one."""
    if rules is None:
        return None
    return {
        rule.id or UUID(int=at): await routing.commands.checked(kind, rule.model_dump(exclude={"id"}), f"{within}/{at}")
        for at, rule in enumerate(rules)
    }
