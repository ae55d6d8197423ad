"""The statement that answers a page of the administrators' list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import asyncpg

from services.query.domain.orders import End, Filters, Request
from services.query.store.rows import ADMINISTRATORS_JOINS, ADMINISTRATORS_ROW, ASOF, AT, NOW, worked
from services.query.store.scans import FRESH, MINE, MINE_BY_CLOCK, Scan, scans_of


@dataclass(frozen=True, slots=True)
class Page:
    """JSON of each row, the instant they are shown for, and where the page ends if more follow."""

    rows: list[str]
    as_of: datetime
    end: End | None


async def page(pool: asyncpg.Pool, request: Request) -> Page:
    statement, arguments = build(request)
    found = await pool.fetch(statement, *arguments)
    as_of = found[0]["as_of"]
    rows = [row for row in found if row["ticket"] is not None]
    shown, end = rows[: request.limit], None
    if len(rows) > len(shown):
        last = shown[-1]
        end = End(request.sort, request.order, as_of, last["part"], last["key"], last["number"])
    return Page([row["ticket"] for row in shown], as_of, end)


def build(request: Request) -> tuple[str, list[Any]]:
    """The statement and its arguments."""
    writer = _Writer(replace(request, limit=request.limit + 1))
    return writer.statement(), writer.arguments


class _Writer:
    def __init__(self, request: Request) -> None:
        self._request = request
        self.arguments: list[Any] = [request.end.as_of if request.end else request.as_of]
        filters = request.filters
        self._departments = self._bind(list(filters.department_id), "uuid[]") if filters.department_id else None
        self._conditions = self._filters(filters)
        self._scans = scans_of(request)
        self._limit = request.limit

    def _bind(self, value: Any, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def _filters(self, filters: Filters) -> str:
        conditions = []
        if filters.account_id:
            conditions.append(f"t.account_id = {self._bind(filters.account_id, 'uuid')}")
        if filters.responsible_id:
            conditions.append(f"t.responsible_id = {self._bind(filters.responsible_id, 'uuid')}")
        if self._departments and conditions:
            conditions.append(f"t.department_id = any({self._departments})")
        if filters.waiting is not None:
            conditions.append("t.waiting" if filters.waiting else "not t.waiting")
        if filters.blocked is not None:
            conditions.append(f"t.holder_id is {'not null' if filters.blocked else 'null'}")
        if filters.overdue is not None:
            late = f"t.deadline_at < {AT}"
            conditions.append(late if filters.overdue else f"({late}) is not true")
        return "".join(f" and {condition}" for condition in conditions)

    def statement(self) -> str:
        parts = [f"with {ASOF}", *self._sources()]
        end = self._request.end
        first = [] if end and end.group else [self._scan(scan) for scan in self._scans if scan.group == 0]
        parts.append(self._merged("first", first, str(self._limit), is_reversed=self._request.is_reversed))
        rest = [self._scan(scan) for scan in self._scans if scan.group == 1]
        room = f"{self._limit} - (select count(*) from first)"  # noqa: S608 - our own expressions
        parts.append(self._merged("rest", rest, room, is_reversed=False))
        return ",\n".join(parts) + _SHOW

    def _sources(self) -> Iterator[str]:
        """What the scans read besides the table itself."""
        sources = {scan.source for scan in self._scans}
        if FRESH in sources:
            yield _FRESH
        if sources & {MINE, MINE_BY_CLOCK}:
            mine = self._bind(self._request.filters.responsible_id, "uuid")
            yield f"mine as materialized (select * from tickets where responsible_id = {mine} and state = 'active')"  # noqa: S608
        by_clock = [scan for scan in self._scans if scan.by_clock]
        if by_clock or MINE_BY_CLOCK in sources:
            yield self._clocked()
        if by_clock:
            yield self._bound(*by_clock)

    def _merged(self, name: str, scans: list[str], limit: str, *, is_reversed: bool) -> str:
        if not scans:
            return f"{name} as (select 0::bigint as key, 0::bigint as number, 0::bigint as place where false)"
        way = " desc" if is_reversed else ""
        return f"""{name} as materialized (
    select key, number, row_number() over (order by key{way}, number{way}) as place
      from ({" union all ".join(f"({scan})" for scan in scans)}) as merged
     order by place limit {limit})"""  # noqa: S608 - our own expressions

    # --- one scan -----------------------------------------------------------------------------

    def _scan(self, scan: Scan) -> str:
        rows = self._rows(scan, str(self._limit))
        if scan.by_clock:
            return f"select s.key, s.number from clocked c, bound b, lateral ({rows}) s"  # noqa: S608 - our own expressions
        if self._is_by_department(scan):
            return f"select s.key, s.number from unnest({self._departments}) d(id), lateral ({rows}) s"  # noqa: S608
        return rows

    def _is_by_department(self, scan: Scan) -> bool:
        """Whether the index in question has one department after another; otherwise it is one condition of several."""
        filters = self._request.filters
        return bool(filters.department_id) and not (filters.account_id or filters.responsible_id or scan.by_clock)

    def _rows(self, scan: Scan, limit: str, *, is_bounded: bool = True) -> str:
        where = scan.where + self._conditions + self._after(scan)
        is_reversed = self._request.is_reversed and scan.group == 0
        if scan.by_clock:
            where += " and t.department_id = c.department_id and t.calendar_version = c.version"
            where += f" and {scan.column} {'>=' if is_reversed else '<='} b.key + c.now" if is_bounded else ""
        elif self._is_by_department(scan):
            where += " and t.department_id = d.id"
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
        where = f" where c.department_id = any({self._departments})" if self._departments else ""
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


_FAR = 2**61
# The limit is what makes the planner take the index; usually there is not one such row.
_FRESH = f"""fresh as materialized (
    select * from tickets t where t.state = 'active' and t.waiting and t.waiting_since > {AT}
     order by t.waiting_since desc, t.number desc limit 1000)"""  # noqa: S608 - our own expressions
_SHOW = f"""
select page.part, page.key, page.number, asof.at as as_of, shown.ticket
  from asof left join (
      select 0 as part, key, number, place from first union all select 1, key, number, place from rest) page on true
  left join lateral (
      select row_to_json(shown)::text as ticket from (
          select {ADMINISTRATORS_ROW} from tickets t {ADMINISTRATORS_JOINS} where t.number = page.number) shown
  ) shown on true
 order by page.part, page.place
"""  # noqa: S608 - our own expressions
