"""Pages of a list, one after another, are the naive sort of everything at the instant of the first page."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from bench.ticket_stories import START, Stories
from libs.events.catalogue import EventData
from libs.events.catalogue.accounts import Attitude, UserCreated, UserDeleted
from libs.events.catalogue.intake import Channel, Urgency
from libs.events.catalogue.routing import CategoryCreated, DepartmentCreated
from libs.events.catalogue.sla import CalendarCompiled
from libs.events.envelope import Event
from libs.worktime import CompiledCalendar, to_micros
from services.query.domain import shown
from services.query.domain.collation import sorted_as
from services.query.domain.orders import USUAL, Filters, Order, Request, Sort, State
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight
from services.query.store import few, lists, search
from services.query.store.lookups import Lookups
from tests.infrastructure.fixtures import FreshDatabase
from tests.integration.query.query_builders import fold, read_model

STORIES = Stories(tickets=300, customers=6, teams=5, seed=3, days=2, active_share=0.6)
LOGS = STORIES.logs()
IN_TURN = [LOGS[service] for service in ("accounts", "routing", "sla", "intake")]
AS_OF = START + timedelta(days=1, hours=6, minutes=1, seconds=30)
"""Some tickets have begun to wait after it."""

ACCOUNT, DEPARTMENTS, STAFF = STORIES.account_ids[0], STORIES.department_ids[:2], STORIES.staff_ids[0]
FILTERS = [
    Filters(),
    Filters(account_id=ACCOUNT),
    Filters(department_id=(DEPARTMENTS[0],)),
    Filters(department_id=tuple(DEPARTMENTS)),
    Filters(department_id=(UNPLACED, *STORIES.department_ids[1:4])),
    Filters(account_id=ACCOUNT, department_id=tuple(DEPARTMENTS)),
    Filters(responsible_id=(STAFF,)),
    Filters(responsible_id=(STAFF, STORIES.staff_ids[1])),
    Filters(responsible_id=(UNPLACED,)),
    Filters(responsible_id=(STAFF, UNPLACED), department_id=tuple(DEPARTMENTS)),
    Filters(user_id=STORIES.user_ids[1]),
    Filters(category_id=tuple(STORIES.category_ids[:2])),
    Filters(project_id=(STORIES.project_ids[0], UNPLACED)),
    Filters(group_id=tuple(STORIES.group_ids[:2])),
    Filters(group_id=(UNPLACED,), state=State.ALL),
    Filters(attitude=(Attitude.BAD, Attitude.NEUTRAL)),
    Filters(urgency=(Urgency.HIGH,), channel=(Channel.EMAIL, Channel.API)),
    Filters(tag=("imap", "smtp")),
    Filters(tag=("smtp",)),
    Filters(unread=True),
    Filters(unread=False, responsible_id=(STAFF,)),
    Filters(opened_since=AS_OF - timedelta(hours=20), opened_before=AS_OF - timedelta(hours=2)),
    Filters(waiting=True),
    Filters(waiting=False),
    Filters(blocked=True),
    Filters(blocked=False, department_id=(DEPARTMENTS[1],)),
    Filters(overdue=True),
    Filters(overdue=False, waiting=True),
    Filters(state=State.CLOSED),
    Filters(state=State.ALL),
    Filters(state=State.ALL, waiting=False, account_id=ACCOUNT),
    Filters(state=State.CLOSED, waiting=True),
    Filters(state=State.CLOSED, responsible_id=(STAFF,)),
    Filters(text="edited"),
    Filters(text="Account 3", state=State.ALL),
    Filters(text="#12"),
    Filters(text="nothing mornin", attitude=(Attitude.GOOD,)),
    Filters(state=State.CLOSED, urgency=(Urgency.LOW,), group_id=(STORIES.group_ids[0],)),
]
SEVERAL = (
    "department_id",
    "responsible_id",
    "category_id",
    "project_id",
    "group_id",
    "attitude",
    "urgency",
    "channel",
)
"""Columns of which one of several values may be asked for."""
SIGHTS = [
    EVERYTHING,
    Sight(STAFF, frozenset(DEPARTMENTS)),
    Sight(STORIES.staff_ids[1], frozenset()),
    Sight(STORIES.staff_ids[2], frozenset(STORIES.department_ids)),
]
"""Everything; two departments; none; all that there are, one by one."""
ORDERS: list[tuple[Sort, Order]] = [(sort, order) for sort in USUAL for order in ("asc", "desc")]
WAYS = (0, 30, 10**6)
"""How many tickets are few: so lists are read in their order, or by collecting tickets, or now this way and now that."""
NAMED = {
    "account": ("account_id", ("account",)),
    "user": ("user_id", ("user",)),
    "responsible": ("assignee", ("administrator", "department")),
    "department": ("department_id", ("department",)),
    "project": ("project_id", ("project",)),
    "category": ("category_id", ("category",)),
    "group": ("group_id", ("group",)),
}
"""Orders by name: the column, and what it may name."""
RANKED = {
    "attitude": [*Attitude][::-1],
    "urgency": [*Urgency][::-1],
    "channel": sorted(Channel),
    "unread": [False, True],
}
"""Values from the least on."""
MOMENTS = {"delay": "waiting_since", "opened": "opened_at", "activity": "active_at", "blocked": "blocked_at"}


@dataclass
class Row:
    """A ticket's row as it is in the table, and what it shows at AS_OF by the definitions of the domain."""

    raw: asyncpg.Record
    tables: dict[Any, CompiledCalendar]
    names: dict[tuple[str, Any], str]

    @property
    def number(self) -> int:
        number: int = self.raw["number"]
        return number

    @property
    def waited(self) -> int | None:
        since = self.raw["waiting_since"]
        return max(0, to_micros(AS_OF) - to_micros(since)) if since else None

    @property
    def weight(self) -> int:
        points: int = self.raw["points"]
        return points + (self.waited or 0) // 60_000_000

    @property
    def remaining(self) -> int | None:
        if self.raw["deadline_at"] is None:
            return None
        table = self.tables.get(self.raw["department_id"])
        now = to_micros(AS_OF)
        clock: int = self.raw["worked_when_due"]
        return clock - (table.worked(now) if table else now)

    @property
    def is_overdue(self) -> bool:
        return self.raw["deadline_at"] is not None and self.raw["deadline_at"] < AS_OF

    def meets(self, filters: Filters) -> bool:
        raw = self.raw
        return (
            (filters.state is State.ALL or raw["state"] == filters.state)
            and filters.account_id in {None, raw["account_id"]}
            and filters.user_id in {None, raw["user_id"]}
            and (filters.text is None or self._is_found(filters.text))
            and all(self._is_one_of(filters, name) for name in SEVERAL)
            and (not filters.tag or not {*filters.tag}.isdisjoint(raw["tags"]))
            and filters.unread in {None, raw["unread"]}
            and (filters.opened_since is None or raw["opened_at"] >= filters.opened_since)
            and (filters.opened_before is None or raw["opened_at"] < filters.opened_before)
            and filters.waiting in {None, raw["waiting_since"] is not None}
            and filters.blocked in {None, raw["holder_id"] is not None}
            and filters.overdue in {None, self.is_overdue}
        )

    def _is_found(self, text: str) -> bool:
        number, subject = self.raw["number"], self.raw["subject"]
        match text:
            case "edited":
                return "edited" in subject
            case "Account 3":
                return bool(self.raw["account_id"] == STORIES.account_ids[3])
            case "#12":
                return bool(number == 12)
        return True  # everybody writes about this morning

    def _is_one_of(self, filters: Filters, name: str) -> bool:
        asked, value = getattr(filters, name), self.raw[name]
        return not asked or (UNPLACED if value is None else value) in asked

    def key(self, sort: Sort) -> int | str | None:
        """Ascending as the indexes are; None where there is nothing to sort by."""
        if sort in NAMED:
            column, kinds = NAMED[sort]
            return next((key for kind in kinds if (key := self.names.get((kind, self.raw[column])))), None)
        if sort in RANKED:
            value = self.raw[sort]
            return None if value is None else RANKED[sort].index(value)
        if sort in MOMENTS:
            at = self.raw[MOMENTS[sort]]
            return to_micros(at) if at else None
        points: int = self.raw["points"]
        keys = {
            "id": 0,
            "weight": -(points * 60_000_000 + (self.waited or 0)),
            "remaining": self.remaining,
            "subject": sorted_as(self.raw["subject"]),
        }
        return keys[sort]


