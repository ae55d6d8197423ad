"""Tickets as they were at the instant of `asof`, put together of the versions that each service's words have made.

What is read so has the columns that the list reads of `tickets`. Who may know of a ticket now but not of where it was then,
or the other way round, is not shown it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.query.domain.orders import Filters, State
from services.query.domain.past import LEVELS
from services.query.store.rows import AT, NOW, version_at, worked


class _Part(NamedTuple):
    """Columns that come of one table of versions, as expressions over its row and that of the ticket's course (`v`).

    `needs` are columns that these are made of, if they come of other tables.
    """

    join: str
    columns: dict[str, str]
    needs: tuple[str, ...] = ()


def _last(table: str, of: str, key: str = "ticket_id") -> str:
    return f"lateral ({version_at(table, of, AT, key)})"


_NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
_SINCE = "(extract(epoch from v.waiting_since) * 1000000)::bigint"
_POINTS = """(coalesce(p.weighed_points, 0)
        + case when e.escalated_wait = v.waiting_since then e.escalation_points else 0 end)"""
_RANK = f"(case when v.waiting_since is null then 0 else {_SINCE} end - {_POINTS} * 60000000::bigint)"
_BREAKDOWN = """case when e.escalated_wait = v.waiting_since
             then (coalesce(p.weighed_breakdown, '[]')::jsonb || e.escalation::jsonb)::json
             else coalesce(p.weighed_breakdown, '[]') end"""
_IS_TIMED = """d.judged_wait = v.waiting_since and d.judged_department = v.department_id
         and d.worked_when_due is not null"""


def _own(table: str, *names: str) -> dict[str, str]:
    return {name: f"{table}.{name}" for name in names}


_TICKET = _own("c", "id", "number", "account_id", "user_id", "channel", "opened_at")
"""What never changes."""
_STAMP = {"xmin": "0"}
"""What a row is like at an instant is not remembered by when it was written."""
_PARTS = (
    _Part(
        f"cross join {_last('course_versions', 'c.id')} v",
        {
            **_own("v", "state", "unread", "waiting_since", "department_id", "responsible_id", "holder_id"),
            **_own("v", "blocked_at", "closes_at", "closed_at", "close_reason", "active_at"),
            "place": f"coalesce(v.department_id, {_NOBODY})",
            "assignee": f"coalesce(v.responsible_id, v.department_id, {_NOBODY})",
            "waiting": "v.waiting_since is not null",
        },
    ),
    _Part(
        f"left join {_last('wording_versions', 'c.id')} w on true",
        {
            **_own("w", "subject", "subject_key", "category_id", "project_id", "urgency", "tags"),
            "in_project": f"coalesce(w.project_id, {_NOBODY})",
        },
    ),
    _Part(
        f"left join {_last('points_versions', 'c.id')} p on true\n"
        f"  left join {_last('escalation_versions', 'c.id')} e on true",
        {"points": _POINTS, "rank": _RANK, "breakdown": _BREAKDOWN},
    ),
    _Part(
        f"left join {_last('deadline_versions', 'c.id')} d on true",
        {
            "deadline_at": f"case when {_IS_TIMED} then d.due_at end",
            "deadline_clock": f"case when {_IS_TIMED} then d.worked_when_due end",
            **_own("d", "calendar_version", "target_seconds", "used_seconds"),
        },
    ),
    _Part(
        f"left join {_last('account_versions', 'c.account_id', 'id')} a on true",
        {**_own("a", "attitude", "group_id"), "in_group": f"coalesce(a.group_id, {_NOBODY})"},
    ),
    _Part(
        "",
        {"kind": "kind_of(a.attitude, w.urgency, c.channel, v.unread, v.responsible_id)"},
        needs=("attitude", "urgency"),
    ),
)


def rows(tickets: str, columns: Iterable[str] | None = None) -> str:
    """Rows of `tickets` (a relation with its columns) as they were; with some of the columns only, if they are named.

    Who was not opened yet is not among them.
    """
    course, *others = _PARTS
    parts = [course, *(others if columns is None else _parts(others, set(columns)))]
    given = {**_TICKET, **_STAMP, **{name: of for part in parts for name, of in part.columns.items()}}
    shown = ", ".join(f"{of} as {name}" for name, of in given.items())
    joins = "\n  ".join(part.join for part in parts)
    return f"select {shown}\n  from {tickets} c\n  {joins}"  # noqa: S608 - our own expressions


def _parts(parts: Iterable[_Part], wanted: set[str]) -> list[_Part]:
    needed = wanted.union(*(part.needs for part in parts if not wanted.isdisjoint(part.columns)))
    return [part for part in parts if not needed.isdisjoint(part.columns)]


def columns_in(*texts: str) -> set[str]:
    """The columns of a ticket that expressions mention."""
    return {name for text in texts for name in re.findall(r"\bt\.(\w+)", text)}


def are_fixed(condition: str) -> bool:
    """Whether a condition is about what never changes of a ticket: then it can be asked of how it is now."""
    return columns_in(condition) <= _TICKET.keys()


def listed(filters: Filters, seen: str, conditions: Iterable[str], mentioned: str) -> Iterator[str]:
    """The tickets of a list of the past, as `past`, with the columns that are `mentioned`.

    `seen` says which may be known of now. Active ones are found by the times that they were active; the others are all that
    had been opened, so what is looked at grows with these.
    """
    asked = list(conditions)
    fixed = "".join(f" and {one}" for one in asked if are_fixed(one))
    passing = [one for one in asked if not are_fixed(one)]
    where = " and ".join([*_of_state(filters), *passing]) or "true"
    yield f"""candidates as materialized (
    select {", ".join(f"t.{name}" for name in _TICKET)} from {_ACTIVE if filters.state is State.ACTIVE else "tickets t"}
     where t.state = any(array['active', 'closed']) and t.opened_at <= {AT} and {seen}{fixed})"""  # noqa: S608
    columns = columns_in(mentioned, where)
    yield f"past as materialized (select t.* from ({rows('candidates', columns)}) t where {where})"  # noqa: S608


def _of_state(filters: Filters) -> Iterator[str]:
    if filters.state is not State.ALL:
        yield f"t.state = '{filters.state}'"
    if filters.blocked:  # nobody answers what is closed
        yield "t.state = 'active'"


CLOCKS = f"""all_clocks as materialized (
    select m.department_id, m.version, {worked(NOW, "m.department_id", "m.version")} as now
      from (select distinct department_id, calendar_version as version from past where deadline_clock is not null) m)"""  # noqa: S608
"""The calendars that deadlines were kept by: what remaining time is sorted by."""


# The order, and a limit that none reaches, make the planner look level by level in the index.
_ACTIVE = f"""(
        select p.id from generate_series(0, {LEVELS}) l(level), lateral (
            select p.ticket_id as id from periods p
             where p.level = l.level and p.since <= {AT} and p.until > {AT}
               and p.since > {AT} - power(2, l.level) * interval '1 microsecond'
             order by p.since limit 1000000000) p
         union all
        select n.id from tickets n where n.state = 'active' and n.opened_at <= {AT} and n.active_since <= {AT}) were
      join tickets t on t.id = were.id"""  # noqa: S608 - our own expressions
