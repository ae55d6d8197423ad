"""Figures are what counting the events one by one comes to."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from bench.ticket_stories import CALENDAR, START, Stories
from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.sla import DeadlineSet
from libs.events.envelope import Event
from libs.worktime import WorkingTime
from services.query.domain.figures import AGES, Asked, End, Span
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight
from services.query.store import figures
from services.query.store.figures import ANSWERS, ARRIVALS, CLOSINGS, OPEN, Kind
from tests.integration.query.figures_model import Counted, Model, answers, arrivals, closings
from tests.integration.query.query_builders import fold, interleaved, read_model

STORIES = Stories(tickets=400, customers=8, teams=5, seed=11, days=6, active_share=0.5)
LOGS = STORIES.logs()


def judged(event: Event) -> Event | None:
    """Some waits have no target, and some end sooner than what the stories leave them."""
    chance = UUID(event.entity).int % 7
    if event.type != DeadlineSet.TYPE or chance > 1:
        return event
    due = (CATALOGUE.read(event).waiting_since + timedelta(minutes=15)).isoformat()  # type: ignore[attr-defined]
    return replace(event, data={**event.data, "due_at": due}) if chance else None


LOGS["sla"] = [told for event in LOGS["sla"] if (told := judged(event))]
NOW = START + timedelta(days=12)
ME = STORIES.staff_ids[0]
AGENT = Sight(ME, frozenset(STORIES.department_ids[:2]))


MODEL = Model(LOGS, WorkingTime(CALENDAR, START - timedelta(days=30)))
Slow = Callable[[Model, Sequence[Counted]], dict[str, Any]]
SLOW: list[tuple[Kind, set[str], Slow]] = [
    (ANSWERS, {"answered", "closed"}, answers),
    (CLOSINGS, {"by_hand", "no_answer"}, closings),
    (ARRIVALS, {"ticket", "message"}, arrivals),
]
WEEK = Span(START.date(), START.date() + timedelta(days=8), "UTC")
EMPTY = Span(date(2020, 1, 1), date(2020, 1, 3), "UTC")
ASKED = [
    Asked(WEEK, (), EVERYTHING),
    Asked(EMPTY, ("department",), EVERYTHING),
    Asked(WEEK, ("department", "day"), EVERYTHING),
    Asked(WEEK, ("administrator", "category", "project"), EVERYTHING),
    Asked(WEEK, ("group", "urgency"), EVERYTHING),
    Asked(WEEK, ("account",), EVERYTHING, group_id=(STORIES.group_ids[0], UNPLACED)),
    Asked(WEEK, ("day",), EVERYTHING, department_id=tuple(STORIES.department_ids[:2]), hour=(7, 8, 9, 10)),
    Asked(WEEK, ("department",), AGENT),
    Asked(WEEK, ("department",), AGENT, department_id=tuple(STORIES.department_ids[1:])),
    Asked(WEEK, (), EVERYTHING, administrator_id=(ME,), project_id=(UNPLACED,)),
    *(
        Asked(Span(START.date(), START.date() + timedelta(days=days), zone), ("day", "weekday", "hour"), EVERYTHING)
        for zone, days in (("Asia/Kathmandu", 3), ("America/St_Johns", 8), ("Pacific/Kiritimati", 5))
    ),
]


@pytest.fixture(scope="module")
async def pool(databases: Any) -> AsyncIterator[asyncpg.Pool]:
    dsn = await databases.create("query_figures")
    async with read_model(dsn) as filled:
        for batch in interleaved(LOGS, random.Random(4)):
            await fold(filled, batch)
        yield filled
    await databases.drop("query_figures")


@pytest.mark.parametrize(("kind", "what", "slow"), SLOW, ids=("answers", "closings", "arrivals"))
@pytest.mark.parametrize("asked", ASKED, ids=str)
async def test_figures_are_what_one_by_one_they_come_to(
    pool: asyncpg.Pool, asked: Asked, kind: Kind, what: set[str], slow: Slow
) -> None:
    found = await figures.figures(pool, kind, asked, NOW)
    expected = MODEL.rows(asked, [one for one in MODEL.counted if one.what in what])
    assert measured(found.total, kind) == slow(MODEL, expected.pop(None, []))
    if asked.by:
        rows = {tuple(row[f"{by}_key"] for by in asked.by): measured(row, kind) for row in found.rows}
        assert rows == {key: slow(MODEL, ones) for key, ones in expected.items()}


async def test_there_is_some_of_everything(pool: asyncpg.Pool) -> None:
    for kind, _, _ in SLOW:
        found = await figures.figures(pool, kind, Asked(WEEK, (), EVERYTHING), NOW)
        assert [name for name in kind.measures if not found.total[name]] == []


def measured(row: asyncpg.Record, kind: Kind) -> dict[str, Any]:
    return {name: row[name] for name in kind.measures}


@pytest.mark.parametrize("sight", [EVERYTHING, AGENT], ids=("owner", "agent"))
async def test_open_tickets_are_counted_by_age(pool: asyncpg.Pool, sight: Sight) -> None:
    asked = Asked(WEEK, ("category",), sight)
    found = await figures.figures(pool, OPEN, asked, NOW)
    expected = MODEL.rows(asked, list(MODEL.open()), is_of_span=False)
    assert found.total["open"] == sum(found.total["ages"]) == len(expected[None]) > 10
    ages = [NOW - one.at for one in expected[None]]
    bounds = [timedelta(0), *(timedelta(seconds=age) for age in AGES), timedelta(days=10**6)]
    assert found.total["ages"] == [sum(low <= age < high for age in ages) for low, high in pairwise(bounds)]
    assert {(row["category_key"],): row["open"] for row in found.rows} == {
        key: len(ones) for key, ones in expected.items() if key is not None
    }


@pytest.mark.parametrize("asked", [Asked(WEEK, (), EVERYTHING), ASKED[7], ASKED[6]], ids=str)
@pytest.mark.parametrize("kind", [ANSWERS, CLOSINGS], ids=("answers", "closings"))
async def test_what_is_behind_a_figure_is_what_it_counts(pool: asyncpg.Pool, asked: Asked, kind: Kind) -> None:
    found = await figures.figures(pool, kind, asked, NOW)
    listed: list[asyncpg.Record] = []
    end = None
    while page := await figures.behind(pool, kind, asked, end, 17):
        listed += page
        end = End(page[-1]["at"], page[-1]["id"], page[-1]["position"])
    assert [row["at"] for row in listed] == sorted(row["at"] for row in listed)
    if kind is CLOSINGS:
        assert found.total["closed"] == len({(row["id"], row["position"]) for row in listed}) == len(listed)
        return
    outcomes = [row["outcome"] for row in listed]
    counted = [found.total[name] for name in ("in_time", "late", "without_deadline", "closed_unanswered")]
    assert counted == [outcomes.count(name) for name in ("in_time", "late", "without_deadline", "closed")]


async def test_an_answer_at_the_deadline_is_in_time_and_a_moment_later_late(pool: asyncpg.Pool) -> None:
    due = datetime(2031, 5, 1, 10, tzinfo=UTC)
    for late, ended_at in enumerate((due, due + timedelta(microseconds=1))):
        async with pool.acquire() as connection, connection.transaction():
            ticket = await connection.fetchval("select id from tickets limit 1")
            await connection.execute(_WAIT, ticket, due - timedelta(hours=4), ended_at, due)
            asked = Asked(Span(due.date(), due.date(), "UTC"), (), EVERYTHING)
            statement = await figures.figures(connection, ANSWERS, asked)  # type: ignore[arg-type]
            assert (statement.total["in_time"], statement.total["late"]) == (1 - late, late)
            await connection.execute("delete from waits where ended_at = $1", ended_at)


_WAIT = """
insert into waits (ticket_id, since, ended_at, position, ordinal, ended, account_id, category_id, urgency, due_at)
values ($1, $2, $3, 0, 1, 'answered', $1, $1, 'low', $4)
"""
