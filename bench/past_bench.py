"""What looking into the past costs: the index that finds what was active, and lists by how much was.

Run as `python -m bench.past_bench [--periods 200000] [--active 10000 100000]`. Periods are of two years, most of them of
hours, written in small batches as a fold does. Lists are the first page of 50 tickets as they were, each with seven versions
of its course.
"""

import argparse
import asyncio
import random
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from bench.projector_bench import server_folder
from deploy.local.postgres import EmbeddedPostgres
from libs.events import projection
from libs.events.projection import LIVE
from libs.service.database import create_pool
from services.query.consumers import ReadModel
from services.query.domain.orders import Filters, Request, Sort
from services.query.domain.past import LEVELS, level
from services.query.store import lists

START, YEARS = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=730)
THEN = START + timedelta(days=365)
BATCH, ACCOUNTS, DEPARTMENTS = 200, 1000, 50
RANGE = "tstzrange(since, until) @> $1::timestamptz"
AROUND = "since <= $1 and until > $1"
LEVELWISE = f"""select count(*) from generate_series(0, {LEVELS}) l(n), lateral (
    select since from p where {AROUND} and level = l.n and since > $1 - power(2, l.n) * interval '1 microsecond'
     order by since limit 1000000000) found"""  # noqa: S608 - our own expressions
INDEXES = {
    "none": ("", AROUND),
    "levels": ("(level, since)", ""),
    "GiST": ("using gist (tstzrange(since, until))", RANGE),
    "SP-GiST": ("using spgist (tstzrange(since, until))", RANGE),
    "btree": ("(until, since)", AROUND),
}


def identity(number: int) -> UUID:
    return UUID(int=7 << 76 | 2 << 62 | number)


LISTS: list[tuple[str, Sort, Filters]] = [
    ("by weight", "weight", Filters()),
    ("by remaining time", "remaining", Filters()),
    ("by id", "id", Filters()),
    ("of an account", "weight", Filters(account_id=identity(7))),
    ("of a department", "weight", Filters(department_id=(identity(7),))),
]


async def indexes(dsn: str, count: int) -> None:
    chance = random.Random(1)
    began = [START + YEARS * (number / count) for number in range(count)]
    lasted = [timedelta(hours=chance.lognormvariate(3, 1.6)) for _ in began]
    rows = [
        (identity(number), at, at + long, number, level(long))
        for number, (at, long) in enumerate(zip(began, lasted, strict=True))
    ]
    rows.sort(key=lambda row: row[2])
    connection = await asyncpg.connect(dsn)
    for name, (index, where) in INDEXES.items():
        await connection.execute("drop table if exists p")
        await connection.execute(
            "create table p (ticket_id uuid, since timestamptz, until timestamptz, position bigint, level smallint,"
            " primary key (ticket_id, position))"
        )
        if index:
            await connection.execute(f"create index on p {index}")
        written, _ = await timed(_write(connection, rows))
        await connection.execute("analyze p")
        question = f"select count(*) from p where {where}" if where else LEVELWISE  # noqa: S608
        found = [await timed(connection.fetchval(question, START + timedelta(days=days))) for days in (10, 365, 700)]
        asked = ", ".join(f"{seconds * 1e3:.1f} ms for {active}" for seconds, active in found)
        print(f"{name:10} written {written / count * 1e6:6.1f} µs a row, read {asked}")
    await connection.close()


async def _write(connection: asyncpg.Connection, rows: list[tuple[Any, ...]]) -> None:
    for start in range(0, len(rows), BATCH):
        await connection.copy_records_to_table("p", records=rows[start : start + BATCH])


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    began = perf_counter()
    result = await work
    return perf_counter() - began, result


async def past_lists(dsn: str, sizes: list[int]) -> None:
    async with await create_pool(dsn, application_name="bench", statement_timeout_seconds=600) as pool:
        async with pool.acquire() as connection, connection.transaction():
            await projection.create(connection, LIVE, ReadModel(), 1)
        before = 0
        for size in sizes:
            for statement in FILL:
                await pool.execute(statement.format(first=before + 1, last=size, then=f"timestamptz '{THEN}'"))
            await pool.execute("analyze")
            before = size
            for name, sort, filters in LISTS:
                request = Request(sort, "desc", filters, 50, then=THEN)
                await lists.page(pool, request)
                seconds, page = await timed(lists.page(pool, request))
                print(f"{size:9,} active, {name:18}{seconds * 1e3:8.0f} ms for {len(page.rows)} rows")


_ID = "('00000000-0000-7000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
_SOME = "from tickets where number between {first} and {last}"
_DEPARTMENT = _ID.format(f"number % {DEPARTMENTS}")
FILL = (
    f"""insert into tickets
            (id, number, state, subject, subject_key, account_id, user_id, category_id, urgency, channel, opened_at)
        select {_ID.format("n")}, n, 'closed', 's', 's', {_ID.format(f"n % {ACCOUNTS}")}, gen_random_uuid(),
               gen_random_uuid(), 'low', 'panel', {{then}} - (60 + n % 100000) * interval '1 s'
          from generate_series({{first}}, {{last}}) n""",  # noqa: S608
    f"""insert into course_versions (ticket_id, since, position, state, unread, waiting_since, department_id, active_at)
        select id, opened_at + k * interval '1 s', number * 8 + k, 'active', true, opened_at, {_DEPARTMENT}, opened_at
          from tickets, generate_series(0, 5) k where number between {{first}} and {{last}}""",  # noqa: S608
    f"""insert into course_versions (ticket_id, since, position, state, unread, active_at)
        select id, {{then}} + interval '1 day', number * 8 + 7, 'closed', false, {{then}} + interval '1 day' {_SOME}""",
    f"insert into wording_versions select id, opened_at, number, 's', 's', category_id, null, 'low', '{{{{}}}}' {_SOME}",
    f"insert into points_versions select id, opened_at, number, 5, '[]' {_SOME}",
    f"""insert into deadline_versions
        select id, opened_at, number, opened_at, {_DEPARTMENT}, 0, opened_at + interval '4 h',
               (extract(epoch from opened_at) * 1000000)::bigint + 14400000000, 14400, 0 {_SOME}""",  # noqa: S608
    f"""insert into periods select id, opened_at, {{then}} + interval '1 day', 38, number, 'by_hand', null, account_id, null,
                                   category_id, null, 'low' {_SOME}""",
)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--periods", type=int, default=200_000)
    parser.add_argument("--active", type=int, nargs="*", default=[10_000, 100_000])
    options = parser.parse_args()
    with server_folder() as folder:
        await on_own_server(folder, options.periods, options.active)


async def on_own_server(folder: Path, periods: int, active: list[int]) -> None:
    server = EmbeddedPostgres(folder / "postgres")
    await server.start()
    try:
        await server.create_database("bench")
        await indexes(server.dsn("bench"), periods)
        await past_lists(server.dsn("bench"), active)
    finally:
        await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
