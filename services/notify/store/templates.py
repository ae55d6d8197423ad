"""The provider's own wordings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.notify.domain.wording import Wording


@dataclass(frozen=True, slots=True)
class Stored:
    id: UUID
    kind: str
    language: str
    project: UUID | None
    wording: Wording
    version: int
    changed_at: datetime
    changed_by: str


async def best(executor: Executor, kind: str, language: str, project: UUID | None) -> Wording | None:
    """That of the project, or else that of all projects; None if the provider has worded neither."""
    row = await executor.fetchrow(_BEST, kind, language, project)
    return Wording(row["subject"], row["body"]) if row else None


async def listed(executor: Executor) -> list[Stored]:
    rows = await executor.fetch(f"select {_COLUMNS} from templates order by kind, language, project nulls first, id")  # noqa: S608
    return [_stored(row) for row in rows]


async def find(executor: Executor, template: UUID) -> Stored | None:
    row = await executor.fetchrow(f"select {_COLUMNS} from templates where id = $1", template)  # noqa: S608
    return _stored(row) if row else None


async def put(executor: Executor, new: Stored) -> Stored:
    """Keep it in place of the one for the same kind, language and project."""
    values: tuple[Any, ...] = (new.id, new.kind, new.language, new.project, new.wording.subject, new.wording.body)
    row = await executor.fetchrow(_PUT, *values, new.changed_at, new.changed_by)
    assert row is not None
    return _stored(row)


async def remove(executor: Executor, template: UUID) -> bool:
    removed: bool | None = await executor.fetchval("delete from templates where id = $1 returning true", template)
    return removed is True


def _stored(row: asyncpg.Record) -> Stored:
    wording = Wording(row["subject"], row["body"])
    return Stored(
        row["id"],
        row["kind"],
        row["language"],
        row["project"],
        wording,
        row["version"],
        row["changed_at"],
        row["changed_by"],
    )


_COLUMNS = "id, kind, language, project, subject, body, version, changed_at, changed_by"
_BEST = """
select subject, body from templates
 where kind = $1 and language = $2 and (project = $3 or project is null)
 order by project nulls last limit 1
"""
_PUT = f"""
insert into templates as t (id, kind, language, project, subject, body, version, changed_at, changed_by)
values ($1, $2, $3, $4, $5, $6, 1, $7, $8)
on conflict (kind, language, project) do update
   set subject = $5, body = $6, version = t.version + 1, changed_at = $7, changed_by = $8
returning {_COLUMNS}
"""  # noqa: S608 - our own names
