"""What `routing` tells: how the provider is organised, and its decisions on tickets."""

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.conditions import ALWAYS, Tree
from libs.events.catalogue.intake import Urgency

_STAFF = "01980000-0000-7000-8000-00000000a003"
_CATEGORY = "01980000-0000-7000-8000-00000000c001"
_DEPARTMENT = "01980000-0000-7000-8000-00000000d001"
_RULE = "01980000-0000-7000-8000-00000000b001"


class DepartmentFacts(EventData):
    """A team as it is now; members and head are administrators."""

    name: str
    language: str = "en"
    head_id: UUID | None = None
    member_ids: list[UUID] = Field(default_factory=list)
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Mail support",
        "language": "en",
        "head_id": _STAFF,
        "member_ids": [_STAFF],
        "enabled": True,
    }


class DepartmentCreated(DepartmentFacts):
    """A department was created."""

    TYPE: ClassVar[str] = "department.created.v1"


class DepartmentChanged(DepartmentFacts):
    """A department was changed."""

    TYPE: ClassVar[str] = "department.changed.v1"


class CategoryFacts(EventData):
    """A predefined subject as it is now. Without product types it is open to every account; else to those that have one.

    With a project it is open to that project's accounts only.
    """

    name: str
    default_department_id: UUID
    product_types: list[str] = Field(default_factory=list)
    enabled: bool = True
    order: int = 0
    project_id: UUID | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Mail",
        "default_department_id": _DEPARTMENT,
        "product_types": [],
        "enabled": True,
        "order": 10,
        "project_id": None,
    }


class CategoryCreated(CategoryFacts):
    """A category was created."""

    TYPE: ClassVar[str] = "category.created.v1"


class CategoryChanged(CategoryFacts):
    """A category was changed."""

    TYPE: ClassVar[str] = "category.changed.v1"


class Per(StrEnum):
    """What a weight rule's points are counted by."""

    TICKET = "ticket"
    SERVICE = "service"
    EXPENSES = "expenses"


class ConditionsV1(BaseModel):
    """What a ticket and its account must be for a weight rule to match; what is left out does not matter."""

    model_config = ConfigDict(frozen=True)

    attitudes: list[Attitude] | None = None
    urgencies: list[Urgency] | None = None
    category_ids: list[UUID] | None = None
    min_services: int | None = None
    min_expenses: Decimal | None = None


class WeightRuleFactsV1(EventData):
    """A weight rule as it was told before conditions were a tree."""

    name: str
    conditions: ConditionsV1 = ConditionsV1()
    points: int
    per: Per = Per.TICKET
    unit: Decimal = Decimal(1)
    cap: int | None = None
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Big customers",
        "conditions": {
            "attitudes": ["good"],
            "urgencies": None,
            "category_ids": None,
            "min_services": None,
            "min_expenses": None,
        },
        "points": 5,
        "per": "expenses",
        "unit": "100",
        "cap": 50,
        "enabled": True,
    }


class WeightRuleCreatedV1(WeightRuleFactsV1):
    """A weight rule was created; it weighs new tickets. Told no more: now it is the second version."""

    TYPE: ClassVar[str] = "weight_rule.created.v1"


class WeightRuleChangedV1(WeightRuleFactsV1):
    """A weight rule was changed; it weighs new tickets so. Told no more: now it is the second version."""

    TYPE: ClassVar[str] = "weight_rule.changed.v1"


class WeightRuleFacts(EventData):
    """A weight rule as it is now: points for each whole `unit` of what they are counted by.

    They are at least `floor` and at most `cap` in size, if the rule matches. `unit` is an amount of services or money;
    points per ticket have no use for it.
    """

    name: str
    conditions: Tree = ALWAYS
    points: int
    per: Per = Per.TICKET
    unit: Decimal = Decimal(1)
    floor: int | None = None
    cap: int | None = None
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Big customers",
        "conditions": {"kind": "all", "of": [{"kind": "attitude", "values": ["good"]}]},
        "points": 5,
        "per": "expenses",
        "unit": "100",
        "floor": None,
        "cap": 50,
        "enabled": True,
    }

    @classmethod
    def upcast(cls, data: dict[str, Any]) -> dict[str, Any]:
        return data  # conditions in the short form are read as the tree that they mean


class WeightRuleCreated(WeightRuleFacts):
    """A weight rule was created; it weighs new tickets."""

    TYPE: ClassVar[str] = "weight_rule.created.v2"
    PREVIOUS: ClassVar[type[EventData] | None] = WeightRuleCreatedV1


class WeightRuleChanged(WeightRuleFacts):
    """A weight rule was changed; it weighs new tickets so."""

    TYPE: ClassVar[str] = "weight_rule.changed.v2"
    PREVIOUS: ClassVar[type[EventData] | None] = WeightRuleChangedV1


class WeightRuleDeleted(EventData):
    """A weight rule was deleted."""

    TYPE: ClassVar[str] = "weight_rule.deleted.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class ResponsibleBy(StrEnum):
    """How a rule finds who is to be responsible; the last two among a department's members on duty."""

    FIXED = "fixed"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"


