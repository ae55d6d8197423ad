"""What the lines of a bulk say: an account, with its users if wanted, or a user alone."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError, model_validator

from libs.service.problem_handlers import describe
from libs.service.problems import Invalid
from libs.service.text import Name
from services.accounts.api.accounts import AccountChanges
from services.accounts.api.people import PersonFields
from services.accounts.api.shared import ExternalId
from services.accounts.domain.upserts import AccountUpsert, Upsert, UserUpsert

MOST_USERS = 1000


class UserOfAccount(PersonFields):
    """A user as the billing system knows them. What is left out stays as it is; a new user needs name and email."""

    external_id: ExternalId

    def upsert(self, account: str | None = None) -> UserUpsert:
        given = self.model_dump(exclude_unset=True, exclude={"kind", "account", "external_id"})
        return UserUpsert(self.external_id, given, account)


class UserLine(UserOfAccount):
    """A user alone; `account` is what the billing system calls their account."""

    kind: Literal["user"]
    account: ExternalId

    @property
    def told(self) -> Upsert:
        return self.upsert(self.account)


class AccountLine(AccountChanges):
    """An account as the billing system knows it. What is left out stays as it is; a new account needs a name.

    Group and project are told by id or by name. Users who are left out stay, too: say `"enabled": false` of who is to go.
    """

    kind: Literal["account"]
    external_id: ExternalId
    group: Name | None = Field(None, description="Name of the group", examples=["Resellers"])
    project: Name | None = Field(None, description="Name of the project")
    users: Annotated[list[UserOfAccount], Field(max_length=MOST_USERS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_way_of_naming(self) -> Self:
        for kind in ("group", "project"):
            if {kind, f"{kind}_id"} <= self.model_fields_set:
                raise ValueError(f"Send {kind} or {kind}_id")
        if len({user.external_id for user in self.users}) < len(self.users):
            raise ValueError("A user is named twice")
        return self

    @property
    def told(self) -> Upsert:
        given = self.model_dump(exclude_unset=True, exclude={"kind", "external_id", "users"})
        named: dict[str, str] = {}
        for kind in ("group", "project"):
            name = given.pop(kind, None)
            if name is not None:
                named[kind] = name
            elif kind in self.model_fields_set:
                given[f"{kind}_id"] = None
        return AccountUpsert(self.external_id, given, named, [user.upsert() for user in self.users])


def _kind(value: Any) -> Any:
    """By hand, as pydantic takes no field for it that a validator of all fields sees."""
    return value.get("kind") if isinstance(value, dict) else None


_LINE: TypeAdapter[AccountLine | UserLine] = TypeAdapter(
    Annotated[Annotated[AccountLine, Tag("account")] | Annotated[UserLine, Tag("user")], Discriminator(_kind)]
)


def parse(text: bytes) -> Upsert:
    """Read a line; Invalid, with what is wrong where, if it cannot be taken."""
    try:
        return _LINE.validate_json(text).told
    except ValidationError as error:
        raise Invalid(errors=[_described(one) for one in error.errors(include_url=False)]) from None


def _described(error: Mapping[str, Any]) -> dict[str, str]:
    if error["type"] == "json_invalid":
        return {"pointer": "", "detail": "This line is not valid JSON"}
    has_no_kind = error["type"].startswith("union_tag") and isinstance(error["input"], dict)
    place = ("kind",) if has_no_kind else error["loc"][1:]
    return describe({**error, "loc": ("body", *place)})
