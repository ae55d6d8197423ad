"""What `accounts` tells: people, what they belong to, and the public keys that their tokens are checked with.

An entity is told whole each time, so that a reader needs no earlier event of it.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.base import Content, EventData, Written
from libs.service.rights import Right, Role

_ACCOUNT = "01980000-0000-7000-8000-00000000a001"
_USER = "01980000-0000-7000-8000-00000000a002"
_STAFF = "01980000-0000-7000-8000-00000000a003"


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
    """An account as it is now. `expenses` is the sum of the prices of its services, `balance` in the same currency.

    `external_id` is what the provider's billing system calls it; `comment` is for the staff alone.
    Erasure leaves nothing of them but whether it was enabled.
    """

    name: Written
    external_id: Written | None = None
    attitude: Annotated[Attitude, Content()] = Attitude.NEUTRAL
    group_id: Annotated[UUID | None, Content()] = None
    project_id: Annotated[UUID | None, Content()] = None
    services: Annotated[list[OrderedService], Content()] = Field(default_factory=list)
    expenses: Annotated[Decimal, Content()] = Decimal(0)
    balance: Annotated[Decimal | None, Content()] = None
    registered_on: Annotated[date | None, Content()] = None
    comment: Written | None = None
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Acme Hosting Customer Ltd",
        "external_id": "10457",
        "attitude": "good",
        "group_id": None,
        "project_id": None,
        "services": [{"product_type": "vps", "price": "19.90"}],
        "expenses": "19.90",
        "balance": "-4.50",
        "registered_on": "2024-03-01",
        "comment": "Pays late, but always pays.",
        "enabled": True,
    }


class AccountCreated(AccountFacts):
    """A customer of the provider was registered."""

    TYPE: ClassVar[str] = "account.created.v1"


class AccountChanged(AccountFacts):
    """An account was changed."""

    TYPE: ClassVar[str] = "account.changed.v1"


class AccountDeleted(EventData):
    """An account was erased at its request, with its users and its tickets; that it was there is all that stays."""

    TYPE: ClassVar[str] = "account.deleted.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class UserFacts(EventData):
    """A client user as it is now."""

    account_id: UUID
    name: Written
    email: Written
    external_id: Written | None = None
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "name": "Jane Roe",
        "email": "jane@example.com",
        "external_id": "20881",
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


class UserPasswordResetMade(EventData):
    """An administrator has made a link by which a client user sets a password; an earlier one is void. It is never told."""

    TYPE: ClassVar[str] = "user.password_reset_made.v1"
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"expires_at": "2026-01-06T09:00:00Z"}


class PasswordMailRequested(EventData):
    """A link by which somebody sets a password is to be mailed to them; an earlier one is void. Its token is never told:
    notify asks accounts for it when it writes the mail.
    """

    reset_id: UUID
    is_invitation: bool = False
    """Whether they are to come in for the first time, rather than have forgotten their password."""
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "reset_id": "01980000-0000-7000-8000-00000000a009",
        "is_invitation": False,
        "expires_at": "2026-01-05T10:00:00Z",
    }


class UserPasswordMailRequested(PasswordMailRequested):
    """A client user asked for a link to set a password, or an administrator did for them; it comes by mail."""

    TYPE: ClassVar[str] = "user.password_mail_requested.v1"


class UserDeleted(EventData):
    """A client user was erased with its account."""

    TYPE: ClassVar[str] = "user.deleted.v1"

    EXAMPLE: ClassVar[dict[str, Any]] = {}


class AdministratorFacts(EventData):
    """An administrator as they are now: role, and rights beyond the role's. Departments are routing's to tell."""

    name: str
    email: str
    role: Role = Role.OWNER
    rights: list[Right] = Field(default_factory=list)
    enabled: bool = True

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Sam Staff",
        "email": "sam@provider.example",
        "role": "agent",
        "rights": ["act_as"],
        "enabled": True,
    }


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


class AdministratorPasswordResetMade(EventData):
    """An administrator has made a link by which another sets a password; an earlier one is void. It is never told."""

    TYPE: ClassVar[str] = "administrator.password_reset_made.v1"
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"expires_at": "2026-01-06T09:00:00Z"}


class AdministratorPasswordMailRequested(PasswordMailRequested):
    """An administrator asked for a link to set a password, or another did for them; it comes by mail."""

    TYPE: ClassVar[str] = "administrator.password_mail_requested.v1"


class SessionEnded(EventData):
    """A session ended before its time (the entity is the session, the `sid` of tokens): they are no longer good.

    None of them lives longer than `tokens_until`. `person_id` is who sat there: an administrator who acted as a client, not
    the client. A system's session is its key, and so is the person.
    """

    TYPE: ClassVar[str] = "session.ended.v1"
    person_id: UUID
    tokens_until: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {"person_id": _USER, "tokens_until": "2026-01-05T09:15:00Z"}


class ActAsStarted(EventData):
    """An administrator began to act as a client user, in the user panel; the entity is the session."""

    TYPE: ClassVar[str] = "act_as.started.v1"
    account_id: UUID
    user_id: UUID
    administrator_id: UUID
    expires_at: AwareDatetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "user_id": _USER,
        "administrator_id": _STAFF,
        "expires_at": "2026-01-05T10:00:00Z",
    }


class ActAsEndReason(StrEnum):
    """Why an administrator stopped acting as a client."""

    RETURNED = "returned"
    EXPIRED = "expired"
    TAKEN_AWAY = "taken_away"


class ActAsEnded(EventData):
    """The administrator is themselves again. What ran out ended at its own instant, however late that was noticed."""

    TYPE: ClassVar[str] = "act_as.ended.v1"
    account_id: UUID
    user_id: UUID
    administrator_id: UUID
    reason: ActAsEndReason

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "user_id": _USER,
        "administrator_id": _STAFF,
        "reason": "returned",
    }


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
    AccountDeleted,
    UserCreated,
    UserChanged,
    UserPasswordChanged,
    UserPasswordResetMade,
    UserPasswordMailRequested,
    UserDeleted,
    AdministratorCreated,
    AdministratorChanged,
    AdministratorPasswordChanged,
    AdministratorPasswordResetMade,
    AdministratorPasswordMailRequested,
    SessionEnded,
    ActAsStarted,
    ActAsEnded,
    GroupCreated,
    GroupChanged,
    ProjectCreated,
    ProjectChanged,
    SigningKeyAdded,
    SigningKeyRetired,
    ApiKeyCreated,
    ApiKeyRevoked,
]
