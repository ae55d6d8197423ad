"""A view of an instant is what the read model shows that has folded what happened by then, and no more."""

import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from bench.ticket_stories import START, Stories
from libs.events.catalogue import accounts, routing
from libs.events.catalogue.intake import TicketDeleted
from libs.events.envelope import Event
from libs.worktime import to_micros
from services.query.domain import shown
from services.query.domain.orders import USUAL, Filters, Order, Request, Sort, State
from services.query.domain.sight import EVERYTHING, Sight
from services.query.store import lists, tickets
from services.query.store.lookups import Lookups
from tests.integration.query.query_builders import begin, fold, interleaved, read_model
from tests.integration.query.test_ticket_lists import FILTERS, combined


class Renaming(Stories):
    """Half-way, whoever was first by name becomes the last one of its kind."""

    def _organisation(self) -> Iterator[Any]:
        yield from super()._organisation()
        staff = accounts.AdministratorChanged(name="Zoe", email="s0@example.com")
        user = accounts.UserChanged(account_id=self.account_ids[0], name="Zed", email="u0@example.com")
        category = routing.CategoryChanged(name="Zeal", default_department_id=self.department_ids[1])
        for service, entity, data in (
            ("accounts", self.group_ids[0], accounts.GroupChanged(name="Zealots")),
            ("accounts", self.project_ids[0], accounts.ProjectChanged(name="Zenith")),
            ("accounts", self.account_ids[1], accounts.AccountChanged(name="Zeta", attitude=accounts.Attitude.GOOD)),
            ("accounts", self.user_ids[0], user),
            ("accounts", self.staff_ids[0], staff),
            ("routing", self.department_ids[0], routing.DepartmentChanged(name="Zone")),
            ("routing", self.category_ids[0], category),
        ):
            yield START + timedelta(days=self.days / 2), service, entity, data, "service:setup"


STORIES = Renaming(tickets=150, customers=6, teams=5, seed=3, days=2, active_share=0.6)
LOGS = STORIES.logs()
SIGHTS = [EVERYTHING, Sight(STORIES.staff_ids[0], frozenset(STORIES.department_ids[:2]))]
MOMENT = timedelta(microseconds=1)
ORDERS: list[tuple[Sort, Order]] = [(sort, order) for sort in USUAL for order in ("asc", "desc")]
ABOUT_SUBJECTS = "edited"
"""A text that is looked for in subjects, as they are now."""


