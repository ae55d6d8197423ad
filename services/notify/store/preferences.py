"""What people have chosen."""

from collections.abc import Collection
from uuid import UUID

from libs.events.log import Executor
from services.notify.domain.preferences import Preferences


async def of(executor: Executor, people: Collection[UUID]) -> dict[UUID, Preferences]:
    """Everybody's; the usual ones of whoever has chosen nothing."""
    rows = await executor.fetch("select person, body from preferences where person = any($1)", list(people))
    chosen = {row["person"]: Preferences.model_validate_json(row["body"]) for row in rows}
    return {person: chosen.get(person) or Preferences() for person in people}


async def find(executor: Executor, person: UUID) -> tuple[Preferences, int]:
    """With the version; 0 for the usual ones."""
    row = await executor.fetchrow("select version, body from preferences where person = $1", person)
    return (Preferences.model_validate_json(row["body"]), row["version"]) if row else (Preferences(), 0)


async def put(executor: Executor, person: UUID, chosen: Preferences, expected: int | None) -> int | None:
    """The new version; None if the version is not the one expected (None: whatever it is)."""
    version: int | None = await executor.fetchval(_PUT, person, chosen.model_dump_json(), expected)
    return version


_PUT = """
insert into preferences as p (person, version, body) select $1, 1, $2
 where $3::integer is null or $3 = 0 or exists (select from preferences where person = $1)
on conflict (person) do update set version = p.version + 1, body = $2
 where $3::integer is null or p.version = $3
returning version
"""
