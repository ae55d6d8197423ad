"""What the lists read of a large table: a page's worth by each scan, whoever lists, whatever their order."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from services.query.domain.orders import USUAL, Filters, Request, Sort, State
from services.query.domain.sight import EVERYTHING, Sight
from services.query.store import lists
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
        await pool.execute(f"insert into clocks select department({DEPARTMENTS}, n), 0 from generate_series(0, 19) n")  # noqa: S608
        await pool.execute("vacuum analyze tickets")
        yield pool
    await databases.drop("query_plans")


@pytest.mark.parametrize("sort", USUAL)
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
        assert scan["Node Type"] in {"Index Scan", "Index Only Scan"}, scan
        assert scan["Actual Rows"] <= page, scan
        assert scan.get("Rows Removed by Filter", 0) <= page, scan


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
    text = f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else str(value)
    assert re.fullmatch(r"[\w{},:+ .-]+", text)
    return f"'{text}'"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


# Half are active, half of these wait, and have deadlines on calendars that are always open.
_FILL = f"""
create function department(many integer, n bigint) returns uuid immutable language sql
    return lpad(to_hex(100 + n % many), 32, '0')::uuid;
insert into tickets (id, number, state, subject, account_id, user_id, category_id, urgency, channel, opened_at,
                     department_id, place, responsible_id, points, waiting_since, waiting, rank,
                     calendar_version, deadline_at, deadline_clock)
select gen_random_uuid(), n, case when n % 2 = 0 then 'active' else 'closed' end, 's', gen_random_uuid(), gen_random_uuid(),
       gen_random_uuid(), 'low', 'panel', at, place, place,
       case when n % {MINE} = 0 then '{ME}'::uuid end, n % 50, case when waits then at end, waits,
       case when waits then us else 0 end - (n % 50) * 60000000::bigint, 0,
       case when waits then at + interval '4 hours' end, case when waits then us + 14400000000 end
  from generate_series(1, {TICKETS}) n, lateral (
      select n % 4 = 0 as waits, timestamptz '{NOW.isoformat()}' - n * interval '1 second' as at,
             department({DEPARTMENTS}, n * 7 / 5) as place) a,
       lateral (select (extract(epoch from at) * 1000000)::bigint as us) b
"""  # noqa: S608 - our own figures
