"""What `routing` tells: how the provider is organised, and its decisions on tickets."""

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
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


class Conditions(BaseModel):
    """What a ticket and its account must be for a weight rule to match; what is left out does not matter."""

    model_config = ConfigDict(frozen=True)

    attitudes: list[Attitude] | None = None
    urgencies: list[Urgency] | None = None
    category_ids: list[UUID] | None = None
    min_services: int | None = None
    min_expenses: Decimal | None = None


class WeightRuleFacts(EventData):
    """A weight rule as it is now: points for each whole `unit` of what they are counted by, at most `cap` in size.

    `unit` and `min_expenses` are amounts of services or money; points per ticket have no use for `unit`.
    """

    name: str
    conditions: Conditions = Conditions()
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


class WeightRuleCreated(WeightRuleFacts):
    """A weight rule was created; it weighs new tickets."""

    TYPE: ClassVar[str] = "weight_rule.created.v1"


class WeightRuleChanged(WeightRuleFacts):
    """A weight rule was changed; it weighs new tickets so."""

    TYPE: ClassVar[str] = "weight_rule.changed.v1"


class WeightRuleDeleted(EventData):
    """A weight rule was deleted."""

    TYPE: ClassVar[str] = "weight_rule.deleted.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class DepartmentDecided(EventData):
    """Decision on a ticket: this department is responsible. `judged_version` is the ticket's version it was judged at."""

    TYPE: ClassVar[str] = "ticket.department_decided.v1"
    department_id: UUID
    responsible_id: UUID | None = None
    judged_version: int

    EXAMPLE: ClassVar[dict[str, Any]] = {"department_id": _DEPARTMENT, "responsible_id": None, "judged_version": 1}


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
    WeightRuleCreated,
    WeightRuleChanged,
    WeightRuleDeleted,
    DepartmentDecided,
    TicketWeighed,
]
