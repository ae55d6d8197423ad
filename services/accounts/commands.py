"""Carrying out what administrators ask for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import SecretStr

from libs.events.catalogue.base import EventData
from libs.events.commands import Decision, Outcome, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor, Key, Loaded, Log, NewEvent
from libs.service.ids import Ids
from libs.service.problems import Invalid, NotFound, PreconditionFailed
from services.accounts import api_keys
from services.accounts.acting import may_act
from services.accounts.api_keys import SystemKey
from services.accounts.domain import (
    ACCOUNT,
    ADMINISTRATOR,
    API_KEY,
    GROUP,
    PROJECT,
    ApiKey,
    Facts,
    Fields,
    Kind,
    decide_api_key,
    decide_change,
    decide_creation,
    decide_revocation,
    evolve_api_key,
    fold,
    is_deleted,
)
from services.accounts.domain.sessions import LONGEST_TOKEN, MARGIN
from services.accounts.passwords import Passwords
from services.accounts.sessions import Sessions
from services.accounts.store import credentials, entities, external_ids, keys, persons, sessions

Decide = Callable[[Loaded], Decision]
Check = Callable[[Executor], Awaitable[None]]
"""Raises a problem unless it may be done; what it read stays as it is until the transaction ends."""


async def unchecked(_: Executor) -> None:
    """Let it be done."""


@dataclass(frozen=True)
class Commands:
    log: Log
    ids: Ids
    passwords: Passwords
    sessions: Sessions

    async def create(self, kind: Kind[Any], fields: Fields, cause: Cause, key: Key) -> Outcome:
        """Create something; ExternalIdTaken if another of its kind has the external id."""
        await self._check_references(fields)
        return await in_transaction(self.log, lambda connection: self._add(connection, kind, fields, cause, key))

    async def change(
        self, kind: Kind[Any], entity: UUID, changes: Fields, cause: Cause, expected: int | None
    ) -> Outcome:
        await self._check_there(kind.name, entity)
        await self._check_references(changes)
        decide = _change(kind, changes, expected)

        async def work(connection: Executor) -> Outcome:
            outcome, ended = await self._alter(connection, kind, entity, decide, changes, cause), 0
            if changes.get("enabled") is False:
                ended = await self.sessions.end_all_of(connection, await persons.of_account(connection, entity), cause)
            return _with(outcome, ended)

        return await self._done(in_transaction(self.log, work))

    async def create_person(
        self,
        kind: Kind[Any],
        fields: Fields,
        password: SecretStr | None,
        cause: Cause,
        key: Key,
        check: Check = unchecked,
    ) -> Outcome:
        """Create somebody who can sign in once they have a password; EmailTaken if another person has the address."""
        await self._check_references(fields)
        password_hash = await self.passwords.hash(password) if password else None

        async def work(connection: Executor) -> Outcome:
            await check(connection)
            return await self.add_person(connection, kind, fields, password_hash, cause, key)

        return await in_transaction(self.log, work)

    async def add_person(
        self,
        connection: Executor,
        kind: Kind[Any],
        fields: Fields,
        password_hash: str | None,
        cause: Cause,
        key: Key | None = None,
    ) -> Outcome:
        """As `create_person`, within a transaction of the caller's."""
        outcome = await self._add(connection, kind, fields, cause, key)
        if outcome.is_new:
            await credentials.add(connection, outcome.entity, fields["email"], password_hash)
        return outcome

    async def change_person(
        self,
        kind: Kind[Any],
        person: UUID,
        changes: Fields,
        password: SecretStr | None,
        cause: Cause,
        expected: int | None,
        check: Check = unchecked,
    ) -> Outcome:
        await self._check_there(kind.name, person)
        password_hash = await self.passwords.hash(password) if password else None
        decide = _change(kind, changes, expected, new_password=password is not None)

        async def work(connection: Executor) -> Outcome:
            await check(connection)
            outcome, ended = await self._alter(connection, kind, person, decide, changes, cause), 0
            if "email" in changes:
                await credentials.change_email(connection, person, changes["email"])
            if password_hash is not None:
                await credentials.change_password(connection, person, password_hash)
            if password_hash is not None or changes.get("enabled") is False:
                ended = await self.sessions.end_all_of(connection, [person], cause)
            elif kind is ADMINISTRATOR and not await may_act(connection, person):
                ended = await self.sessions.acting.end_of(connection, [person], cause)
            return _with(outcome, ended)

        return await self._done(in_transaction(self.log, work))

    async def _add(
        self, connection: Executor, kind: Kind[Any], fields: Fields, cause: Cause, key: Key | None
    ) -> Outcome:
        account = fields.get("account_id")
        if account is not None and not await entities.hold(connection, ACCOUNT.name, account):
            raise Invalid.at("/account_id", "There is no such account")
        outcome = await execute(
            self.log, self.ids(), kind.name, _creation(kind, fields), cause, key=key, executor=connection
        )
        if outcome.is_new and fields.get("external_id") is not None:
            await external_ids.keep(connection, kind.name, outcome.entity, fields["external_id"])
        return outcome

    async def _alter(
        self,
        connection: Executor,
        kind: Kind[Any],
        entity: UUID,
        decide: Decide,
        changes: Fields,
        cause: Cause,
    ) -> Outcome:
        outcome = await execute(self.log, entity, kind.name, decide, cause, executor=connection)
        if "external_id" in changes:
            await external_ids.keep(connection, kind.name, entity, changes["external_id"])
        return outcome

    async def create_api_key(self, fields: Fields, cause: Cause) -> tuple[Outcome, SystemKey]:
        made = api_keys.make(self.ids())

        def decide(loaded: Loaded) -> Decision:
            events = decide_api_key(fields, loaded.now)
            return _decision(events, evolve_api_key(None, events[0]))

        async def work(connection: Executor) -> Outcome:
            await keys.add_secret(connection, made.id, made.secret_hash)
            return await execute(self.log, made.id, API_KEY, decide, cause, executor=connection)

        return await in_transaction(self.log, work), made

    async def revoke_api_key(self, key: UUID, cause: Cause) -> Outcome:
        """Make a key and its tokens useless; nothing happens when they are already."""
        await self._check_there(API_KEY, key)

        async def work(connection: Executor) -> Outcome:
            until = await self.log.now(connection) + LONGEST_TOKEN + MARGIN
            outcome = await execute(self.log, key, API_KEY, _revocation(key, until), cause, executor=connection)
            await keys.forget_secret(connection, key)
            await sessions.remember_ended(connection, [(key, until)])
            return outcome

        return await self._done(in_transaction(self.log, work))

    async def _done(self, work: Awaitable[Outcome]) -> Outcome:
        """Do it, and refuse at once the sessions that it has ended."""
        outcome = await work
        await self.sessions.known.refresh()
        return outcome

    async def _check_there(self, kind: str, entity: UUID) -> None:
        """NotFound unless it is there and of this kind, which never changes; it may still be deleted until the decision."""
        if await entities.find(self.log.pool, kind, entity) is None:
            raise NotFound

    async def _check_references(self, fields: Fields) -> None:
        """Invalid if the fields name what is not there; nothing of these kinds is ever deleted."""
        for kind in (GROUP.name, PROJECT.name):
            named = fields.get(f"{kind}_id")
            if named is not None and await entities.find(self.log.pool, kind, named) is None:
                raise Invalid.at(f"/{kind}_id", f"There is no such {kind}")


