"""Submission rules: where tickets go when they are submitted, and who gets them."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from libs.events.catalogue.conditions import ALWAYS
from libs.events.catalogue.routing import Actions, SubmissionRuleFacts
from libs.service.bodies import Distinct, Flag, LeftOut
from libs.service.text import Name, NotBlank, Storable
from services.routing.api.conditions import Conditions
from services.routing.api.parts import Body, Order
from services.routing.api.resources import Resource, Shown, resource_router
from services.routing.domain.kinds import SUBMISSION_RULE

Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40),
    Storable,
    NotBlank,
]

_EXAMPLE: JsonDict = {
    "name": "Outages at night",
    "order": 10,
    "conditions": {
        "kind": "all",
        "of": [
            {"kind": "urgency", "values": ["high"]},
            {"kind": "working_hours", "inside": False},
            {"kind": "not", "of": {"kind": "subject", "matches": "(?i)^(re|fwd):"}},
        ],
    },
    "then": {"responsible": {"by": "round_robin"}, "tags": ["night"]},
    "stop": False,
    "enabled": True,
}


class RuleActions(Actions):
    """What the rule makes of a ticket; what is left out stays as it is. Tags are added to those it has."""

    tags: Annotated[tuple[Tag, ...], Field(max_length=20), Distinct] = ()


class NewSubmissionRule(Body):
    """What is to become of tickets that meet the conditions, as far as no rule before has said it."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    order: Order = 0
    conditions: Conditions = ALWAYS
    then: RuleActions
    stop: Flag = Field(True, description="No later rule is tried if this one matches")
    enabled: Flag = True


class SubmissionRuleChange(Body):
    """What is to be different; what is left out stays as it is. Conditions and actions are replaced as a whole."""

    model_config = ConfigDict(json_schema_extra={"example": {"order": 20}})

    name: Name = LeftOut
    order: Order = LeftOut
    conditions: Conditions = LeftOut
    then: RuleActions = LeftOut
    stop: Flag = LeftOut
    enabled: Flag = LeftOut


class SubmissionRule(Shown, SubmissionRuleFacts):
    """A submission rule as it is now; `version` is what its ETag says."""


SUBMISSION_RULES = Resource(
    SUBMISSION_RULE,
    "submission-rules",
    "a submission rule",
    "submission_rule_id",
    NewSubmissionRule,
    SubmissionRuleChange,
    SubmissionRule,
)
router = resource_router(SUBMISSION_RULES)
