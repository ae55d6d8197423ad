"""What there is, what may be done to it, and what events make of it. Pure.

Accounts, people, groups and projects are told whole by each event, so an entity's newest facts are its state. Of a deleted
one there is none: what stays is that it was there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue import accounts as facts
from libs.events.catalogue.base import EventData
from libs.service.problems import Invalid

Facts = TypeVar("Facts", bound=EventData)
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Kind(Generic[Facts]):
    """A kind of entity: the shape of its facts and the events that tell them."""

    name: str
    facts: type[Facts]
    created: type[Facts]
    changed: type[Facts]
    derive: Callable[[Fields], Fields] = dict
    """Adds to the fields what follows from them."""
    password_changed: type[EventData] | None = None
    """For people, who sign in."""
    deleted: type[EventData] | None = None
    """For whom one may ask to forget."""


def _with_expenses(fields: Fields) -> Fields:
    prices = (facts.OrderedService.model_validate(one).price for one in fields["services"])
    return {**fields, "expenses": sum(prices, Decimal(0))}


ACCOUNT = Kind(
    "account",
    facts.AccountFacts,
    facts.AccountCreated,
    facts.AccountChanged,
    _with_expenses,
    deleted=facts.AccountDeleted,
)
GROUP = Kind("group", facts.NamedFacts, facts.GroupCreated, facts.GroupChanged)
PROJECT = Kind("project", facts.NamedFacts, facts.ProjectCreated, facts.ProjectChanged)
USER = Kind(
    "user",
    facts.UserFacts,
    facts.UserCreated,
    facts.UserChanged,
    password_changed=facts.UserPasswordChanged,
    deleted=facts.UserDeleted,
)
ADMINISTRATOR = Kind(
    "administrator",
    facts.AdministratorFacts,
    facts.AdministratorCreated,
    facts.AdministratorChanged,
    password_changed=facts.AdministratorPasswordChanged,
)


DELETED: Mapping[str, bool] = {"deleted": True}
"""The state of what was deleted."""


def is_deleted(state: Mapping[str, Any]) -> bool:
    return state == DELETED


def decide_creation(kind: Kind[Facts], fields: Fields) -> list[EventData]:
    return [kind.created.model_validate(kind.derive(fields))]


def decide_change(kind: Kind[Facts], state: Facts, changes: Fields, *, new_password: bool = False) -> list[EventData]:
    """Answer what is new: nothing if all is as it was."""
    changed = kind.changed.model_validate(kind.derive({**state.model_dump(), **changes}))
    events: list[EventData] = [] if changed.model_dump() == state.model_dump() else [changed]
    if new_password and kind.password_changed:
        events.append(kind.password_changed())
    return events


def evolve(kind: Kind[Facts], state: Facts | None, event: EventData) -> Facts:
    if isinstance(event, kind.facts):
        return kind.facts.model_validate(event.model_dump())
    assert state is not None, "an entity begins with its facts"
    return state


def fold(kind: Kind[Facts], state: Facts | None, events: Sequence[EventData]) -> Facts:
    folded = reduce(lambda before, event: evolve(kind, before, event), events, state)
    assert folded is not None
    return folded


# --- systems' keys ---------------------------------------------------------------------------
class ApiKey(BaseModel):
    """A system's key, without its secret."""

    model_config = ConfigDict(frozen=True)

    name: str
    scopes: list[str]
    expires_at: AwareDatetime | None = None
    revoked: bool = False

    def is_good(self, now: datetime) -> bool:
        return not self.revoked and (self.expires_at is None or now < self.expires_at)


API_KEY = "api_key"


def decide_api_key(fields: Fields, now: datetime) -> list[EventData]:
    created = facts.ApiKeyCreated.model_validate(fields)
    if created.expires_at is not None and created.expires_at <= now:
        raise Invalid.at("/expires_at", "This is in the past")
    return [created]


def decide_revocation(state: ApiKey, key: UUID, tokens_until: datetime) -> list[EventData]:
    """The key is the session of its tokens, which end with it: none is good beyond `tokens_until`."""
    if state.revoked:
        return []
    return [facts.ApiKeyRevoked(), facts.SessionEnded(person_id=key, tokens_until=tokens_until)]


def evolve_api_key(state: ApiKey | None, event: EventData) -> ApiKey:
    if isinstance(event, facts.ApiKeyCreated):
        return ApiKey.model_validate(event.model_dump())
    assert state is not None, "a key begins with its creation"
    return state.model_copy(update={"revoked": True})
