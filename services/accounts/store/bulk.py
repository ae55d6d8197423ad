"""Reading and writing many accounts and users at once."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg

from libs.events.log import Executor

EMAIL = "email"


async def called(
    executor: Executor, names: Sequence[tuple[str, str]], emails: Sequence[str]
) -> list[tuple[str, str, UUID]]:
    """Of kinds and external ids, and of e-mail addresses (kind `email`), whose they are: kind, name and entity.

    All in one look: whoever was created between two would have an address, but be nobody's user.
    """
    kinds, external_ids = [kind for kind, _ in names], [name for _, name in names]
    return [tuple(row) for row in await executor.fetch(_CALLED, kinds, external_ids, emails)]


async def held(executor: Executor, entities: Sequence[UUID]) -> list[asyncpg.Record]:
    """`id`, `version` and `state`; nobody changes them until the transaction ends."""
    return await executor.fetch(
        "select id, version, state from entities where id = any($1) order by id for update", entities
    )


async def named(executor: Executor, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[UUID]]:
    """Ids of the groups and projects of these kinds and names, in any case."""
    found: dict[tuple[str, str], list[UUID]] = {}
    for row in await executor.fetch(_NAMED, [kind for kind, _ in names], [name for _, name in names]):
        found.setdefault((row["kind"], row["name"]), []).append(row["id"])
    return found


async def groups_and_projects(executor: Executor, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these there are."""
    rows = await executor.fetch("select id from entities where id = any($1) and kind in ('group', 'project')", ids)
    return frozenset(row["id"] for row in rows)


# Two bulks that add the same wait for each other in the same order, and the second finds what the first has added.
async def add_external_ids(executor: Executor, added: Iterable[tuple[str, str, UUID]]) -> None:
    kinds, external_ids, entities = _columns(added)
    await executor.execute(_ADD_EXTERNAL_IDS, kinds, external_ids, entities)


async def add_people(executor: Executor, added: Iterable[tuple[UUID, str]]) -> None:
    """Reserve addresses of people who have no password yet."""
    people, emails = _columns(added, 2)
    await executor.execute(_ADD_PEOPLE, people, emails)


async def change_emails(executor: Executor, changed: Iterable[tuple[UUID, str]]) -> None:
    """In two steps, because one may take what another gives up."""
    people, emails = _columns(changed, 2)
    await executor.execute("update credentials set email = person::text where person = any($1)", people)
    await executor.execute(_CHANGE_EMAILS, people, emails)


def _columns(rows: Iterable[Sequence[object]], width: int = 3) -> list[list[object]]:
    columns = [list(column) for column in zip(*sorted(rows, key=repr), strict=True)]
    return columns or [[] for _ in range(width)]


_CALLED = """
select kind, external_id, entity from external_ids
  join unnest($1::text[], $2::text[]) as asked (kind, external_id) using (kind, external_id)
union all
select 'email', email, person from credentials where email = any($3)
"""
_NAMED = """
select asked.kind, asked.name, e.id
  from unnest($1::text[], $2::text[]) as asked (kind, name)
  join entities e on e.kind = asked.kind and lower(e.state->>'name') = lower(asked.name)
"""
_ADD_EXTERNAL_IDS = """
insert into external_ids (kind, external_id, entity)
select kind, external_id, entity from unnest($1::text[], $2::text[], $3::uuid[]) as added (kind, external_id, entity)
 order by kind, external_id
"""
_ADD_PEOPLE = """
insert into credentials (person, email)
select person, email from unnest($1::uuid[], $2::text[]) as added (person, email) order by email
"""
_CHANGE_EMAILS = """
update credentials c set email = changed.email
  from unnest($1::uuid[], $2::text[]) as changed (person, email) where c.person = changed.person
"""