def naive(rows: list[Row], request: Request) -> list[int]:
    seen = [row for row in rows if request.sight.sees(row.raw["department_id"], row.raw["responsible_id"])]
    met = [row for row in seen if row.meets(request.filters)]
    keyed = [(key, row.number) for row in met if (key := row.key(request.sort)) is not None]
    others = sorted(row.number for row in met if row.key(request.sort) is None)
    return [number for _, number in sorted(keyed, reverse=request.is_reversed)] + others


async def rows_of(pool: asyncpg.Pool) -> list[Row]:
    tables = {}
    for event in LOGS["sla"]:
        if event.type == CalendarCompiled.TYPE:
            compiled = CalendarCompiled.model_validate(event.data)
            table = CompiledCalendar.model_validate(compiled.model_dump(exclude={"department_id", "version"}))
            tables[compiled.department_id] = table
    names = {
        (row["kind"], row["id"]): sorted_as(row["name"])
        for row in await pool.fetch(
            "select id, kind, name from names union all select id, 'account', name from accounts"
        )
    }
    return [Row(raw, tables, names) for raw in await pool.fetch("select * from tickets")]


async def pages(pool: asyncpg.Pool, request: Request) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    lookups = Lookups(pool)
    while True:
        page = await lists.page(pool, request)
        assert page.as_of == AS_OF
        known = await lookups.of(page.rows)
        items += [shown.ticket(row, known, to_micros(page.as_of)) for row in page.rows]
        if page.end is None:
            return items
        assert len(page.rows) == request.limit
        request = replace(request, end=page.end)


