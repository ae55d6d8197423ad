"""What is remembered of names and calendars is what rows are shown with, and never older than the rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from bench.ticket_stories import Stories
from libs.events.catalogue.accounts import AccountCreated, AccountDeleted, GroupCreated
from libs.events.catalogue.intake import TicketEdited
from libs.events.catalogue.routing import DepartmentCreated
from libs.events.catalogue.sla import CalendarCompiled
from libs.events.envelope import Event
from libs.service.http import to_json
from libs.worktime import to_micros
from services.query.domain import shown
from services.query.domain.orders import Filters, Request
from services.query.store import lists
from services.query.store.lookups import Lookups
from services.query.store.rows import ADMINISTRATORS_COLUMNS, MOVING_COLUMNS
from tests.infrastructure.fixtures import FreshDatabase
from tests.integration.query.query_builders import begin, fold, read_model

LOGS = Stories(tickets=60, customers=4, seed=3, deleted_share=0).logs()
IN_TURN = [LOGS[service] for service in ("accounts", "routing", "sla", "intake")]
AT = datetime(2026, 1, 6, 12, 30, tzinfo=UTC)


class Unreachable:
    """A pool that nothing may be asked of."""

    async def fetch(self, statement: str, *_: Any) -> list[asyncpg.Record]:
        raise AssertionError(statement)


async def rows_of(
    pool: asyncpg.Pool, columns: str = ADMINISTRATORS_COLUMNS, as_of: datetime = AT
) -> list[asyncpg.Record]:
    return (await lists.page(pool, Request("remaining", "asc", Filters(), 200, as_of=as_of), columns)).rows


async def listed(lookups: Lookups, rows: list[asyncpg.Record], at: datetime = AT) -> list[Any]:
    known = await lookups.of(rows)
    made: list[Any] = orjson.loads(to_json([shown.ticket(row, known, to_micros(at)) for row in rows]))
    return made


def changed(kind: type[Any], **facts: Any) -> Event:
    """The first entity of a kind, told of once more, as something of it is another now."""
    first = next(event for log in LOGS.values() for event in log if event.type == kind.TYPE)
    return replace(first, data={**first.data, **facts}, position=1_000_000)


async def test_what_is_known_is_not_asked_again(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups, rows = Lookups(pool), await rows_of(pool)
        first = await listed(lookups, rows)
        monkeypatch.setattr(lookups, "_pool", Unreachable())
        assert await listed(lookups, rows) == first


async def test_of_rows_that_were_shown_before_only_what_moves_is_read(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups, rows = Lookups(pool), await rows_of(pool)
        anew = await listed(lookups, rows)
        lookups.at(rows).remember(rows)
        later = AT + timedelta(minutes=90)
        moving = await rows_of(pool, MOVING_COLUMNS, later)
        known = lookups.at(moving)
        assert known.remembers(moving)
        made = orjson.loads(to_json([shown.remembered(row, known, to_micros(later)) for row in moving]))
        assert made == await listed(Lookups(pool), await rows_of(pool, as_of=later), later) != anew


async def test_a_row_that_was_written_since_is_not_remembered(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups, rows = Lookups(pool), await rows_of(pool)
        (await lookups.of(rows)).remember(rows)
        edited = changed(TicketEdited, subject="Another subject")
        await fold(pool, [edited])
        moving = {row["id"]: row for row in await rows_of(pool, MOVING_COLUMNS)}
    known = lookups.at(list(moving.values()))
    assert not known.remembers([moving.pop(edited.entity)])
    assert known.remembers(moving.values())


async def test_another_name_is_shown_from_the_next_row_on(fresh_database: FreshDatabase) -> None:
    department = changed(DepartmentCreated, name="Night shift")
    account = changed(AccountCreated, attitude="bad", name="Renamed Ltd")
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups = Lookups(pool)
        await listed(lookups, await rows_of(pool))
        await fold(pool, [department])
        await fold(pool, [account])
        made = await listed(lookups, await rows_of(pool))
    departments = [row["department"] for row in made if row["department"]]
    assert {"id": department.entity, "name": "Night shift"} in departments
    assert {
        (row["account"]["name"], row["account"]["attitude"]) for row in made if row["account"]["id"] == account.entity
    } == {("Renamed Ltd", "bad")}


async def test_an_erased_name_is_not_remembered(fresh_database: FreshDatabase) -> None:
    created = changed(AccountCreated)
    erased = replace(created, type=AccountDeleted.TYPE, data={})
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups = Lookups(pool)
        before = await listed(lookups, await rows_of(pool))
        await fold(pool, [erased])
        after = await listed(lookups, await rows_of(pool))
    assert created.data["name"] in [row["account"]["name"] for row in before]
    assert {row["account"]["name"] for row in after if row["account"]["id"] == created.entity} == {None}


async def test_who_was_not_heard_of_yet_has_no_name_until_then(fresh_database: FreshDatabase) -> None:
    accounts, *others = IN_TURN
    async with read_model(await fresh_database(), *others, batch=1000) as pool:
        lookups = Lookups(pool)
        assert {row["account"]["name"] for row in await listed(lookups, await rows_of(pool))} == {None}
        await fold(pool, accounts)
        made = await listed(lookups, await rows_of(pool))
    assert None not in {row["account"]["name"] for row in made}
    assert any(event.type == GroupCreated.TYPE for event in accounts) == any(row["account"]["group"] for row in made)


async def test_a_read_model_that_was_built_anew_is_read_anew(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        lookups = Lookups(pool)
        await listed(lookups, await rows_of(pool))
        await begin(pool, generation=2)
        for log in IN_TURN:
            await fold(pool, log)
        await fold(pool, [changed(DepartmentCreated, name="Built anew")])
        made = await listed(lookups, await rows_of(pool))
    assert "Built anew" in {row["department"]["name"] for row in made if row["department"]}


async def test_remaining_time_follows_a_calendar_that_is_compiled_again(fresh_database: FreshDatabase) -> None:
    """The same version, reaching further: what is remembered of it would otherwise count the rest as always open."""
    whole = changed(CalendarCompiled)
    until = to_micros(datetime(2026, 1, 6, tzinfo=UTC))
    kept = sum(1 for opens in whole.data["opens"] if opens < until)
    short = replace(
        whole,
        data={
            **whole.data,
            "until": until,
            "opens": whole.data["opens"][:kept],
            "closes": whole.data["closes"][:kept],
            "sums": whole.data["sums"][: kept + 1],
        },
    )
    async with read_model(await fresh_database(), *IN_TURN, batch=1000) as pool:
        expected = await listed(Lookups(pool), await rows_of(pool))
        await fold(pool, [short])
        lookups = Lookups(pool)
        assert await listed(lookups, await rows_of(pool)) != expected
        await fold(pool, [whole])
        assert await listed(lookups, await rows_of(pool)) == expected
