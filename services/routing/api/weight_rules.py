"""Weight rules: what makes a ticket more urgent than its time of waiting."""

from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from libs.events.catalogue.conditions import ALWAYS
from libs.events.catalogue.routing import Per, WeightRuleFacts
from libs.service.bodies import AsNumber, Exact, Flag, LeftOut
from libs.service.text import Name
from services.routing.api.conditions import Conditions
from services.routing.api.parts import Body
from services.routing.api.resources import Resource, Shown, resource_router
from services.routing.domain.kinds import WEIGHT_RULE
from services.routing.domain.weights import LARGEST

Points = Annotated[int, Field(ge=-LARGEST, le=LARGEST, description="Negative ones make the ticket lighter"), AsNumber]
Unit = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6), Exact]
Cap = Annotated[int, Field(ge=0, le=LARGEST), AsNumber]

_EXAMPLE: JsonDict = {
    "name": "Big customers",
    "conditions": {
        "kind": "all",
        "of": [{"kind": "attitude", "values": ["good"]}, {"kind": "expenses", "at_least": "50"}],
    },
    "points": 5,
    "per": "expenses",
    "unit": "100",
    "cap": 50,
    "enabled": True,
}


class NewWeightRule(Body):
    """Points for tickets that meet the conditions; the points of all rules that match add up."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    conditions: Conditions = ALWAYS
    points: Points
    per: Per = Field(Per.TICKET, description="Points once, or for each `unit` of services or expenses")
    unit: Unit = Field(Decimal(1), description="Only whole units count")
    floor: Cap | None = Field(None, description="The points' size at least, if the rule matches")
    cap: Cap | None = Field(None, description="The points' size at most, whatever is counted")
    enabled: Flag = True


class WeightRuleChange(Body):
    """What is to be different; what is left out stays as it is. Conditions are replaced as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": {"points": 10}})

    name: Name = LeftOut
    conditions: Conditions = LeftOut
    points: Points = LeftOut
    per: Per = LeftOut
    unit: Unit = LeftOut
    floor: Cap | None = None
    cap: Cap | None = None
    enabled: Flag = LeftOut


class WeightRule(Shown, WeightRuleFacts):
    """A weight rule as it is now; `version` is what its ETag says."""


WEIGHT_RULES = Resource(
    WEIGHT_RULE, "weight-rules", "a weight rule", "rule_id", NewWeightRule, WeightRuleChange, WeightRule
)
router = resource_router(WEIGHT_RULES)
