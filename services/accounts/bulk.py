"""Taking in many accounts and users at a time, as a billing system tells them: a batch is one transaction.

What a batch names is read and held at its beginning, so that two at the same time do one after the other what concerns
the same entity. Where both would create the same, the second finds out as it writes, and begins again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson
import structlog

from libs.events.applier import is_passing
from libs.events.envelope import Cause
from libs.events.error_names import named as kind_of_error
from libs.events.log import Change, Executor, Log, NewEvent, VersionConflict
from libs.service.http import ConsistencyToken
from libs.service.ids import Ids
from libs.service.problems import Problem
from services.accounts.domain import ACCOUNT, USER, is_deleted
from services.accounts.domain.upserts import (
    AccountUpsert,
    Held,
    Known,
    Result,
    Upsert,
    Upserts,
    email_of,
    emails,
    external_ids,
)
from services.accounts.sessions import Sessions
from services.accounts.store import bulk, persons
from services.accounts.transactions import undeadlocked

logger = structlog.get_logger()

_KINDS = {kind.name: kind for kind in (ACCOUNT, USER)}

Answer = Result | Problem


@dataclass(frozen=True)
class Bulk:
    log: Log
    ids: Ids
    sessions: Sessions

    async def take(self, lines: Sequence[Upsert], cause: Cause) -> tuple[list[Answer], ConsistencyToken]:
        """What came of each line, durable when this returns. One that fails for no good reason takes no others along."""
        if not lines:
            return [], await self._token(0)
        try:
            return await self._take(lines, cause)
        except Exception as error:
            if isinstance(error, Problem) or is_passing(error):
                raise
            logger.error("bulk_failed", lines=len(lines), error=kind_of_error(error))  # noqa: TRY400 - it would quote values
            if len(lines) == 1:
                return [Problem()], await self._token(0)
        each = [await self.take([line], cause) for line in lines]
        return [answer for answers, _ in each for answer in answers], each[-1][1]

    async def _take(self, lines: Sequence[Upsert], cause: Cause) -> tuple[list[Answer], ConsistencyToken]:
        async def work(connection: Executor) -> tuple[list[Answer], int]:
            upserts = Upserts(await _known(connection, lines), self.ids)
            answers = [_answer(upserts, line) for line in lines]
            return answers, await self._write(connection, upserts.changed, cause)

        answers, position = await undeadlocked(self.log, work)
        await self.sessions.known.refresh()
        return answers, await self._token(position)

    async def _write(self, connection: Executor, changed: Sequence[Held], cause: Cause) -> int:
        if not changed:
            return 0
        now = await self.log.now(connection)
        position = await self.log.append([_change(held) for held in changed], cause, now, executor=connection)
        new = [held for held in changed if held.version == 0]
        try:
            await bulk.add_external_ids(connection, [(held.kind.name, held.external_id, held.id) for held in new])
            await bulk.change_emails(connection, _addresses(held for held in changed if _has_moved(held)))
            await bulk.add_people(connection, _addresses(new))
        except asyncpg.UniqueViolationError as error:
            raise VersionConflict(str(error)) from error  # another has just taken it: read again
        return max(position, await self._end_sessions(connection, changed, cause))

    async def _end_sessions(self, connection: Executor, changed: Sequence[Held], cause: Cause) -> int:
        """Sign out whom the lines have disabled, and the users of accounts that they have disabled."""
        people: list[UUID] = []
        for held in filter(_was_disabled, changed):
            people += await persons.of_account(connection, held.id) if held.kind is ACCOUNT else [held.id]
        return await self.sessions.end_all_of(connection, people, cause) if people else 0

    async def _token(self, position: int) -> ConsistencyToken:
        return ConsistencyToken(self.log.service, await self.log.known_epoch(), position)


def _answer(upserts: Upserts, line: Upsert) -> Answer:
    try:
        return upserts.take(line)
    except Problem as problem:
        return problem


async def _known(connection: Executor, lines: Sequence[Upsert]) -> Known:
    called = await bulk.called(connection, list(set(external_ids(lines))), list(set(emails(lines))))
    known = Known(people={name: entity for kind, name, entity in called if kind == bulk.EMAIL})
    entities = {entity: (kind, name) for kind, name, entity in called if kind != bulk.EMAIL}
    for row in await bulk.held(connection, list(entities)):
        one = _held(*entities[row["id"]], row)
        (known.accounts if one.kind is ACCOUNT else known.users)[one.external_id] = one
    accounts = [line for line in lines if isinstance(line, AccountUpsert)]
    known.named = await bulk.named(connection, sorted({pair for line in accounts for pair in line.named.items()}))
    known.ids = await bulk.groups_and_projects(connection, _ids(accounts))
    return known


def _held(kind_name: str, external_id: str, row: asyncpg.Record) -> Held:
    """VersionConflict if it was deleted or is called something else by now."""
    kind, state = _KINDS[kind_name], orjson.loads(row["state"])
    if is_deleted(state) or state["external_id"] != external_id:
        raise VersionConflict
    facts = kind.facts.model_validate(state)
    return Held(kind, row["id"], external_id, row["version"], facts, facts)


def _ids(accounts: Iterable[AccountUpsert]) -> list[UUID]:
    told = (line.fields.get(name) for line in accounts for name in ("group_id", "project_id"))
    return [one for one in told if one is not None]


def _change(held: Held) -> Change:
    assert held.facts is not None
    state = orjson.dumps(held.facts.model_dump(mode="json"))
    return Change(held.id, held.kind.name, held.version, [NewEvent(event) for event in held.events], state)


def _has_moved(held: Held) -> bool:
    return held.version > 0 and email_of(held.before) != email_of(held.facts)


def _was_disabled(held: Held) -> bool:
    enabled = [getattr(facts, "enabled", None) for facts in (held.before, held.facts)]
    return enabled == [True, False]


def _addresses(people: Iterable[Held]) -> list[tuple[UUID, str]]:
    return [(held.id, email) for held in people if (email := email_of(held.facts)) is not None]