def instants() -> list[datetime]:
    """Of events, exactly and just before; between them, and when all is over."""
    chance = random.Random(5)
    times = sorted(event.time for event in LOGS["intake"])
    at = chance.sample(times[len(times) // 4 :], 3)
    between = START + timedelta(days=1, hours=6, minutes=1, seconds=30)
    return [*at, at[0] - MOMENT, between, times[-1] + timedelta(days=9)]


def until(then: datetime) -> Mapping[str, Sequence[Event]]:
    """The logs as they were; with the deletions that came after it, as what was deleted is gone from the past as well."""
    logs = {service: [event for event in log if event.time <= then] for service, log in LOGS.items()}
    deletions = [event for event in LOGS["intake"] if event.type == TicketDeleted.TYPE and event.time > then]
    return {**logs, "intake": [*logs["intake"], *deletions]}


@pytest.fixture(scope="module")
async def pools(databases: Any) -> AsyncIterator[tuple[asyncpg.Pool, asyncpg.Pool]]:
    """A read model of everything, folded in small batches of any source; and one to fold what is to be compared."""
    whole, part = await databases.create("query_past"), await databases.create("query_past_part")
    async with read_model(whole) as pool, read_model(part) as other:
        for batch in interleaved(LOGS, random.Random(1)):
            await fold(pool, batch)
        yield pool, other
    for name in ("query_past", "query_past_part"):
        await databases.drop(name)


async def refold(pool: asyncpg.Pool, logs: Mapping[str, Sequence[Event]]) -> None:
    await begin(pool)
    for service in ("accounts", "routing", "sla", "intake"):
        for start in range(0, len(logs[service]), 1000):
            await fold(pool, logs[service][start : start + 1000])


async def listed(pool: asyncpg.Pool, request: Request) -> list[dict[str, Any]]:
    """All pages."""
    items: list[dict[str, Any]] = []
    lookups = Lookups(pool)
    while True:
        page = await lists.page(pool, request)
        then = request.then
        known = await (lookups.then(page.rows, then) if then else lookups.of(page.rows))
        items += [shown.ticket(row, known, to_micros(page.as_of)) for row in page.rows]
        if page.end is None:
            return orjson.loads(orjson.dumps(items, default=str))  # type: ignore[no-any-return]
        request = replace(request, end=page.end)


def is_of_then(filters: Filters) -> bool:
    return filters.text != ABOUT_SUBJECTS


async def seen_now(pool: asyncpg.Pool, sight: Sight) -> set[str]:
    rows = await pool.fetch("select id, department_id, responsible_id from tickets where state is not null")
    return {str(row["id"]) for row in rows if sight.sees(row["department_id"], row["responsible_id"])}


@pytest.mark.parametrize("then", instants(), ids=str)
async def test_a_list_of_the_past_is_the_list_of_what_had_happened(
    pools: tuple[asyncpg.Pool, asyncpg.Pool], then: datetime
) -> None:
    whole, part = pools
    await refold(part, until(then))
    chance = random.Random(str(then))
    asked_for = [filters for filters in (*FILTERS, *(combined(chance) for _ in range(20))) if is_of_then(filters)]
    for sight in SIGHTS:
        seen = await seen_now(whole, sight)
        for number, filters in enumerate(asked_for):
            # Every filter in some order, and every order with some filters.
            for sort, order in ORDERS if number < 2 else [ORDERS[number % len(ORDERS)]]:
                asked = Request(sort, order, filters, 200, sight=sight)
                expected = [row for row in await listed(part, replace(asked, as_of=then)) if row["id"] in seen]
                assert await listed(whole, replace(asked, limit=23, then=then)) == expected, (sort, order, filters)
    assert await listed(whole, Request("id", "desc", Filters(state=State.ALL), 200, then=then)), "there was something"


@pytest.mark.parametrize("then", instants(), ids=str)
async def test_a_ticket_of_the_past_is_the_ticket_of_what_had_happened(
    pools: tuple[asyncpg.Pool, asyncpg.Pool], then: datetime
) -> None:
    whole, part = pools
    await refold(part, until(then))
    there = {row["id"] for row in await part.fetch("select id from tickets where state is not null")}
    compared = 0
    for row in await whole.fetch("select id from tickets order by number limit 60"):
        ticket: UUID = row["id"]
        past = await tickets.details_then(whole, ticket, EVERYTHING, then)
        assert (past is not None) == (ticket in there) == await tickets.was_seen(whole, ticket, EVERYTHING, then)
        if past is not None:
            expected = await tickets.details(part, ticket, EVERYTHING, then)
            assert expected is not None
            assert _facts(past) == _facts(expected)
            weight = await tickets.weight_then(whole, ticket, EVERYTHING, then)
            expected_weight = await tickets.weight(part, ticket, EVERYTHING, then)
            assert weight is not None
            assert expected_weight is not None
            assert orjson.loads(weight) == orjson.loads(expected_weight)
            compared += 1
    assert compared > 5


def _facts(row: asyncpg.Record) -> dict[str, Any]:
    """What is shown of details; what is not kept of the past is left out, and so is what the row says of lookups."""
    left_out = {"version", "block_expires_at", "generation", "refreshed", "stamp", "breakdown", "messages"}
    facts = {name: value for name, value in row.items() if name not in left_out}
    return {**facts, **{name: orjson.loads(row[name]) for name in ("breakdown", "messages")}}
