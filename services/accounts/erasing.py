"""Forgetting an account with its users: what was told of them leaves the log, and what they were called is free again."""

from collections.abc import Mapping
from uuid import UUID

import orjson

from libs.events.catalogue import CATALOGUE
from libs.events.envelope import Cause
from libs.events.erasure import redact
from libs.events.log import Change, Executor, Log, NewEvent
from libs.service.http import ConsistencyToken
from libs.service.problems import NotFound
from services.accounts.domain import ACCOUNT, DELETED, USER, Kind
from services.accounts.sessions import Sessions
from services.accounts.store import belonging, credentials, external_ids
from services.accounts.transactions import undeadlocked

_STATE = orjson.dumps(DELETED)


async def erase(log: Log, sessions: Sessions, account: UUID, cause: Cause) -> ConsistencyToken:
    """Delete an account and its users; nothing happens when that was done before. NotFound if it never was."""

    async def work(connection: Executor) -> int:
        found = await belonging.held_account(connection, account)
        if found is None:
            raise NotFound
        if found.is_deleted:
            return 0
        users = await belonging.held_users(connection, account)
        changes = [_deletion(ACCOUNT, account, found.version)]
        changes += [_deletion(USER, user, version) for user, version in users.items()]
        position = await log.append(changes, cause, await log.now(connection), executor=connection)
        await _forget(connection, {account: ACCOUNT.name, **dict.fromkeys(users, USER.name)})
        return max(position, await sessions.end_all_of(connection, list(users), cause))

    position = await undeadlocked(log, work)
    await sessions.known.refresh()
    return ConsistencyToken(log.service, await log.known_epoch(), position)


def _deletion(kind: Kind, entity: UUID, version: int) -> Change:  # type: ignore[type-arg]
    assert kind.deleted is not None
    return Change(entity, kind.name, version, [NewEvent(kind.deleted())], _STATE)


async def _forget(connection: Executor, kinds: Mapping[UUID, str]) -> None:
    for entity, position in (await belonging.last_positions(connection, list(kinds))).items():
        await redact(connection, CATALOGUE, entity, kinds[entity], position)
    await credentials.remove(connection, list(kinds))
    await external_ids.remove(connection, list(kinds))