class Responsible(BaseModel):
    """Who is to be responsible; `administrator_id` is named if it is a fixed one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ResponsibleBy
    administrator_id: UUID | None = None


class Actions(BaseModel):
    """What a submission rule makes of a ticket; null is left as it is. Tags are added to those it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    department_id: UUID | None = None
    responsible: Responsible | None = None
    urgency: Urgency | None = None
    tags: tuple[str, ...] = ()


class SubmissionRuleFacts(EventData):
    """A rule as it is now, applied to a ticket when it is submitted, and when it is given another category.

    Rules are tried by their `order`. What one has said, a later one does not change; after one with `stop` none is tried.
    """

    name: str
    order: int = 0
    conditions: Tree = ALWAYS
    then: Actions
    stop: bool = True
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Outages at night",
        "order": 10,
        "conditions": {
            "kind": "all",
            "of": [
                {"kind": "urgency", "values": ["high"]},
                {"kind": "working_hours", "inside": False, "department_id": None},
            ],
        },
        "then": {
            "department_id": _DEPARTMENT,
            "responsible": {"by": "round_robin", "administrator_id": None},
            "urgency": None,
            "tags": ["night"],
        },
        "stop": True,
        "enabled": True,
    }


class SubmissionRuleCreated(SubmissionRuleFacts):
    """A submission rule was created; it is applied to new tickets."""

    TYPE: ClassVar[str] = "submission_rule.created.v1"


class SubmissionRuleChanged(SubmissionRuleFacts):
    """A submission rule was changed; it is applied to new tickets so."""

    TYPE: ClassVar[str] = "submission_rule.changed.v1"


class SubmissionRuleDeleted(EventData):
    """A submission rule was deleted."""

    TYPE: ClassVar[str] = "submission_rule.deleted.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class RuleApplied(BaseModel):
    """A submission rule that matched, and what of its actions counted: `department`, `responsible`, `urgency`, `tags`."""

    model_config = ConfigDict(frozen=True)

    rule_id: UUID
    name: str
    gave: list[str]


class RulePassed(BaseModel):
    """A submission rule that did not match: `because` points to the part of it that did not hold, of that `kind`.

    Nothing of the ticket is quoted. Of what is not known it cannot be said whether it holds, so it does not match either.
    """

    model_config = ConfigDict(frozen=True)

    rule_id: UUID
    name: str
    because: str
    kind: str
    known: bool = True


class Explanation(BaseModel):
    """Which rules decided, and why those before them did not match; `left_out` counts the passed ones beyond the first."""

    model_config = ConfigDict(frozen=True)

    applied: list[RuleApplied] = Field(default_factory=list)
    passed: list[RulePassed] = Field(default_factory=list)
    left_out: int = 0


class DepartmentDecided(EventData):
    """Decision on a ticket: this department is responsible. `judged_version` is the ticket's version it was judged at.

    What else the rules say may come with it: somebody who is responsible, an urgency, tags to be added. Null and none leave
    it as it is. Without an explanation no rules were asked.
    """

    TYPE: ClassVar[str] = "ticket.department_decided.v1"
    department_id: UUID
    responsible_id: UUID | None = None
    judged_version: int
    urgency: Urgency | None = None
    tags: list[str] = Field(default_factory=list)
    explanation: Explanation | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "responsible_id": _STAFF,
        "judged_version": 1,
        "urgency": None,
        "tags": ["night"],
        "explanation": {
            "applied": [{"rule_id": _RULE, "name": "Outages at night", "gave": ["department", "responsible", "tags"]}],
            "passed": [
                {
                    "rule_id": "01980000-0000-7000-8000-00000000b002",
                    "name": "Key accounts",
                    "because": "/conditions/of/0",
                    "kind": "group",
                    "known": True,
                }
            ],
            "left_out": 0,
        },
    }


class Points(BaseModel):
    """The part of one rule in a ticket's weight."""

    model_config = ConfigDict(frozen=True)

    rule_id: UUID
    name: str
    points: int


class TicketWeighed(EventData):
    """Decision on a ticket: its points, and whose they are. Its weight is the points and the minutes waited.

    `account_version` is the version of the account it was weighed by; None while the account is not known.
    """

    TYPE: ClassVar[str] = "ticket.weighed.v1"
    points: int
    breakdown: list[Points]
    judged_version: int
    account_version: int | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "points": 15,
        "breakdown": [{"rule_id": _RULE, "name": "Big customers", "points": 15}],
        "judged_version": 1,
        "account_version": 3,
    }


EVENTS: list[type[EventData]] = [
    DepartmentCreated,
    DepartmentChanged,
    CategoryCreated,
    CategoryChanged,
    WeightRuleCreatedV1,
    WeightRuleChangedV1,
    WeightRuleCreated,
    WeightRuleChanged,
    WeightRuleDeleted,
    SubmissionRuleCreated,
    SubmissionRuleChanged,
    SubmissionRuleDeleted,
    DepartmentDecided,
    TicketWeighed,
]
