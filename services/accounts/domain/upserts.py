"""What a billing system says of accounts and users, line by line, and what is new of it. Pure.

A line is taken whole or refused whole, and sees what came of the lines before it.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from libs.events.catalogue.accounts import UserFacts
from libs.events.catalogue.base import EventData
from libs.service.ids import Ids
from libs.service.problems import Invalid
from services.accounts.domain import ACCOUNT, USER, Fields, Kind, decide_change, decide_creation, fold
from services.accounts.emails import folded
from services.accounts.problems import EmailTaken

_NEEDED: Mapping[str, Sequence[str]] = {ACCOUNT.name: ("name",), USER.name: ("name", "email")}


@dataclass(frozen=True)
class UserUpsert:
    """What is left out of `fields` stays as it is."""

    external_id: str
    fields: Fields
    account: str | None = None
    """The account's external id; None for a user told with the account."""


@dataclass(frozen=True)
class AccountUpsert:
    """`named` has the names of the group and the project that are told by name."""

    external_id: str
    fields: Fields
    named: Mapping[str, str] = field(default_factory=dict)
    users: Sequence[UserUpsert] = ()


Upsert = AccountUpsert | UserUpsert


class Done(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Result:
    external_id: str
    id: UUID
    done: Done
    users: Sequence["Result"] = ()


@dataclass
class Held:
    """An entity as the lines so far leave it. `version` 0: it is new."""

    kind: Kind[Any]
    id: UUID
    external_id: str
    version: int = 0
    before: EventData | None = None
    facts: EventData | None = None
    events: list[EventData] = field(default_factory=list)


@dataclass
class Known:
    """What there is of all that the lines name."""

    accounts: dict[str, Held] = field(default_factory=dict)
    users: dict[str, Held] = field(default_factory=dict)
    """By external id."""
    people: dict[str, UUID | None] = field(default_factory=dict)
    """Whose a folded e-mail address is."""
    named: Mapping[tuple[str, str], Sequence[UUID]] = field(default_factory=dict)
    """Kind and name -> ids of the groups or projects of this name."""
    ids: frozenset[UUID] = frozenset()
    """Groups and projects that are there."""


@dataclass(frozen=True)
class _Step:
    held: Held
    events: Sequence[EventData]
    facts: EventData

    @property
    def result(self) -> Result:
        done = Done.CREATED if self.held.facts is None else Done.CHANGED if self.events else Done.UNCHANGED
        return Result(self.held.external_id, self.held.id, done)


@dataclass
class Upserts:
    """Takes in one line after the other; each raises a Problem or is done."""

    known: Known
    new_id: Ids

    def take(self, line: Upsert) -> Result:
        people: ChainMap[str, UUID | None] = ChainMap({}, self.known.people)
        steps = list(self._account(line, people) if isinstance(line, AccountUpsert) else self._lone_user(line, people))
        first, *others = (step.result for step in steps)
        for step in steps:
            self._keep(step)
        self.known.people.update(people.maps[0])
        return Result(first.external_id, first.id, first.done, others)

    @property
    def changed(self) -> list[Held]:
        return [held for held in (*self.known.accounts.values(), *self.known.users.values()) if held.events]

    def _account(self, line: AccountUpsert, people: MutableMapping[str, UUID | None]) -> Iterator[_Step]:
        held = self.known.accounts.get(line.external_id) or Held(ACCOUNT, self.new_id(), line.external_id)
        yield _step(held, {**line.fields, **self._named(line), "external_id": line.external_id}, "")
        for place, user in enumerate(line.users):
            yield self._user(user, held.id, people, f"/users/{place}")

    def _lone_user(self, line: UserUpsert, people: MutableMapping[str, UUID | None]) -> Iterator[_Step]:
        account = self.known.accounts.get(line.account or "")
        if account is None:
            raise Invalid.at("/account", "No account is called so")
        yield self._user(line, account.id, people, "")

    def _user(self, line: UserUpsert, account: UUID, people: MutableMapping[str, UUID | None], pointer: str) -> _Step:
        held = self.known.users.get(line.external_id) or Held(USER, self.new_id(), line.external_id)
        if isinstance(held.facts, UserFacts) and held.facts.account_id != account:
            raise Invalid.at(f"{pointer}/external_id", "This is a user of another account, where they have to stay")
        step = _step(held, {**line.fields, "account_id": account, "external_id": line.external_id}, pointer)
        _claim(step, people, pointer)
        return step

    def _named(self, line: AccountUpsert) -> Fields:
        """The ids of what is told by name; Invalid for what is not there."""
        for kind in ("group", "project"):
            if (told := line.fields.get(f"{kind}_id")) is not None and told not in self.known.ids:
                raise Invalid.at(f"/{kind}_id", f"There is no such {kind}")
        return {f"{kind}_id": self._only_one(kind, name) for kind, name in line.named.items()}

    def _only_one(self, kind: str, name: str) -> UUID:
        found = self.known.named.get((kind, name), ())
        if len(found) != 1:
            why = f"Several {kind}s have this name; send {kind}_id" if found else f"No {kind} has this name"
            raise Invalid.at(f"/{kind}", why)
        return found[0]

    def _keep(self, step: _Step) -> None:
        held = step.held
        held.facts = step.facts
        held.events += step.events
        kept = self.known.accounts if held.kind is ACCOUNT else self.known.users
        kept[held.external_id] = held


def _step(held: Held, fields: Fields, pointer: str) -> _Step:
    if held.facts is None:
        missing = [name for name in _NEEDED[held.kind.name] if name not in fields]
        if missing:
            raise Invalid(errors=[_needed(f"{pointer}/{name}") for name in missing])
        events = decide_creation(held.kind, {"services": [], **fields})
    else:
        events = decide_change(held.kind, held.facts, fields)
    facts = fold(held.kind, held.facts, events)
    return _Step(held, events, facts)


def _needed(pointer: str) -> Mapping[str, str]:
    return {"pointer": pointer, "detail": "This is needed of what is not there yet"}


def _claim(step: _Step, people: MutableMapping[str, UUID | None], pointer: str) -> None:
    """Take the address, and give up the one before; EmailTaken if another person has it."""
    before, after = email_of(step.held.facts), email_of(step.facts)
    assert after is not None
    if before == after:
        return
    if people.get(after) not in {None, step.held.id}:
        raise EmailTaken(errors=[{"pointer": f"{pointer}/email", "detail": EmailTaken.default_title()}])
    if before is not None:
        people[before] = None
    people[after] = step.held.id


def email_of(facts: EventData | None) -> str | None:
    """A user's address as it is compared."""
    return folded(facts.email) if isinstance(facts, UserFacts) else None


def external_ids(lines: Iterable[Upsert]) -> Iterator[tuple[str, str]]:
    """Kind and external id of all that the lines name."""
    for line in lines:
        if isinstance(line, AccountUpsert):
            yield ACCOUNT.name, line.external_id
            yield from external_ids(line.users)
        else:
            yield USER.name, line.external_id
            if line.account is not None:
                yield ACCOUNT.name, line.account


def emails(lines: Iterable[Upsert]) -> Iterator[str]:
    """The addresses that the lines tell, as they are compared."""
    for line in lines:
        if isinstance(line, AccountUpsert):
            yield from emails(line.users)
        elif "email" in line.fields:
            yield folded(line.fields["email"])
