"""The one language in which rules say what they are about: a tree of all, any and not, with single conditions as leaves."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeAlias
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.service.bodies import AsNumber, Distinct, Flag
from libs.service.text import Text

LARGEST_COUNT = 1_000_000
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


Ids = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1000), Distinct]
Phrase = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=100), Distinct]
ProductTypes = Annotated[
    tuple[Annotated[Text, StringConstraints(min_length=1, max_length=100)], ...], Field(max_length=200), Distinct
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$", max_length=35)]
Clock = Annotated[str, StringConstraints(pattern=_CLOCK)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT), AsNumber]


def _with_kind(schema: dict[str, Any]) -> None:
    """Code may leave it out, but what is written may not."""
    schema["required"] = sorted({"kind", *schema.get("required", ())})


class Part(BaseModel):
    """A condition, or several put together."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_with_kind)


class All(Part):
    """All of these hold; without any it always does."""

    kind: Literal["all"] = "all"
    of: Annotated[tuple["Condition", ...], Field(max_length=200)] = ()


class AnyOf(Part):
    """At least one of these holds."""

    kind: Literal["any"] = "any"
    of: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=200)]


class Not(Part):
    """This does not hold."""

    kind: Literal["not"] = "not"
    of: "Condition"


class IsNamed(Part):
    """The ticket's category, account or project, or its account's group, is one of these."""

    kind: Literal["category", "account", "group", "project"]
    ids: Ids


class HasAttitude(Part):
    """The provider's judgement of the account is one of these."""

    kind: Literal["attitude"] = "attitude"
    values: Annotated[tuple[Attitude, ...], Field(min_length=1), Distinct]


class HasUrgency(Part):
    """The ticket's urgency is one of these."""

    kind: Literal["urgency"] = "urgency"
    values: Annotated[tuple[Urgency, ...], Field(min_length=1), Distinct]


class CameBy(Part):
    """The ticket came in by one of these ways."""

    kind: Literal["channel"] = "channel"
    values: Annotated[tuple[Channel, ...], Field(min_length=1), Distinct]


class IsInLanguage(Part):
    """The ticket was submitted in one of these languages (BCP 47); `de` holds for `de-AT` as well."""

    kind: Literal["language"] = "language"
    values: Annotated[tuple[Language, ...], Field(min_length=1, max_length=100), Distinct]


class _Range(Part):
    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        bounds: tuple[Any, Any] = (getattr(self, "at_least", None), getattr(self, "at_most", None))
        if bounds == (None, None):
            raise ValueError("Say at_least, at_most, or both")
        return self


class HasServices(_Range):
    """How many services the account has; of these product types, if any are named."""

    kind: Literal["services"] = "services"
    product_types: ProductTypes = ()
    at_least: Count | None = None
    at_most: Count | None = None


class HasExpenses(_Range):
    """What the account's services cost together."""

    kind: Literal["expenses"] = "expenses"
    at_least: Amount | None = None
    at_most: Amount | None = None


class Says(Part):
    """The ticket's subject, or the text it came with, contains one of these, in any case; or a pattern is found in it.

    The pattern is a regular expression as RE2 understands it, whose time is linear in the text's length.
    """

    kind: Literal["subject", "text"]
    contains: Phrases | None = None
    matches: Phrase | None = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.contains is None) == (self.matches is None):
            raise ValueError("Say either contains or matches")
        return self


class IsTimeOfDay(Part):
    """The ticket came at this time of day in a department's zone: from `starts` on and before `ends`, maybe over midnight.

    Without a department it is the one that the ticket goes to: what earlier rules say, or its category's.
    """

    kind: Literal["time_of_day"] = "time_of_day"
    starts: Clock
    ends: Clock
    department_id: UUID | None = None


class IsInHours(Part):
    """The ticket came inside of a department's working hours, or outside if `inside` is false.

    Without a department it is the one that the ticket goes to: what earlier rules say, or its category's.
    """

    kind: Literal["working_hours"] = "working_hours"
    inside: Flag = True
    department_id: UUID | None = None


Leaf: TypeAlias = (
    IsNamed
    | HasAttitude
    | HasUrgency
    | CameBy
    | IsInLanguage
    | HasServices
    | HasExpenses
    | Says
    | IsTimeOfDay
    | IsInHours
)
Condition = Annotated[All | AnyOf | Not | Leaf, Field(discriminator="kind")]

for _part in (All, AnyOf, Not):
    _part.model_rebuild()

ALWAYS = All()

_LEAVES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "attitudes": lambda values: {"kind": "attitude", "values": values},
    "urgencies": lambda values: {"kind": "urgency", "values": values},
    "category_ids": lambda values: {"kind": "category", "ids": values},
    "min_services": lambda count: {"kind": "services", "at_least": count},
    "min_expenses": lambda amount: {"kind": "expenses", "at_least": amount},
}


def as_tree(conditions: Any) -> Any:
    """The tree that the short form means: all of what it names. A tree stays as it is."""
    if not isinstance(conditions, dict) or "kind" in conditions:
        return conditions
    return {"kind": "all", "of": [_LEAVES[name](value) for name, value in conditions.items() if value is not None]}


Tree = Annotated[Condition, BeforeValidator(as_tree)]
"""A condition that may have been written in the short form."""
