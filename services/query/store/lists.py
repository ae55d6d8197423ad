"""The statement that answers a page of the administrators' list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import asyncpg

from services.query.domain.orders import End, Filters, Request
from services.query.domain.sight import UNPLACED
from services.query.store.rows import ADMINISTRATORS_COLUMNS, ASOF, AT, NOW, worked
from services.query.store.scans import FRESH, MINE, MINE_BY_CLOCK, TICKETS, Scan, scans_of


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the instant they are shown for, and where the page ends if more follow."""

    rows: list[asyncpg.Record]
    as_of: datetime
    end: End | None


async def page(pool: asyncpg.Pool, request: Request, columns: str = ADMINISTRATORS_COLUMNS) -> Page:
    """Rows with these columns, which include what moves with time."""
    statement, arguments = build(request, columns)
    found = await pool.fetch(statement, *arguments)
    as_of = found[0]["as_of"]
    rows = [row for row in found if row["id"] is not None]
    shown, end = rows[: request.limit], None
    if len(rows) > len(shown):
        last = shown[-1]
        end = End(request.sort, request.order, as_of, last["part"], last["key"], last["number"])
    return Page(shown, as_of, end)


def build(request: Request, columns: str = ADMINISTRATORS_COLUMNS) -> tuple[str, list[Any]]:
    """The statement and its arguments."""
    writer = _Writer(replace(request, limit=request.limit + 1))
    return writer.statement() + _SHOW.format(columns=columns), writer.arguments