def _with(outcome: Outcome, ended: int) -> Outcome:
    """A change together with the sessions that it ended, whose last event is at this position: its token stands for both."""
    position = max(outcome.position, ended)
    return replace(outcome, position=position, token=replace(outcome.token, position=position))


def _creation(kind: Kind[Facts], fields: Fields) -> Decide:
    events = decide_creation(kind, fields)
    decision = _decision(events, fold(kind, None, events))
    return lambda _: decision


def _change(kind: Kind[Facts], changes: Fields, expected: int | None, *, new_password: bool = False) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        if expected not in {None, loaded.version}:
            raise PreconditionFailed
        state = kind.facts.model_validate(there(loaded))
        events = decide_change(kind, state, changes, new_password=new_password)
        return _decision(events, fold(kind, state, events))

    return decide


def there(loaded: Loaded) -> dict[str, Any]:
    """The state of what was there a moment ago; NotFound if it has been deleted since."""
    assert loaded.state is not None
    state: dict[str, Any] = orjson.loads(loaded.state)
    if is_deleted(state):
        raise NotFound
    return state


def _revocation(key: UUID, tokens_until: datetime) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        assert loaded.state is not None
        state = ApiKey.model_validate_json(loaded.state)
        events = decide_revocation(state, key, tokens_until)
        return _decision(events, evolve_api_key(state, events[0]) if events else state)

    return decide


def _decision(events: list[EventData], state: EventData | ApiKey) -> Decision:
    return Decision([NewEvent(event) for event in events], orjson.dumps(state.model_dump(mode="json")))