@pytest.fixture(scope="module")
async def pool(databases: Any) -> Any:
    dsn = await databases.create("query_lists")
    async with read_model(dsn, *IN_TURN, batch=1000) as filled:
        await fold(filled, [*renamed(CategoryCreated, "CATEGORY 0"), *renamed(DepartmentCreated, "départment 1")])
        await fold(filled, [replace(next(of(UserCreated)), type=UserDeleted.TYPE, data={})])
        yield filled
    await databases.drop("query_lists")


def of(kind: type[EventData]) -> Iterator[Event]:
    return (event for log in IN_TURN for event in log if event.type == kind.TYPE)


def renamed(kind: type[EventData], name: str) -> list[Event]:
    """The third of its kind is called nearly like another from now on."""
    third = next(itertools.islice(of(kind), 2, None))
    return [replace(third, data={**third.data, "name": name}, position=1_000_000)]


@pytest.mark.parametrize(("sort", "order"), ORDERS)
async def test_the_pages_together_are_the_naive_sort_of_what_is_seen(
    pool: asyncpg.Pool, sort: Sort, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each filter with some sight, and filters that meet by chance: each time in another way, at another length of page."""
    rows, chance = await rows_of(pool), random.Random(f"{sort} {order}")
    for filters in (*FILTERS, *(combined(chance) for _ in range(20))):
        for sight in {EVERYTHING, chance.choice(SIGHTS)}:
            way = chance.choice(WAYS)
            for name in ("FEW", "FEW_OF_NAMED", "FEW_HITS"):
                monkeypatch.setattr(few, name, way)
            monkeypatch.setattr(search, "LEAST_MANY_HITS", chance.choice((0, 2000)))
            request = Request(sort, order, filters, chance.choice((7, 60, 200)), as_of=AS_OF, sight=sight)
            items = await pages(pool, request)
            assert [item["number"] for item in items] == naive(rows, request), (request, way)


def combined(chance: random.Random) -> Filters:
    """Two or three of the filters at once."""
    chosen = chance.sample(FILTERS, chance.choice((2, 3)))
    return Filters(**{name: value for one in chosen for name, value in one.model_dump(exclude_defaults=True).items()})


@pytest.mark.parametrize("filters", [Filters(), Filters(text="edited"), Filters(overdue=True, tag=("imap",))], ids=str)
async def test_a_page_is_one_statement(pool: asyncpg.Pool, filters: Filters) -> None:
    said: list[str] = []
    async with pool.acquire() as connection:
        with connection.query_logger(lambda record: said.append(record.query)):
            await lists.page(connection, Request("weight", "desc", filters, 7, as_of=AS_OF))
    assert len(said) == 1


async def test_rows_show_what_the_domain_defines(pool: asyncpg.Pool) -> None:
    rows = {row.number: row for row in await rows_of(pool)}
    items = await pages(pool, Request("weight", "desc", Filters(state=State.ALL), 200, as_of=AS_OF))
    assert len(items) == len(rows)
    for item in items:
        row = rows[item["number"]]
        figures = (item["weight"], item["delay_seconds"], item["remaining_seconds"], item["overdue"])
        waited, remaining = row.waited, row.remaining
        assert figures == (
            row.weight,
            None if waited is None else waited // 1_000_000,
            None if remaining is None else remaining // 1_000_000,
            row.is_overdue,
        )


async def test_the_weights_shown_never_increase(pool: asyncpg.Pool) -> None:
    items = await pages(pool, Request("weight", "desc", Filters(), 50, as_of=AS_OF))
    assert any(item["delay_seconds"] == 0 for item in items), "some began to wait after the instant"
    assert all(one["weight"] >= next_one["weight"] for one, next_one in itertools.pairwise(items))


@pytest.mark.parametrize(
    ("sort", "order"), [*USUAL.items(), ("weight", "asc"), ("remaining", "desc"), ("user", "desc")]
)
async def test_who_does_not_change_between_pages_is_neither_missed_nor_doubled(
    fresh_database: FreshDatabase, sort: Sort, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later half of what happens, happens while somebody turns the pages; now many tickets are active, now few."""
    monkeypatch.setattr(few, "FEW", 120)
    intake, half = LOGS["intake"], len(LOGS["intake"]) // 2
    rest = _batched(intake[half:], 30)
    async with read_model(await fresh_database(), *IN_TURN[:-1], intake[:half], batch=1000) as pool:
        before = {row.number: row.raw for row in await rows_of(pool)}
        request = Request(sort, order, Filters(), 10, as_of=AS_OF)
        expected = naive(await rows_of(pool), request)
        seen: list[int] = []
        while True:
            page = await lists.page(pool, request)
            seen += [row["number"] for row in page.rows]
            if page.end is None:
                break
            request = replace(request, end=page.end)
            await fold(pool, next(rest, []))
        after = {row.number: row.raw for row in await rows_of(pool)}
    same = [number for number in expected if after.get(number) == before[number]]
    assert len(same) > 20
    assert [number for number in seen if number in set(same)] == same


def _batched(events: list[Any], size: int) -> Iterator[list[Any]]:
    return (events[start : start + size] for start in range(0, len(events), size))
