"""The first page of 50 of the administrators' list, against the fastest bare GET, by the number of active tickets.

Run as `python -m bench.list_bench [--sizes 10000 100000] [--closed 2] [--sorts weight id] [--worst]`. The floor answers 50
rows of 20 columns from a table of as many rows, by index, as JSON that PostgreSQL built. Floor and product take turns on the
same servers.

`--closed` is how many closed tickets there are to each active one: `--sizes 1000000 --closed 2` are three million in all.
`--worst` asks for each order with each filter once, after once to plan it, and names those that take longest.
"""

import argparse
import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from statistics import median
from time import perf_counter
from urllib.parse import quote

import asyncpg
import httpx

from bench.floor import fill
from bench.load import Order, Result, measured
from bench.read_model import fold
from bench.results import write
from bench.stage import People, Stage, staged, until
from bench.ticket_stories import START, Stories
from libs.service.database import create_pool
from services.query.domain.orders import USUAL, Sort
from services.query.domain.sight import UNPLACED

CLIENTS = 8
DEPARTMENTS = 50
WORST = 15
FOLDED = 100_000
"""Active tickets that are folded from events; more are copies of them."""
TEXTS = ("arrive", '"gets through" or nothing', "ail doe", "7", "zzz")


@dataclass(frozen=True)
class Row:
    """Rounds of floor and product on one list."""

    tickets: int
    list_name: str
    pairs: list[tuple[Result, Result]]

    @property
    def rate(self) -> float:
        return median(product.rate for _, product in self.pairs)

    def cells(self) -> list[str]:
        floors, products = zip(*self.pairs, strict=True)
        return [
            f"{self.tickets:,}",
            self.list_name,
            f"{median(one.rate for one in floors):,.0f}",
            f"{self.rate:,.0f}",
            f"{median(product.rate / floor.rate for floor, product in self.pairs):.2f}",
            f"{median(one.p50 for one in products):.1f} / {median(one.p99 for one in products):.1f}",
        ]


_UNDER_WAY = """
select count(*) from pg_stat_activity where application_name = 'helpdesk-query' and state = 'active'
"""
HEAD = ["active", "list", "floor /s", "product /s", "ratio", "product p50 / p99 ms"]


