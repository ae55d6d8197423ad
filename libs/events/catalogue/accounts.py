"""What `accounts` tells: people, what they belong to, and the public keys that their tokens are checked with.

An entity is told whole each time, so that a reader needs no earlier event of it.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.base import EventData

_ACCOUNT = "01980000-0000-7000-8000-00000000a001"
_USER = "01980000-0000-7000-8000-00000000a002"


class Attitude(StrEnum):
    """The provider's judgement of an account."""

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


class OrderedService(BaseModel):
    """Something the account has ordered; price in the provider's currency, a month."""

    model_config = ConfigDict(frozen=True)

    product_type: str
    price: Decimal


class AccountFacts(EventData):
    """An account as it is now. `expenses` is the sum of the prices of its services."""

    name: str
    attitude: Attitude = Attitude.NEUTRAL
    group_id: UUID | None = None
    project_id: UUID | None = None
    services: list[OrderedService] = Field(default_factory=list)
    expenses: Decimal = Decimal(0)
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Acme Hosting Customer Ltd",
        "attitude": "good",
        "group_id": None,
        "project_id": None,
        "services": [{"product_type": "vps", "price": "19.90"}],
        "expenses": "19.90",
        "enabled": True,
    }


class AccountCreated(AccountFacts):
    """A customer of the provider was registered."""

    TYPE: ClassVar[str] = "account.created.v1"


class AccountChanged(AccountFacts):
    """An account was changed."""

    TYPE: ClassVar[str] = "account.changed.v1"


class UserFacts(EventData):
    """A client user as it is now."""

    account_id: UUID
    name: str
    email: str
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "name": "Jane Roe",
        "email": "jane@example.com",
        "enabled": True,
    }


class UserCreated(UserFacts):
    """A client user was created; it belongs to one account."""

    TYPE: ClassVar[str] = "user.created.v1"


class UserChanged(UserFacts):
    """A client user was changed."""

    TYPE: ClassVar[str] = "user.changed.v1"


class UserPasswordChanged(EventData):
    """A client user's password was changed. What it is now is never told."""

    TYPE: ClassVar[str] = "user.password_changed.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class AdministratorFacts(EventData):
    """An administrator as they are now. Departments are routing's to tell."""

    name: str
    email: str
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "Sam Staff", "email": "sam@provider.example", "enabled": True}


class AdministratorCreated(AdministratorFacts):
    """A member of the provider's staff was created."""

    TYPE: ClassVar[str] = "administrator.created.v1"


class AdministratorChanged(AdministratorFacts):
    """An administrator was changed."""

    TYPE: ClassVar[str] = "administrator.changed.v1"


class AdministratorPasswordChanged(EventData):
    """An administrator's password was changed. What it is now is never told."""

    TYPE: ClassVar[str] = "administrator.password_changed.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class NamedFacts(EventData):
    """Something with nothing but a name."""

    name: str

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "Key accounts"}


class GroupCreated(NamedFacts):
    """A named set of accounts was created."""

    TYPE: ClassVar[str] = "group.created.v1"


class GroupChanged(NamedFacts):
    """A group was renamed."""

    TYPE: ClassVar[str] = "group.changed.v1"


class ProjectCreated(NamedFacts):
    """One of the provider's brands or sites was created."""

    TYPE: ClassVar[str] = "project.created.v1"


class ProjectChanged(NamedFacts):
    """A project was renamed."""

    TYPE: ClassVar[str] = "project.changed.v1"


class SigningKeyAdded(EventData):
    """From now on tokens may be signed by this key. `public_key` is the raw Ed25519 key, base64url without padding."""

    TYPE: ClassVar[str] = "signing_key.added.v1"
    key_id: str
    public_key: str

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "key_id": "2026-01",
        "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }


class SigningKeyRetired(EventData):
    """Tokens signed by this key are no longer good."""

    TYPE: ClassVar[str] = "signing_key.retired.v1"
    key_id: str

    EXAMPLE: ClassVar[dict[str, Any]] = {"key_id": "2026-01"}


class ApiKeyCreated(EventData):
    """A key for another system was made. What it looks like is shown once, to its maker, and never told."""

    TYPE: ClassVar[str] = "api_key.created.v1"
    name: str
    scopes: list[str]
    expires_at: AwareDatetime | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "billing", "scopes": ["tickets:submit"], "expires_at": None}


class ApiKeyRevoked(EventData):
    """A system's key is no longer good."""

    TYPE: ClassVar[str] = "api_key.revoked.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


EVENTS: list[type[EventData]] = [
    AccountCreated,
    AccountChanged,
    UserCreated,
    UserChanged,
    UserPasswordChanged,
    AdministratorCreated,
    AdministratorChanged,
    AdministratorPasswordChanged,
    GroupCreated,
    GroupChanged,
    ProjectCreated,
    ProjectChanged,
    SigningKeyAdded,
    SigningKeyRetired,
    ApiKeyCreated,
    ApiKeyRevoked,
]
