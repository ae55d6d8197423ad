"""The statement that answers a page of the administrators' list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import asyncpg

from libs.events.log import Executor
from services.query.domain.orders import BY_TEXT, End, Request
from services.query.store import few, past, walks
from services.query.store.arguments import Arguments
from services.query.store.conditions import Conditions
from services.query.store.keys import KEYS, KEYS_THEN
from services.query.store.rows import ADMINISTRATORS_COLUMNS, ASOF, AT, NOW, worked
from services.query.store.scans import FRESH, MINE, MINE_BY_CLOCK, TICKETS, Scan, scans_of


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the instant they are shown for, and where the page ends if more follow."""

    rows: list[asyncpg.Record]
    as_of: datetime
    end: End | None


async def page(executor: Executor, request: Request, columns: str = ADMINISTRATORS_COLUMNS) -> Page:
    """Rows with these columns, which include what moves with time."""
    statement, arguments = build(request, columns)
    found = await executor.fetch(statement, *arguments)
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
    show = _SHOW_THEN if request.then else _SHOW
    return writer.statement() + show.format(columns=columns), writer.arguments.values


class _Writer:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._end = request.end
        self.arguments = Arguments(request.then or (request.end.as_of if request.end else request.as_of))
        self._conditions = Conditions(request, self.arguments)
        self._scans = [] if request.then else scans_of(request)
        self._few = few.places(request, self._conditions, from_name_to_name=any(scan.walks for scan in self._scans))
        self._limit = request.limit
        self._way = " desc" if request.is_reversed else ""
        self._than = "<" if request.is_reversed else ">"
        self._nothing = "''::text" if request.sort in BY_TEXT else "0::bigint"

    def statement(self) -> str:
        parts = [f"with {ASOF}", *self._sources()]
        is_over = self._end is not None and self._end.group == 1
        first = [] if is_over else list(self._group(0))
        parts.append(self._merged("first", first, str(self._limit), self._way))
        room = f"{self._limit} - (select count(*) from first)"  # noqa: S608 - our own expressions
        parts.append(self._merged("rest", list(self._group(1)), room, ""))
        return ",\n".join(parts)

    def _group(self, group: int) -> Iterator[str]:
        if self._few or self._request.then:
            yield self._from_collected(group)
        for scan in self._scans:
            if scan.group == group:
                rows = self._scan(scan)
                yield f"select s.key, s.number from ({rows}) s where {_MANY}" if self._few else rows  # noqa: S608

    def _sources(self) -> Iterator[str]:
        """What the scans read besides the table itself."""
        if searching := self._conditions.searching:
            yield from searching.sources()
        if self._request.then:
            yield from self._past()
            return
        sources = {scan.source for scan in self._scans}
        if FRESH in sources:
            yield _FRESH
        if sources & {MINE, MINE_BY_CLOCK}:
            mine = self._conditions.mine
            yield f"mine as materialized (select * from tickets t where t.state = 'active' and {mine})"  # noqa: S608
        if MINE_BY_CLOCK in sources:
            yield _MY_CLOCKS
        by_clock = [scan for scan in self._scans if scan.by_clock]
        if by_clock:
            yield self._clocked()
            yield self._bound(*by_clock)
        if self._few:
            yield from self._collected()

    def _merged(self, name: str, scans: list[str], limit: str, way: str) -> str:
        if not scans:
            return f"{name} as (select {self._nothing} as key, 0::bigint as number, 0::bigint as place where false)"
        # What is found by two scans is the same row, and is listed once.
        joined = " union " if len({scan.mine for scan in self._scans}) > 1 else " union all "
        return f"""{name} as materialized (
    select key, number, row_number() over (order by key{way}, number{way}) as place
      from ({joined.join(f"({scan})" for scan in scans)}) as merged
     order by place limit {limit})"""  # noqa: S608 - our own expressions

    # --- the past -----------------------------------------------------------------------------

    def _past(self) -> Iterator[str]:
        """The keys of all tickets as they were. Seen are those that one may know of both now and as they were."""
        request, conditions, key, seen = self._request, self._conditions, KEYS_THEN[self._request.sort], "true"
        if request.sight.departments is not None:
            places = self.arguments.once("sight", request.sight.places, "uuid[]")
            seen = f"(t.place = any({places}) or t.assignee = {conditions.me})"
        yield from past.listed(request.filters, seen, conditions.each(), key.sql + key.joins)
        if request.sort == "remaining":
            yield past.CLOCKS
        yield f"collected as materialized (select {key.sql} as key, t.number from past t{key.joins})"  # noqa: S608

    # --- few tickets --------------------------------------------------------------------------

    def _collected(self) -> Iterator[str]:
        """The keys of all tickets that are listed, if they are among few: of the first place of which that is true."""
        key, filters = KEYS[self._request.sort], self._request.filters
        if self._request.sort == "remaining":
            yield _ALL_CLOCKS
        chosen = "0"
        for number, place in reversed(list(enumerate(self._few, 1))):
            chosen = f"case when (select found from tried_{number}) <= {place.limit} then {number} else {chosen} end"  # noqa: S608
        for number, place in enumerate(self._few, 1):
            yield f"tried_{number} as materialized ({place.count()})"
        yield f"chosen as materialized (select {chosen} as place)"
        state = "" if filters.state == "all" else f" and t.state = '{filters.state}'"
        conditions, by_place = self._conditions, self._seen_by_place()
        rows = [
            f"select {key.sql} as key, t.number from ({place.rows()}) t{key.joins}"  # noqa: S608 - our own expressions
            f" where (select c.place from chosen c) = {number}{state}"
            f"{conditions.but_for_text if place.counted else conditions.all}{by_place}"
            for number, place in enumerate(self._few, 1)
        ]
        yield f"collected as materialized ({' union all '.join(rows)})"

    def _seen_by_place(self) -> str:
        """What the busiest orders have scans for instead."""
        request, conditions = self._request, self._conditions
        found = ""
        if request.is_by_place:
            in_places = f"t.place = any({conditions.places})"
            is_whole = request.sight.departments is None
            found += f" and {in_places}" if is_whole else f" and ({in_places} or {conditions.seen_elsewhere})"
        if any(scan.mine for scan in self._scans) and request.responsible:
            found += f" and {conditions.mine}"
        return found

    def _from_collected(self, group: int) -> str:
        if group == 1:
            after = self._after_number().format("c") if self._end and self._end.group == 1 else ""
            rows = f"select {self._nothing} as key, c.number from collected c"  # noqa: S608 - our own expressions
            return f"{rows} where c.key is null{after} order by c.number limit {self._limit}"
        after = ""
        if self._end:
            after = f" and (c.key, c.number) {self._than} ({self._key_of_end()}, {self._number_of_end()})"
        order = f"c.key{self._way}, c.number{self._way}"
        return f"select c.key, c.number from collected c where c.key is not null{after} order by {order} limit {self._limit}"  # noqa: S608

    # --- where the page begins ----------------------------------------------------------------

    def _key_of_end(self) -> str:
        assert self._end
        kind = "text" if isinstance(self._end.key, str) else "bigint"
        return self.arguments.once("key", self._end.key, kind)

    def _number_of_end(self) -> str:
        assert self._end
        return self.arguments.once("number", self._end.number, "bigint")

    def _after_number(self) -> str:
        return f" and {{}}.number > {self._number_of_end()}"

    # --- one scan -----------------------------------------------------------------------------

    def _scan(self, scan: Scan) -> str:
        if scan.walks:
            return self._walk(scan)
        rows = self._rows(scan, str(self._limit))
        if scan.by_clock:
            return f"select s.key, s.number from clocked c, bound b, lateral ({rows}) s"  # noqa: S608 - our own expressions
        if self._is_by_place(scan) and not self._is_one_place:
            return f"select s.key, s.number from unnest({self._conditions.places}) d(id), lateral ({rows}) s"  # noqa: S608
        return rows

    @property
    def _is_one_place(self) -> bool:
        """Then nothing has to be merged, which is a third of the statement's time."""
        return len(self._request.places or ()) == 1

    @property
    def _only_place(self) -> str:
        return self.arguments.once("place", next(iter(self._request.places or ())), "uuid")

    @property
    def _checked(self) -> str:
        """The conditions. Those besides what the index is made for are hidden from all other indexes, and from PostgreSQL's
        guesses: to read all that meets them and sort it would look better than it is.
        """
        conditions = self._conditions.all.removeprefix(" and ")
        return f" and coalesce({conditions}, false)" if conditions and self._few else self._conditions.all

    def _is_by_place(self, scan: Scan) -> bool:
        """Whether the index in question has one department after another; otherwise it is one condition of several."""
        return self._request.is_by_place and not scan.by_clock and not scan.mine

    def _rows(self, scan: Scan, limit: str, *, is_bounded: bool = True) -> str:
        where = scan.where + self._checked + self._after(scan)
        is_reversed = self._request.is_reversed and scan.group == 0
        if scan.by_clock:
            where += " and t.department_id = c.department_id and t.calendar_version = c.version"
            where += f" and {scan.column} {'>=' if is_reversed else '<='} b.key + c.now" if is_bounded else ""
        elif self._is_by_place(scan):
            where += f" and {self._in_place()}"
        elif scan.mine and scan.source == TICKETS:
            where += f" and {self._conditions.mine}"
        way = " desc" if is_reversed else ""
        order = f"{scan.column}{way}, t.number{way}" if scan.column else f"t.number{way}"
        if self._is_by_place(scan) and self._few:
            order = f"t.place{way}, {order}"
        key = scan.key if scan.group == 0 else self._nothing
        return f"select {key} as key, t.number from {scan.source} where {where} order by {order} limit {limit}"  # noqa: S608

    def _in_place(self) -> str:
        """With more conditions as a range, and in its order: so only the department's own index will do."""
        place = self._only_place if self._is_one_place else "d.id"
        return f"t.place between {place} and {place}" if self._few else f"t.place = {place}"

    def _after(self, scan: Scan) -> str:
        end = self._end
        if end is None or end.group != scan.group:
            return ""
        if scan.group == 1:
            return self._after_number().format("t")
        if scan.column is None:
            return f" and t.number {self._than} {self._number_of_end()}"
        bound = scan.bound.format(key=self._key_of_end())
        return f" and ({scan.column}, t.number) {self._than} ({bound}, {self._number_of_end()})"

    # --- from name to name --------------------------------------------------------------------

    def _walk(self, scan: Scan) -> str:
        """Each step's tickets are asked for as a range, and in its order: so only the column's index will do.

        PostgreSQL takes two bounds on a column for a small range; one on the column and one on a row, for a large one.
        """
        column = f"t.{walks.column(self._request)}"
        step = f"{column} >= w.id and ({column}, t.state) <= (w.id, '{'closed' if scan.is_closed else 'active'}')"
        of_step = f"{scan.where} and {step}{self._checked}"
        if scan.group == 1:
            order = f"{of_step}{self._after(scan)} order by {column}, t.number limit {self._limit}"
            return f"""
select {self._nothing} as key, s.number from ({walks.nameless_steps(self._request, self._conditions)}) w,
       lateral (select t.number from tickets t where {order}) s order by s.number limit {self._limit}"""  # noqa: S608
        way, steps, where = self._way, walks.steps(self._request, self._conditions), "w.key is not null"
        if self._end:
            key, number = self._key_of_end(), self._number_of_end()
            where += f" and w.key {self._than}= {key}"
            everything = _FAR if self._request.is_reversed else -_FAR
            of_step += f" and t.number {self._than} case when w.key = {key} then {number} else {everything} end"
        order = f"{of_step} order by {column}{way}, t.number{way} limit {self._limit}"
        return f"""
select w.key, s.number from (select w.key, w.id from ({steps}) w where {where} order by w.key{way}) w,
       lateral (select t.number from tickets t where {order}) s
 order by w.key{way}, s.number{way} limit {self._limit}"""  # noqa: S608 - our own expressions

    # --- remaining time -----------------------------------------------------------------------

    def _clocked(self) -> str:
        """W of now on each calendar."""
        where = f" where c.department_id = any({self._conditions.places})" if self._request.is_by_place else ""
        return f"clocked as materialized ({_W_OF_NOW}{where})"

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
_MANY = "(select c.place from chosen c) = 0"
_W_OF_NOW = f"""
    select c.department_id, c.version, {worked(NOW, "c.department_id", "c.version")} as now
      from clocks c"""  # noqa: S608 - our own expressions
_ALL_CLOCKS = f"all_clocks as materialized ({_W_OF_NOW})"
_MY_CLOCKS = f"""my_clocks as materialized (
    select m.department_id, m.version, {worked(NOW, "m.department_id", "m.version")} as now
      from (select distinct department_id, calendar_version as version from mine where deadline_clock is not null) m)"""  # noqa: S608
# The limit is what makes the planner take the index; usually there is not one such row.
_FRESH = f"""fresh as materialized (
    select * from tickets t where t.state = 'active' and t.waiting and t.waiting_since > {AT}
     order by t.waiting_since desc, t.number desc limit 1000)"""  # noqa: S608 - our own expressions
_PAGE = """
select page.part, page.key, asof.at as as_of, {columns}
  from asof left join (
      select 0 as part, key, number, place from first union all select 1, key, number, place from rest) page on true"""
_SHOW = f"""{_PAGE}
  left join tickets t on t.number = page.number
 order by page.part, page.place
"""
_SHOW_THEN = f"""{_PAGE}
  left join lateral ({past.rows("(select * from tickets n where n.number = page.number)")}) t on true
 order by page.part, page.place
"""  # noqa: S608 - our own expressions
