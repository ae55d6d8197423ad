"""Weight rules: what makes a ticket more urgent than its time of waiting."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import Per, WeightRuleFacts
from services.routing.api.parts import Body, Distinct, LeftOut, Name
from services.routing.api.resources import Resource, Shown, resource_router
from services.routing.domain.kinds import WEIGHT_RULE
from services.routing.domain.weights import LARGEST

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


class WeightRule(Shown, WeightRuleFacts):
    """A weight rule as it is now; `version` is what its ETag says."""


WEIGHT_RULES = Resource(
    WEIGHT_RULE, "weight-rules", "a weight rule", "rule_id", NewWeightRule, WeightRuleChange, WeightRule
)
router = resource_router(WEIGHT_RULES)
