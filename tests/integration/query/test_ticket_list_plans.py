"""What the lists read of a large table: a page's worth by each scan, whoever lists, whatever their order."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.worktime import to_micros
from services.query.domain.orders import BUSIEST, BY_TEXT, USUAL, End, Filters, Request, Sort, State
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight
from services.query.store import few, lists, search
from tests.integration.query.query_builders import read_model

TICKETS, DEPARTMENTS, MINE, LIMIT = 60_000, 20, 600, 50
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ME = UUID(int=7)
OWN = Sight(ME, frozenset(UUID(int=100 + number) for number in range(4)))
ONE = Filters(department_id=(UUID(int=100),))


@pytest.fixture(scope="module")
async def large(databases: Any) -> AsyncIterator[asyncpg.Pool]:
    dsn = await databases.create("query_plans")
    async with read_model(dsn) as pool:
        await pool.execute(_FILL)
        await pool.execute(_NAMES)
        await pool.execute(f"insert into clocks select department({DEPARTMENTS}, n), 0 from generate_series(0, 19) n")  # noqa: S608
        await pool.execute("vacuum analyze tickets")
        yield pool
    await databases.drop("query_plans")


@pytest.mark.parametrize("sort", sorted(BUSIEST))
@pytest.mark.parametrize(
    ("sight", "filters"),
    [
        (EVERYTHING, Filters()),
        (EVERYTHING, ONE),
        (OWN, Filters()),
        (OWN, ONE),
        (OWN, Filters(state=State.CLOSED)),
        (OWN, Filters(state=State.ALL)),
    ],
    ids=["all", "of a department", "own", "own of a department", "own closed", "own in any state"],
)
async def test_each_scan_reads_no_more_than_a_page(
    large: asyncpg.Pool, sort: Sort, sight: Sight, filters: Filters
) -> None:
    request = Request(sort, USUAL[sort], filters, LIMIT, as_of=NOW, sight=sight)
    plan = await explained(large, request)
    scans = [node for node in nodes(plan) if node.get("Relation Name") == "tickets"]
    assert scans
    for scan in scans:
        # A few times as many where a list by remaining time looks for its bound, and all that one is responsible for.
        page = 2 * (LIMIT + 1) if scan.get("Subplan Name") != "CTE mine" else TICKETS // MINE
        is_whole = scan.get("Subplan Name") == "CTE mine"  # all of one administrator's, in no order
        assert scan["Node Type"] in {"Index Scan", "Index Only Scan"} or is_whole, scan
        assert scan["Actual Rows"] <= page, scan
        assert scan.get("Rows Removed by Filter", 0) <= page, scan


SOME = {
    "nothing": Filters(),
    "department": ONE,
    "own account": Filters(account_id=UUID(int=2**32 + 5)),
    "user": Filters(user_id=UUID(int=2 * 2**32 + 5)),
    "category": Filters(category_id=(UUID(int=3 * 2**32 + 5),)),
    "no project": Filters(project_id=(UNPLACED,)),
    "group": Filters(group_id=(UUID(int=5 * 2**32 + 1),)),
    "urgent": Filters(urgency=(Urgency.HIGH,)),
    "good, unread, by email": Filters(attitude=(Attitude.GOOD,), unread=True, channel=(Channel.EMAIL,)),
    "rare tag": Filters(tag=("rare",)),
    "common tag": Filters(tag=("common",)),
    "nobody's": Filters(responsible_id=(UNPLACED,)),
    "mine": Filters(responsible_id=(ME,)),
    "waiting": Filters(waiting=True),
    "blocked": Filters(blocked=True),
    "overdue": Filters(overdue=True),
    "lately": Filters(opened_since=NOW - timedelta(seconds=900)),
    "a number": Filters(text="#1234"),
    "closed": Filters(state=State.CLOSED),
    "any state": Filters(state=State.ALL),
    "what there is none of": Filters(category_id=(UUID(int=1),), urgency=(Urgency.HIGH,)),
}
MOST = 26_000
"""Rows that the worst of these lists reads, and looks up in indexes: of a million as of the 30,000 active ones here."""


@pytest.mark.parametrize("sight", [EVERYTHING, OWN], ids=["all", "own"])
@pytest.mark.parametrize("filters", SOME.values(), ids=SOME.keys())
async def test_no_list_reads_all_tickets_or_counts_them_or_skips_some(
    large: asyncpg.Pool, filters: Filters, sight: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """150 s at 78 million rows, 32 s at 40,000 tickets, three counts a page: none of that, in any order.

    What few are is to this table as it is to a million active tickets.
    """
    for name, least in (("FEW", 500), ("FEW_OF_NAMED", 2500)):
        monkeypatch.setattr(few, name, least)
    for sort in USUAL:
        for request in beginning_and_middle(Request(sort, USUAL[sort], filters, LIMIT, as_of=NOW, sight=sight)):
            statement, _ = lists.build(request)
            assert " offset " not in statement
            plan = await explained(large, request)
            scans = [node for node in nodes(plan) if node.get("Relation Name") == "tickets" and node["Actual Loops"]]
            read = sum(rows_read(scan) for scan in scans)
            assert read <= MOST, (sort, read)
            assert not [scan for scan in scans if scan["Node Type"] == "Seq Scan"], sort


async def test_a_text_that_is_everywhere_is_looked_for_in_the_tickets_of_a_page(
    large: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither are its hits counted, nor are all messages read to know who has it: a department's at most."""
    await large.execute(_TELL)
    await large.execute("analyze messages")
    for module, name, least in ((search, "FEW_HITS", 500), (few, "FEW_HITS", 500), (search, "MANY_HITS", 1500)):
        monkeypatch.setattr(module, name, least)
    for sort in USUAL:
        request = Request(sort, USUAL[sort], Filters(text="arrive"), LIMIT, as_of=NOW, sight=EVERYTHING)
        plan = await explained(large, request)
        scans = [node for node in nodes(plan) if node.get("Relation Name") == "messages" and node["Actual Loops"]]
        assert scans
        assert sum(map(rows_read, scans)) <= TICKETS // DEPARTMENTS, sort


