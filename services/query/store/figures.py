"""Figures of a span of days: one statement each, over an index range of the span."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.query.domain.figures import AGES, SHARES, Asked, By, End
from services.query.domain.sight import UNPLACED
from services.query.store.rows import ASOF, AT, worked

MOST_ROWS = 10_000
"""More groups than these are no figures any more."""


class TooManyGroups(Exception):
    """The figures asked for would have more rows than anybody reads."""


class Kind(NamedTuple):
    """What is counted: `source` has a row for each, with its time (`at`) and the columns that are grouped and filtered by.

    `measures` are expressions over `f`.
    """

    source: str
    measures: Mapping[str, str]
    behind: Mapping[str, str] = {}
    """What is shown of each besides, when they are listed."""


def _micros(duration: str) -> str:
    return f"(extract(epoch from {duration}) * 1000000)::bigint"


def _percentiles(of: str, where: str = "true") -> str:
    """The shares of those for which the expression is not null, as values that there are; in microseconds."""
    return f"percentile_disc(array{list(SHARES)}) within group (order by {of}) filter (where {where})"


_ENDED = _micros("f.at")
_WORKED = f"""(f.target_seconds * 1000000::bigint - f.worked_when_due
               + {worked(_ENDED, "f.used_department", "f.calendar_version")})"""
_ANSWERED, _LATE = "f.ended = 'answered'", "f.at > f.due_at"
_WAITED = _micros("f.at - f.since")
_OUTCOME = f"""case when not ({_ANSWERED}) then 'closed' when f.due_at is null then 'without_deadline'
             when {_LATE} then 'late' else 'in_time' end"""
ANSWERS = Kind(
    "select w.*, w.ended_at as at, w.ended_by as administrator_id from waits w",
    {
        "answered": f"count(*) filter (where {_ANSWERED})",
        "in_time": f"count(*) filter (where {_ANSWERED} and f.at <= f.due_at)",
        "late": f"count(*) filter (where {_ANSWERED} and {_LATE})",
        "without_deadline": f"count(*) filter (where {_ANSWERED} and f.due_at is null)",
        "closed_unanswered": f"count(*) filter (where not ({_ANSWERED}))",
        "closed_late": f"count(*) filter (where not ({_ANSWERED}) and {_LATE})",
        "first_answers": f"count(*) filter (where {_ANSWERED} and f.ordinal = 1)",
        "waited_seconds": _percentiles(_WAITED, _ANSWERED),
        "worked_seconds": _percentiles(_WORKED, f"{_ANSWERED} and f.worked_when_due is not null"),
        "late_by_seconds": _percentiles(_micros("f.at - f.due_at"), f"{_ANSWERED} and {_LATE}"),
        "first_answer_seconds": _percentiles(_WAITED, f"{_ANSWERED} and f.ordinal = 1"),
    },
    {"outcome": _OUTCOME, "due_at": "f.due_at", "first": "f.ordinal = 1"},
)
CLOSINGS = Kind(
    "select p.*, p.until as at, p.ended_by as administrator_id from periods p",
    {
        "closed": "count(*)",
        "closed_by_hand": "count(*) filter (where f.reason = 'by_hand')",
        "closed_for_no_answer": "count(*) filter (where f.reason = 'no_answer')",
        "resolution_seconds": _percentiles(_WAITED),
    },
    {"reason": "f.reason"},
)
_NOW = "t.account_id, t.department_id, t.category_id, t.project_id, t.urgency, t.responsible_id as administrator_id"
ARRIVALS = Kind(
    f"""select t.opened_at as at, t.id as ticket_id, true as opens, {_NOW} from tickets t
         where t.state = any(array['active', 'closed']) and t.opened_at >= {{since}} and t.opened_at < {{until}}
         union all
        select m.at, m.ticket_id, false, {_NOW} from messages m join tickets t on t.id = m.ticket_id
         where m.kind = 'client' and m.at >= {{since}} and m.at < {{until}} and t.state is not null""",  # noqa: S608 - our own expressions
    {"tickets": "count(*) filter (where f.opens)", "messages": "count(*) filter (where not f.opens)"},
)
OPEN = Kind(
    f"""select t.opened_at as at, t.id as ticket_id, t.waiting, t.deadline_at, {_NOW}
          from tickets t where t.state = 'active'""",  # noqa: S608 - our own expressions
    {
        "open": "count(*)",
        "waiting": "count(*) filter (where f.waiting)",
        "overdue": f"count(*) filter (where f.deadline_at < {AT})",
        "ages": "array[{}]".format(
            ", ".join(
                f"count(*) filter (where f.at <= {AT} - interval '{lower} s' and ({upper}))"
                for lower, upper in zip(
                    (0, *AGES), (*(f"f.at > {AT} - interval '{age} s'" for age in AGES), "true"), strict=True
                )
            )
        ),
    },
)


@dataclass
class _Statement:
    kind: Kind
    asked: Asked
    now: datetime | None
    arguments: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = [self.now]

    def bind(self, value: Any, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    @cached_property
    def since(self) -> str:
        return self.bind(self.asked.span.since, "timestamptz")

    @cached_property
    def until(self) -> str:
        return self.bind(self.asked.span.until, "timestamptz")

    @cached_property
    def local(self) -> str:
        """Seconds since 1970 as the zone's clocks show them."""
        changes, offsets = self.asked.span.offsets
        offset = f"({self.bind(offsets, 'integer[]')})[width_bucket(f.at, {self.bind(changes, 'timestamptz[]')}) + 1]"
        return f"(floor(extract(epoch from f.at))::bigint + {offset})"

    def dimension(self, by: By) -> str:
        match by:
            case "day":
                return f"width_bucket(f.at, {self.bind(self.asked.span.begins, 'timestamptz[]')})"
            case "weekday":
                return f"(({self.local} / 86400 + 3) % 7 + 1)::integer"
            case "hour":
                return f"({self.local} % 86400 / 3600)::integer"
            case "group":
                return "a.group_id"
            case "urgency":
                return "f.urgency"
            case _:
                return f"f.{by}_id"

    def conditions(self) -> Iterable[str]:
        asked = self.asked
        if self.kind is not OPEN:
            yield f"f.at >= {self.since} and f.at < {self.until}"
        if asked.places is not None:
            yield f"coalesce(f.department_id, '{UNPLACED}') = any({self.bind(asked.places, 'uuid[]')})"
        if asked.sight.departments is not None:
            places, me = self.bind(asked.sight.places, "uuid[]"), self.bind(asked.sight.administrator, "uuid")
            yield f"""exists (select from tickets n where n.id = f.ticket_id and n.state is not null
                         and (n.place = any({places}) or n.responsible_id = {me}))"""
        for by in ("weekday", "hour"):
            if asked_for := getattr(asked, by):
                yield f"{self.dimension(by)} = any({self.bind(asked_for, 'integer[]')})"
        if asked.outcome:
            yield f"{_OUTCOME} = any({self.bind(asked.outcome, 'text[]')})"
        if asked.account_id:
            yield f"f.account_id = {self.bind(asked.account_id, 'uuid')}"
        for column in ("administrator_id", "category_id", "project_id", "group_id"):
            if values := getattr(asked, column):
                of = "a.group_id" if column == "group_id" else f"f.{column}"
                found = f"{of} = any({self.bind(values, 'uuid[]')})"
                yield f"({found} or {of} is null)" if UNPLACED in values else found

    @property
    def source(self) -> str:
        named = {name: getattr(self, name) for name in ("since", "until") if f"{{{name}}}" in self.kind.source}
        return self.kind.source.format(**named)

    @property
    def accounts(self) -> str:
        """Groups are the accounts' as they are now."""
        is_needed = self.asked.group_id or "group" in self.asked.by
        return "left join accounts a on a.id = f.account_id" if is_needed else ""

    def figures(self) -> str:
        dimensions = [f"{self.dimension(by)} as {by}_key" for by in self.asked.by]
        keys = [f"{by}_key" for by in self.asked.by]
        shown = [*dimensions, "f.*"]
        where = " and ".join(self.conditions()) or "true"
        measures = [f"{of} as {name}" for name, of in self.kind.measures.items()]
        sets = f"grouping sets ((), ({', '.join(keys)}))" if keys else "grouping sets (())"
        total = f"grouping({keys[0]})" if keys else "1"
        order = "".join(f", {key}" for key in keys)
        return f"""
with {ASOF}
select {total} as is_total{"".join(f", {key}" for key in keys)}, {", ".join(measures)}, {AT} as as_of
  from (select {", ".join(shown)} from ({self.source}) f {self.accounts} where {where}) f
 group by {sets} order by is_total desc{order} limit {MOST_ROWS + 2}"""  # noqa: S608 - our own expressions

    def behind(self, end: End | None, limit: int) -> str:
        """What was counted, in the order of its time."""
        where = " and ".join(self.conditions())
        if end:
            keys = [
                self.bind(*key) for key in ((end.at, "timestamptz"), (end.ticket, "uuid"), (end.position, "bigint"))
            ]
            where += f" and (f.at, f.ticket_id, f.position) > ({', '.join(keys)})"
        shown = ", ".join(f"{of} as {name}" for name, of in self.kind.behind.items())
        return f"""
with {ASOF}
select t.id, t.number, t.subject, f.at, f.since, f.position, f.administrator_id, f.department_id, {shown}
  from ({self.source}) f {self.accounts} join tickets t on t.id = f.ticket_id
 where {where}
 order by f.at, f.ticket_id, f.position limit {self.bind(limit, "bigint")}"""  # noqa: S608 - our own expressions


@dataclass(frozen=True)
class Figures:
    """Each group's figures by the names of the kind's measures, with `<by>_key`; and those of all together."""

    rows: list[asyncpg.Record]
    total: asyncpg.Record


async def figures(pool: asyncpg.Pool, kind: Kind, asked: Asked, now: datetime | None = None) -> Figures:
    """Raises TooManyGroups."""
    statement = _Statement(kind, asked, now)
    text = statement.figures()
    total, *rows = await pool.fetch(text, *statement.arguments)
    if len(rows) > MOST_ROWS:
        raise TooManyGroups
    return Figures(rows, total)


async def behind(pool: asyncpg.Pool, kind: Kind, asked: Asked, end: End | None, limit: int) -> list[asyncpg.Record]:
    """What was counted, the earliest first, with its ticket as it is now."""
    statement = _Statement(kind, asked, None)
    text = statement.behind(end, limit)
    return await pool.fetch(text, *statement.arguments)


async def names_of(pool: asyncpg.Pool, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await pool.fetch(_NAMES, list(ids))
    return {row["id"]: row["name"] for row in rows}


_NAMES = """
select id, name from names where id = any($1::uuid[])
union all select id, name from accounts where id = any($1::uuid[])
"""
