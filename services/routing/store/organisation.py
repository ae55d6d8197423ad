"""Departments, categories and weight rules, as their entities hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts, SubmissionRuleFacts
from libs.events.envelope import Cause
from libs.events.projection import Connection
from services.routing.domain.kinds import (
    ACCOUNT,
    ADMINISTRATOR,
    CATEGORY,
    DEPARTMENT,
    GROUP,
    PROJECT,
    SUBMISSION_RULE,
    WEIGHT_RULE,
)
from services.routing.domain.organisation import Organisation
from services.routing.domain.weights import RuleHistory
from services.routing.store import hours


@dataclass(frozen=True, slots=True)
class Entity:
    id: UUID
    version: int
    state: bytes
    order: int = 0

    @property
    def place(self) -> tuple[int, UUID]:
        """In a list."""
        return self.order, self.id


def _entity(row: asyncpg.Record) -> Entity:
    return Entity(row["id"], row["version"], row["state"].encode(), row.get("place", 0))


async def find(pool: asyncpg.Pool, kind: str, entity_id: UUID) -> Entity | None:
    row = await pool.fetchrow("select id, version, state from entities where id = $1 and kind = $2", entity_id, kind)
    return _entity(row) if row else None


async def page(pool: asyncpg.Pool, kind: str, after: tuple[int, UUID] | None, limit: int) -> list[Entity]:
    """By their order, and of one order as they were made; deleted ones are left out."""
    order, last = after or (None, None)
    return [_entity(row) for row in await pool.fetch(_PAGE, kind, order, last, limit)]


async def departments_of(pool: asyncpg.Pool, administrator: UUID) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The departments that somebody is a member of, and those that they head."""
    rows = await pool.fetch(_DEPARTMENTS_OF, str(administrator))
    joined = frozenset(row["id"] for row in rows if row["is_member"])
    return joined, frozenset(row["id"] for row in rows if row["is_head"])


async def unknown(pool: asyncpg.Pool, kind: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that are nothing of this kind, whoever tells of it."""
    rows = await pool.fetch(_KNOWN[kind], ids, kind)
    return set(ids) - {row["id"] for row in rows}


async def last_change(connection: Connection, entities: Sequence[UUID]) -> Cause:
    """The cause of what follows from the last event of any of these."""
    stored = await connection.fetchval(
        "select envelope from log where entity = any($1) order by position desc limit 1", entities
    )
    event = orjson.loads(stored)
    return Cause(
        actor="service:routing",
        correlation=event["correlationid"],
        causation=event["id"],
        traceparent=event.get("traceparent"),
    )


class OrganisationCache:
    """The organisation as it is, read again only when something in it has changed."""

    def __init__(self) -> None:
        self._signature: object = None
        self._organisation = Organisation()

    async def current(self, connection: Connection) -> Organisation:
        signature = await connection.fetchrow(_SIGNATURE)
        if signature != self._signature:
            self._organisation = await _read(connection)
            self._signature = signature
        return self._organisation


async def _read(connection: Connection) -> Organisation:
    found: dict[str, dict[UUID, str]] = {kind: {} for kind in _KINDS}
    for row in await connection.fetch("select id, kind, state from entities where kind = any($1) order by id", _KINDS):
        found[row["kind"]][row["id"]] = row["state"]
    return Organisation(
        {key: DepartmentFacts.model_validate_json(state) for key, state in found[DEPARTMENT.name].items()},
        {key: CategoryFacts.model_validate_json(state) for key, state in found[CATEGORY.name].items()},
        {key: RuleHistory.model_validate_json(state) for key, state in found[WEIGHT_RULE.name].items()},
        {
            key: SubmissionRuleFacts.model_validate_json(state)
            for key, state in found[SUBMISSION_RULE.name].items()
            if state != "null"
        },
        await hours.all_hours(connection),
    )


_KNOWN = {
    **dict.fromkeys((DEPARTMENT.name, CATEGORY.name), "select id from entities where id = any($1) and kind = $2"),
    **dict.fromkeys((GROUP, PROJECT), "select id from named where id = any($1) and kind = $2"),
    ADMINISTRATOR: "select id from staff where id = any($1) and $2 <> ''",
    ACCOUNT: "select account_id as id from account_versions where account_id = any($1) and $2 <> ''",
}
_KINDS = [DEPARTMENT.name, CATEGORY.name, WEIGHT_RULE.name, SUBMISSION_RULE.name]
# Entities stay and their versions only grow, so any change changes one of the two. What sla tells of hours is only added to.
_SIGNATURE = """
select (select (count(*), sum(version))::text from entities
         where kind in ('department', 'category', 'weight_rule', 'submission_rule')) as own,
       (select count(*) from hours) as hours, (select count(*) from calendars) as calendars,
       (select id from generation) as generation
"""
# There are few enough of them to be sorted. A deleted one's state, or its last version, has no facts.
_PAGE = """
select id, version, state, place from (
    select id, version, state, coalesce((coalesce(state #> '{versions,-1,facts}', state) ->> 'order')::integer, 0) as place
      from entities
     where kind = $1 and state::text <> 'null' and (state #> '{versions,-1,facts}')::text is distinct from 'null') e
 where $2::integer is null or (place, id) > ($2, $3::uuid)
 order by place, id limit $4
"""
_DEPARTMENTS_OF = """
select id, state::jsonb->'member_ids' ? $1 as is_member, state->>'head_id' is not distinct from $1 as is_head
  from entities where kind = 'department'
"""