async def test_what_is_not_overdue_is_found_without_what_is(large: asyncpg.Pool) -> None:
    for overdue in (True, False):
        request = Request("remaining", "asc", Filters(overdue=overdue), LIMIT, as_of=NOW, sight=EVERYTHING)
        plan = await explained(large, request)
        scans = [node for node in nodes(plan) if node.get("Relation Name") == "tickets" and node["Actual Loops"]]
        assert sum(map(rows_read, scans)) <= DEPARTMENTS * 4 * (LIMIT + 1)


def beginning_and_middle(request: Request) -> Iterator[Request]:
    """The first page, and one that begins somewhere."""
    yield request
    key: int | str = "m" if request.sort in BY_TEXT else 1
    if request.sort in {"opened", "activity", "blocked", "delay"}:
        key = to_micros(NOW - timedelta(seconds=TICKETS // 2))
    yield replace(request, end=End(request.sort, request.order, NOW, 0, key, TICKETS // 2))


def rows_read(scan: dict[str, Any]) -> int:
    found: float = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
    return int(found * scan["Actual Loops"])


async def explained(pool: asyncpg.Pool, request: Request) -> dict[str, Any]:
    """The plan that a session makes and keeps, carried out."""
    statement, arguments = lists.build(request)
    async with pool.acquire() as connection:
        await connection.execute("set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare listing as {statement}")
        values = ", ".join(map(literal, arguments))
        text = await connection.fetchval(f"explain (analyze, format json) execute listing({values})")
        await connection.execute("deallocate listing; reset plan_cache_mode")
    plan: dict[str, Any] = orjson.loads(text)[0]["Plan"]
    return plan


def literal(value: Any) -> str:
    if value is None:
        return "null"
    text = f"{{{','.join(map(str, value))}}}" if isinstance(value, list | tuple) else str(value)
    assert re.fullmatch(r"[\w{},:+ .%#'*|-]*", text)
    return "'" + text.replace("'", "''") + "'"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


_NAMES = """
insert into names (id, kind, name, sorted_as)
select thing(place, n), kind, kind || n, kind || n
  from unnest(array['user', 'category', 'project', 'group'], array[2, 3, 4, 5], array[6000, 30, 4, 9]) k(kind, place, many),
       generate_series(0, many - 1) n
union all select department(20, n), 'department', 'd' || n, 'd' || n from generate_series(0, 19) n
union all select lpad('7', 32, '0')::uuid, 'administrator', 'me', 'me';
insert into accounts (id, name, sorted_as, folded, parts, attitude, enabled)
select thing(1, n), 'a' || n, 'a' || n, 'a', '{}', 'good', true from generate_series(0, 2999) n;
analyze
"""
# Half are active, half of these wait, and have deadlines on calendars that are always open.
_FILL = f"""
create function department(many integer, n bigint) returns uuid immutable language sql
    return lpad(to_hex(100 + n % many), 32, '0')::uuid;
create function thing(kind bigint, n bigint) returns uuid immutable language sql
    return lpad(to_hex(kind * 4294967296 + n), 32, '0')::uuid;
insert into tickets (id, number, state, subject, subject_key, account_id, user_id, category_id, project_id, group_id,
                     attitude, urgency, channel, unread, tags, opened_at, active_at,
                     department_id, place, responsible_id, points, waiting_since, waiting, rank,
                     calendar_version, deadline_at, deadline_clock)
select gen_random_uuid(), n, case when n % 2 = 0 then 'active' else 'closed' end, md5(n::text), md5(n::text),
       thing(1, drawn % 3000), thing(2, drawn % 6000), thing(3, drawn / 7 % 30),
       case when drawn % 4 > 0 then thing(4, drawn % 4) end, case when drawn % 5 = 0 then thing(5, drawn % 9) end,
       (array['good', 'neutral', 'bad'])[drawn % 3 + 1], (array['high', 'medium', 'low'])[drawn / 3 % 3 + 1],
       (array['panel', 'email', 'api'])[drawn / 9 % 3 + 1], drawn % 6 = 0,
       case when drawn % 7 = 0 then array['common'] when drawn % 1000 = 1 then array['rare'] else '{{}}' end,
       at, at, place, place,
       case when n % {MINE} = 0 then '{ME}'::uuid end, n % 50, case when waits then at end, waits,
       case when waits then us else 0 end - (n % 50) * 60000000::bigint, 0,
       case when waits then at + interval '4 hours' end, case when waits then us + 14400000000 end
  from generate_series(1, {TICKETS}) n, lateral (
      select n % 4 = 0 as waits, timestamptz '{NOW.isoformat()}' - n * interval '1 second' as at,
             hashint8(n)::bigint + 2147483648 as drawn,
             department({DEPARTMENTS}, n * 7 / 5) as place) a,
       lateral (select (extract(epoch from at) * 1000000)::bigint as us) b
"""  # noqa: S608 - our own figures
_TELL = """
insert into messages (ticket_id, position, id, kind, actor, at, text)
select id, 1, id, 'client', 'user:x', opened_at, 'Mail does not arrive' from tickets where state = 'active'
"""