class _Writer:
    def __init__(self, request: Request) -> None:
        self._request = request
        self.arguments: list[Any] = [request.end.as_of if request.end else request.as_of]
        self._scans = scans_of(request)
        self._limit = request.limit

    def _bind(self, value: Any, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    # Bound when they are first used: PostgreSQL takes no argument that the statement does not have.

    @cached_property
    def _places(self) -> str:
        return self._bind(self._request.places, "uuid[]")

    @property
    def _is_one_place(self) -> bool:
        """Then nothing has to be merged, which is a third of the statement's time."""
        return len(self._request.places or ()) == 1

    @cached_property
    def _only_place(self) -> str:
        return self._bind(next(iter(self._request.places or ())), "uuid")

    @cached_property
    def _mine(self) -> str:
        """Rows of whom is asked for; or else of whoever lists, as they see their own wherever they are."""
        asked = self._request.responsible
        return f"t.responsible_id = any({self._bind(asked, 'uuid[]')})" if asked else self._seen_elsewhere()

    @cached_property
    def _conditions(self) -> str:
        return "".join(f" and {condition}" for condition in self._filters(self._request.filters))

    def _filters(self, filters: Filters) -> Iterator[str]:
        if filters.account_id:
            yield f"t.account_id = {self._bind(filters.account_id, 'uuid')}"
        if self._request.places is not None and not self._request.is_by_place:
            in_places = f"t.place = any({self._places})"
            is_whole = self._request.sight.departments is None
            yield in_places if is_whole else f"({in_places} or {self._seen_elsewhere()})"
        yield from self._facts(filters)
        if filters.waiting is not None:
            yield "t.waiting" if filters.waiting else "not t.waiting"
        if filters.blocked is not None:
            yield f"t.holder_id is {'not null' if filters.blocked else 'null'}"
        if filters.overdue is not None:
            late = f"t.deadline_at < {AT}"
            yield late if filters.overdue else f"({late}) is not true"

    def _facts(self, filters: Filters) -> Iterator[str]:
        """What is in a column as it is asked for."""
        for name in (
            "category_id",
            "project_id",
            "group_id",
            *(() if self._request.responsible else ("responsible_id",)),
        ):
            if asked := getattr(filters, name):
                yield self._one_of(name, asked)
        for name, (condition, kind) in _FACTS.items():
            if (asked := getattr(filters, name)) not in {None, ()}:
                yield condition.format(self._bind(asked, kind))

    def _one_of(self, column: str, asked: tuple[UUID, ...]) -> str:
        found = f"t.{column} = any({self._bind(asked, 'uuid[]')})"
        return f"({found} or t.{column} is null)" if UNPLACED in asked else found

    def _seen_elsewhere(self) -> str:
        """Rows of whoever lists, in the departments that are asked for; without that filter the statement is the same."""
        me = self._bind(self._request.sight.administrator, "uuid")
        asked = self._bind(list(self._request.filters.department_id) or None, "uuid[]")
        return f"t.responsible_id = {me} and ({asked} is null or t.place = any({asked}))"

    def statement(self) -> str:
        parts = [f"with {ASOF}", *self._sources()]
        end = self._request.end
        first = [] if end and end.group else [self._scan(scan) for scan in self._scans if scan.group == 0]
        parts.append(self._merged("first", first, str(self._limit), is_reversed=self._request.is_reversed))
        rest = [self._scan(scan) for scan in self._scans if scan.group == 1]
        room = f"{self._limit} - (select count(*) from first)"  # noqa: S608 - our own expressions
        parts.append(self._merged("rest", rest, room, is_reversed=False))
        return ",\n".join(parts)

    def _sources(self) -> Iterator[str]:
        """What the scans read besides the table itself."""
        sources = {scan.source for scan in self._scans}
        if FRESH in sources:
            yield _FRESH
        if sources & {MINE, MINE_BY_CLOCK}:
            yield f"mine as materialized (select * from tickets t where t.state = 'active' and {self._mine})"  # noqa: S608
        if MINE_BY_CLOCK in sources:
            yield _MY_CLOCKS
        by_clock = [scan for scan in self._scans if scan.by_clock]
        if by_clock:
            yield self._clocked()
            yield self._bound(*by_clock)

    def _merged(self, name: str, scans: list[str], limit: str, *, is_reversed: bool) -> str:
        if not scans:
            return f"{name} as (select 0::bigint as key, 0::bigint as number, 0::bigint as place where false)"
        way = " desc" if is_reversed else ""
        # What is found by two scans is the same row, and is listed once.
        joined = " union " if len({scan.mine for scan in self._scans}) > 1 else " union all "
        return f"""{name} as materialized (
    select key, number, row_number() over (order by key{way}, number{way}) as place
      from ({joined.join(f"({scan})" for scan in scans)}) as merged
     order by place limit {limit})"""  # noqa: S608 - our own expressions

    # --- one scan -----------------------------------------------------------------------------

    def _scan(self, scan: Scan) -> str:
        rows = self._rows(scan, str(self._limit))
        if scan.by_clock:
            return f"select s.key, s.number from clocked c, bound b, lateral ({rows}) s"  # noqa: S608 - our own expressions
        if self._is_by_place(scan) and not self._is_one_place:
            return f"select s.key, s.number from unnest({self._places}) d(id), lateral ({rows}) s"  # noqa: S608
        return rows

    def _is_by_place(self, scan: Scan) -> bool:
        """Whether the index in question has one department after another; otherwise it is one condition of several."""
        return self._request.is_by_place and not scan.by_clock and not scan.mine

    def _rows(self, scan: Scan, limit: str, *, is_bounded: bool = True) -> str:
        where = scan.where + self._conditions + self._after(scan)
        is_reversed = self._request.is_reversed and scan.group == 0
        if scan.by_clock:
            where += " and t.department_id = c.department_id and t.calendar_version = c.version"
            where += f" and {scan.column} {'>=' if is_reversed else '<='} b.key + c.now" if is_bounded else ""
        elif self._is_by_place(scan):
            where += f" and t.place = {self._only_place if self._is_one_place else 'd.id'}"
        elif scan.mine and scan.source == TICKETS:
            where += f" and {self._mine}"
        way = " desc" if is_reversed else ""
        order = f"{scan.column}{way}, t.number{way}" if scan.column else f"t.number{way}"
        return f"select {scan.key} as key, t.number from {scan.source} where {where} order by {order} limit {limit}"  # noqa: S608

    def _after(self, scan: Scan) -> str:
        end = self._request.end
        if end is None or end.group != scan.group:
            return ""
        than = "<" if self._request.is_reversed and scan.group == 0 else ">"
        number = self._bind(end.number, "bigint")
        if scan.column is None:
            return f" and t.number {than} {number}"
        bound = scan.bound.format(key=self._bind(end.key, "bigint"))
        return f" and ({scan.column}, t.number) {than} ({bound}, {number})"

    # --- remaining time -----------------------------------------------------------------------

    def _clocked(self) -> str:
        """W of now on each calendar."""
        where = f" where c.department_id = any({self._places})" if self._request.is_by_place else ""
        return f"""clocked as materialized (
    select c.department_id, c.version, {worked(NOW, "c.department_id", "c.version")} as now
      from clocks c{where})"""  # noqa: S608 - our own expressions

    def _bound(self, scan: Scan) -> str:
        """How far each calendar's tickets have to be read: a few of each are enough to know a bound for all."""
        is_reversed = self._request.is_reversed
        way, furthest, no_bound = (" desc", "min", -_FAR) if is_reversed else ("", "max", _FAR)
        depth = f"(select greatest(4, 2 * {self._limit} / greatest(1, count(*))) from clocked)"  # noqa: S608
        return f"""bound as materialized (
    select case when count(*) = {self._limit} then {furthest}(key) else {no_bound} end as key from (
        select s.key from clocked c, lateral ({self._rows(scan, depth, is_bounded=False)}) s
         order by s.key{way} limit {self._limit}) as shallow)"""  # noqa: S608 - our own expressions


_FACTS = {
    "user_id": ("t.user_id = {}", "uuid"),
    "attitude": ("t.attitude = any({})", "text[]"),
    "urgency": ("t.urgency = any({})", "text[]"),
    "channel": ("t.channel = any({})", "text[]"),
    "tag": ("t.tags && {}", "text[]"),
    "unread": ("t.unread = {}", "boolean"),
    "opened_since": ("t.opened_at >= {}", "timestamptz"),
    "opened_before": ("t.opened_at < {}", "timestamptz"),
}
_FAR = 2**61
_MY_CLOCKS = f"""my_clocks as materialized (
    select m.department_id, m.version, {worked(NOW, "m.department_id", "m.version")} as now
      from (select distinct department_id, calendar_version as version from mine where deadline_clock is not null) m)"""  # noqa: S608
# The limit is what makes the planner take the index; usually there is not one such row.
_FRESH = f"""fresh as materialized (
    select * from tickets t where t.state = 'active' and t.waiting and t.waiting_since > {AT}
     order by t.waiting_since desc, t.number desc limit 1000)"""  # noqa: S608 - our own expressions
_SHOW = """
select page.part, page.key, asof.at as as_of, {columns}
  from asof left join (
      select 0 as part, key, number, place from first union all select 1, key, number, place from rest) page on true
  left join tickets t on t.number = page.number
 order by page.part, page.place
"""