async def measure(tickets: int, chosen: argparse.Namespace) -> list[Row]:
    async with staged() as stage:
        people = People()
        copies = max(1, tickets // FOLDED)
        stories = _stories(tickets // copies, chosen.closed)
        with stage.cores.all_of_them():
            await fold(stage.postgres, stories, people, copies)
        await _fill_floor(stage, tickets)
        await stage.service("query")
        floor = Order(stage.ports["floor"], ["/rows"], clients=CLIENTS, seconds=chosen.seconds)
        asked = Order(stage.ports["query"], [""], headers=people.as_staff(), clients=CLIENTS, seconds=chosen.seconds)
        await _until_trusted(stage, people)
        if chosen.worst:
            await _show_worst(stage, stories, people)
        return [
            await _row(stage, Row(tickets, name, []), floor, replace(asked, paths=paths), chosen.rounds)
            for name, paths in lists_of(stories, chosen.sorts).items()
        ]


def _stories(active: int, closed: float) -> Stories:
    """Of tickets that do not stay as they are, some four in five are closed in the end."""
    total = round(active * (1 + closed))
    share = 1.0 if not closed else max(0.0, 1 - closed / (1 + closed) / 0.8)
    return Stories(total, customers=total // 100 + 10, teams=DEPARTMENTS, active_share=share, deleted_share=0)


async def _show_worst(stage: Stage, stories: Stories, people: People) -> None:
    """Time each order with each filter, in both directions."""
    times: list[tuple[float, str]] = []
    url = f"http://127.0.0.1:{stage.ports['query']}/api/query/tickets?limit=50"
    async with httpx.AsyncClient(trust_env=False, headers=people.as_staff(), timeout=60) as client:
        for sort, order, filters in product(USUAL, ("asc", "desc"), filters_of(stories)):
            path = f"sort={sort}&order={order}&{filters}"
            await client.get(f"{url}&{path}")
            began = perf_counter()
            answer = await client.get(f"{url}&{path}")
            times.append((perf_counter() - began, path))
            if answer.status_code != httpx.codes.OK:
                raise RuntimeError(f"{path}: {answer.text}")
    for seconds, path in sorted(times, reverse=True)[:WORST]:
        print(f"{seconds * 1000:10.1f} ms  {path}", flush=True)
    print(f"{median(seconds for seconds, _ in times) * 1000:10.1f} ms  the median of {len(times)}", flush=True)


def filters_of(stories: Stories) -> list[str]:
    """Each filter, some of them together, and none."""
    ids = {
        "account_id": stories.account_ids,
        "user_id": stories.user_ids,
        "department_id": stories.department_ids,
        "responsible_id": [*stories.staff_ids[:1], UNPLACED],
        "category_id": stories.category_ids,
        "project_id": [stories.project_ids[0], UNPLACED],
        "group_id": [stories.group_ids[0], UNPLACED],
    }
    singles = [f"{name}={one}" for name, found in ids.items() for one in found[:2]]
    others = ["attitude=bad", "urgency=high", "channel=email", "tag=imap", "tag=none", "unread=true", "unread=false"]
    others += [f"{name}={value}" for name in ("waiting", "blocked", "overdue") for value in ("true", "false")]
    others += [f"opened_since={START + timedelta(days=4):%Y-%m-%dT%H:%M:%SZ}", "state=closed", "state=all"]
    others += [f"text={quote(text)}" for text in TEXTS]
    together = [f"{one}&{other}" for one in singles[4:10:2] for other in ("urgency=high", "unread=true", "text=arrive")]
    return ["", *singles, *others, *together]


def lists_of(stories: Stories, sorts: list[Sort]) -> dict[str, list[str]]:
    """Each list's name and paths: a page of each of several accounts or departments, in turn."""
    texts = [f"text={quote(text)}" for text in TEXTS]
    accounts = [f"account_id={one}" for one in stories.account_ids[:50]]
    departments = [f"department_id={one}" for one in stories.department_ids]
    narrowed = {"all": [""], "an account": accounts, "a department": departments, "a text": texts}
    lists = {
        f"{name} by {sort}": [f"sort={sort}&{filtered}" for filtered in filters]
        for name, filters in narrowed.items()
        for sort in sorts
    }
    three = "&".join(departments[:3])
    others = {
        "all by weight, lightest first": ["sort=weight&order=asc"],
        "all by remaining, longest first": ["sort=remaining&order=desc"],
        "three departments by weight": [f"sort=weight&{three}"],
        "an account in a department by weight": [f"sort=weight&{departments[0]}&{one}" for one in accounts],
        "a responsible by weight": [f"sort=weight&responsible_id={one}" for one in stories.staff_ids],
        "overdue by remaining": ["sort=remaining&overdue=true"],
        "blocked by weight": ["sort=weight&blocked=true"],
    }
    return {name: [f"/api/query/tickets?limit=50&{path}" for path in paths] for name, paths in (lists | others).items()}


async def _row(stage: Stage, row: Row, floor: Order, product: Order, rounds: int) -> Row:
    for _ in range(rounds):
        row.pairs.append((await _answered(stage, floor), await _answered(stage, product)))
        await _until_at_rest(stage)
    print("  ".join(row.cells()), flush=True)
    return row


async def _answered(stage: Stage, order: Order) -> Result:
    """Of the slowest lists maybe none: that is a figure, too."""
    result = await measured(order, stage.cores.load)
    if result.statuses.keys() - {"200"}:
        raise RuntimeError(f"not everything was answered: {result.statuses}")
    return result


async def _until_at_rest(stage: Stage) -> None:
    """What is still under way for clients that have left would be in the next row's figures."""
    connection = await asyncpg.connect(stage.postgres.dsn("helpdesk_query"))

    async def is_at_rest() -> bool:
        under_way: int = await connection.fetchval(_UNDER_WAY)
        return under_way == 0

    await until(is_at_rest)
    await connection.close()


async def _fill_floor(stage: Stage, rows: int) -> None:
    async with await create_pool(await stage.floor(), application_name="bench") as pool:
        await fill(pool, rows)


async def _until_trusted(stage: Stage, people: People) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def is_trusted() -> bool:
            url = f"http://127.0.0.1:{stage.ports['query']}/api/query/tickets"
            return (await client.get(url, headers=people.as_staff())).status_code == httpx.codes.OK

        await until(is_trusted)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--closed", type=float, default=0, help="closed tickets to each active one")
    parser.add_argument("--sorts", nargs="+", choices=USUAL, default=[*USUAL], help="the orders to measure")
    parser.add_argument("--worst", action="store_true", help="name the slowest of all orders and filters")
    chosen = parser.parse_args()
    rows = [row for size in chosen.sizes for row in await measure(size, chosen)]
    write("lists", "python -m bench.list_bench", HEAD, [row.cells() for row in rows])


if __name__ == "__main__":
    asyncio.run(main())
