"""Weight rules: what makes a ticket more urgent than its time of waiting."""

from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import Conditions, Per
from libs.service.http import CurrentIdempotency, ExpectedVersion, format_etag
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.routing.api.parts import (
    ON_EDIT,
    ON_ONE,
    Body,
    Cursor,
    Distinct,
    LeftOut,
    Limit,
    Name,
    after_id,
    created,
    cut,
    told,
)
from services.routing.api.rights import Editor, Reader
from services.routing.domain.kinds import WEIGHT_RULE
from services.routing.domain.weights import LARGEST
from services.routing.runtime import CurrentRouting
from services.routing.store import organisation
from services.routing.store.organisation import Entity

Points = Annotated[int, Field(ge=-LARGEST, le=LARGEST, description="Negative ones make the ticket lighter")]
Unit = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
Cap = Annotated[int, Field(ge=0, le=LARGEST)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]

_EXAMPLE: JsonDict = {
    "name": "Big customers",
    "conditions": {"attitudes": ["good"], "min_expenses": "50"},
    "points": 5,
    "per": "expenses",
    "unit": "100",
    "cap": 50,
    "enabled": True,
}


class RuleConditions(Body):
    """All that are named must be met; a list is met by any of its values."""

    attitudes: Annotated[list[Attitude], Field(min_length=1), Distinct] | None = None
    urgencies: Annotated[list[Urgency], Field(min_length=1), Distinct] | None = None
    category_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000), Distinct] | None = None
    min_services: int | None = Field(None, ge=0, le=LARGEST, description="Services the account has at least")
    min_expenses: Amount | None = Field(None, description="What they cost together, at least")


class NewWeightRule(Body):
    """Points for tickets that meet the conditions; the points of all rules that match add up."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    conditions: RuleConditions = RuleConditions()
    points: Points
    per: Per = Field(Per.TICKET, description="Points once, or for each `unit` of services or expenses")
    unit: Unit = Field(Decimal(1), description="Only whole units count")
    cap: Cap | None = Field(None, description="The points' size at most, whatever is counted")
    enabled: bool = True


class WeightRuleChange(Body):
    """What is to be different; what is left out stays as it is. Conditions are replaced as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": {"points": 10}})

    name: Name = LeftOut
    conditions: RuleConditions = LeftOut
    points: Points = LeftOut
    per: Per = LeftOut
    unit: Unit = LeftOut
    cap: Cap | None = None
    enabled: bool = LeftOut


class WeightRule(BaseModel):
    """A weight rule as it is now; `version` is what its ETag says."""

    id: UUID
    version: int
    name: str
    conditions: Conditions
    points: int
    per: Per
    unit: Decimal
    cap: int | None
    enabled: bool

    @classmethod
    def of(cls, entity: Entity) -> Self:
        """NotFound when it is deleted."""
        facts = WEIGHT_RULE.read(entity.state)
        if facts is None:
            raise NotFound
        return cls(id=entity.id, version=entity.version, **facts.model_dump())


class WeightRulePage(BaseModel):
    """Weight rules in the order in which they were made."""

    items: list[WeightRule]
    next_cursor: str | None


router = service_router("routing", tags=["weight rules"])


@router.get("/weight-rules", summary="List weight rules")
async def list_weight_rules(
    routing: CurrentRouting, _: Reader, cursor: Cursor = None, limit: Limit = 50
) -> WeightRulePage:
    found = await organisation.page(routing.pool, WEIGHT_RULE.name, after_id(cursor), limit + 1)
    items, next_cursor = cut(found, limit, lambda last: last.id)
    return WeightRulePage(items=[WeightRule.of(entity) for entity in items], next_cursor=next_cursor)


@router.post("/weight-rules", summary="Create a weight rule; it weighs new tickets", status_code=201)
async def create_weight_rule(
    body: NewWeightRule, routing: CurrentRouting, caller: Editor, idempotency: CurrentIdempotency, response: Response
) -> WeightRule:
    outcome = await routing.commands.create(WEIGHT_RULE, body.model_dump(), caller, idempotency)
    created(response, outcome, "weight-rules")
    return WeightRule.of(Entity(outcome.entity, outcome.version, outcome.state))


@router.get("/weight-rules/{rule_id}", summary="Get a weight rule", responses=ON_ONE)
async def get_weight_rule(rule_id: UUID, routing: CurrentRouting, _: Reader, response: Response) -> WeightRule:
    entity = await organisation.find(routing.pool, WEIGHT_RULE.name, rule_id)
    if entity is None:
        raise NotFound
    response.headers["ETag"] = format_etag(entity.version)
    return WeightRule.of(entity)


@router.patch("/weight-rules/{rule_id}", summary="Change a weight rule; new tickets are weighed so", responses=ON_EDIT)
async def change_weight_rule(
    rule_id: UUID,
    body: WeightRuleChange,
    routing: CurrentRouting,
    caller: Editor,
    expected: ExpectedVersion,
    response: Response,
) -> WeightRule:
    outcome = await routing.commands.change(WEIGHT_RULE, rule_id, body.named(), expected, caller)
    told(response, outcome)
    return WeightRule.of(Entity(outcome.entity, outcome.version, outcome.state))


@router.delete("/weight-rules/{rule_id}", summary="Delete a weight rule", status_code=204, responses=ON_ONE)
async def delete_weight_rule(rule_id: UUID, routing: CurrentRouting, caller: Editor) -> Response:
    outcome = await routing.commands.delete_weight_rule(rule_id, caller)
    return Response(status_code=204, headers=outcome.token.headers)
