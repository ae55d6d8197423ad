"""Names and calendars that rows are shown with: read once, and remembered until any of them changes.

Of some 1.4 ms that PostgreSQL took for a page, it looked up names and built JSON for 1.2; they seldom change.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
from orjson import Fragment

from services.query.domain.shown import Known, Row, Worked
from services.query.store.rows import named, version_at

REMEMBERED = 100_000
"""Accounts, names and rows at most; then it begins anew."""

_Version = tuple[int, int]
_NAMED = ("user_id", "responsible_id", "department_id", "project_id", "category_id", "holder_id")


class Lookups:
    """What is known of names and calendars. Each row tells how they were when it was read: `refreshed` is the last change
    of any of them, in the sequence of a `generation` of the read model.

    What is remembered is at least as new as the rows are: a change is never missed, also if another process folded it.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known, self._version = Known(), (0, 0)

    def at(self, rows: Sequence[Row]) -> Known:
        """What is known already that these may be shown with."""
        return self._as_of((rows[0]["generation"], rows[0]["refreshed"] or 0)) if rows else self._known

    async def of(self, rows: Sequence[Row]) -> Known:
        """All that the rows are shown with."""
        known = self.at(rows)
        await self._learn_accounts(known, {row["account_id"] for row in rows} - known.accounts.keys())
        await self._learn_names(known, _mentioned(rows) - known.names.keys())
        await self._learn_calendars(known, _timed(rows) - known.calendars.keys())
        return known

    async def then(self, rows: Sequence[Row], at: datetime) -> Known:
        """What the rows were shown with at an instant, names and all; nothing of it is remembered."""
        known = Known()
        accounts, names = {row["account_id"] for row in rows}, _mentioned(rows)
        known.accounts.update(_fragments(await self._pool.fetch(_ACCOUNTS_THEN, list(accounts), at)))
        known.names.update(_fragments(await self._pool.fetch(_NAMES_THEN, list(names), at)))
        await self._learn_calendars(known, _timed(rows))
        return known

    def _as_of(self, version: _Version) -> Known:
        known = self._known
        if version > self._version or len(known.accounts) + len(known.names) + len(known.lasting) > REMEMBERED:
            self._known, self._version = Known(), max(version, self._version)
        return self._known

    async def _learn_accounts(self, known: Known, ids: Iterable[str]) -> None:
        if ids := list(ids):
            known.accounts.update(_fragments(await self._pool.fetch(_ACCOUNTS, ids)))

    async def _learn_names(self, known: Known, ids: Iterable[str]) -> None:
        if ids := list(ids):
            known.names.update(_fragments(await self._pool.fetch(_NAMES, ids)))

    async def _learn_calendars(self, known: Known, keys: Iterable[tuple[str, int]]) -> None:
        for department, version in keys:
            found = await self._pool.fetch(_CALENDAR, department, version)
            segments = zip(*found, strict=True) if found else ([], [], [])
            known.calendars[department, version] = Worked(*map(list, segments))


def _mentioned(rows: Iterable[Row]) -> set[str]:
    """The ids in rows that have names."""
    return {row[name] for row in rows for name in _NAMED if row[name] is not None}


def _timed(rows: Iterable[Row]) -> set[tuple[str, int]]:
    """The calendars of rows with deadlines."""
    return {(row["department_id"], row["calendar_version"]) for row in rows if row["deadline_clock"] is not None}


def _fragments(found: Iterable[asyncpg.Record]) -> dict[str, Fragment]:
    return {row["id"]: Fragment(row["shown"]) for row in found}


# Also of what has not been heard of yet: its name is null.
_ACCOUNTS = f"""
select i.id::text, json_build_object('id', i.id, 'name', a.name, 'attitude', a.attitude,
                                     'group', {named("a.group_id", "g")})::text as shown
  from unnest($1::uuid[]) i(id) left join accounts a on a.id = i.id left join names g on g.id = a.group_id
"""  # noqa: S608 - our own expressions
_NAMES = """
select i.id::text, json_build_object('id', i.id, 'name', n.name)::text as shown
  from unnest($1::uuid[]) i(id) left join names n on n.id = i.id
"""
_ACCOUNTS_THEN = f"""
select i.id::text, json_build_object('id', i.id, 'name', a.name, 'attitude', a.attitude,
                                     'group', {named("a.group_id", "g")})::text as shown
  from unnest($1::uuid[]) i(id)
  left join lateral ({version_at("account_versions", "i.id", "$2")}) a on true
  left join lateral ({version_at("name_versions", "a.group_id", "$2")}) g on true
"""  # noqa: S608 - our own expressions
_NAMES_THEN = f"""
select i.id::text, json_build_object('id', i.id, 'name', n.name)::text as shown
  from unnest($1::uuid[]) i(id) left join lateral ({version_at("name_versions", "i.id", "$2")}) n on true
"""  # noqa: S608 - our own expressions
_CALENDAR = "select opens, closes, worked from segments where department_id = $1 and version = $2 order by opens"
