"""What Python decides about a ticket is what PostgreSQL decides: for whatever is asked for, by whomever, at any instant."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from bench.ticket_stories import START, Stories
from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.worktime import to_micros
from services.query.domain.membership import Facts, predicate
from services.query.domain.orders import Filters, State
from services.query.domain.personal import NOBODY
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight
from services.query.store.members import having, members
from services.query.store.rows import FACTS_COLUMNS
from tests.infrastructure.databases import Databases
from tests.integration.query.query_builders import read_model

STORIES = Stories(400, seed=21, customers=10, teams=4, days=3, active_share=0.5)
LOGS = STORIES.logs()
SIGHTS = [
    EVERYTHING,
    Sight(STORIES.staff_ids[0], frozenset(STORIES.department_ids[:2])),
    Sight(STORIES.staff_ids[1], frozenset()),
]


@pytest.fixture(scope="module")
async def pool(databases: Databases) -> AsyncIterator[asyncpg.Pool]:
    dsn = await databases.create("query_membership")
    in_turn = [LOGS[service] for service in ("accounts", "routing", "sla", "intake")]
    async with read_model(dsn, *in_turn, batch=1000) as filled:
        yield filled
    await databases.drop("query_membership")


def asked(chance: random.Random) -> Filters:
    """Up to four filters, such that many lists are neither empty nor everything."""

    def some(values: Any, most: int = 3) -> list[Any]:
        return chance.sample(list(values), chance.randint(1, min(most, len(values))))

    fields: dict[str, Any] = {
        "account_id": chance.choice([*STORIES.account_ids, NOBODY]),
        "user_id": chance.choice(STORIES.user_ids),
        "department_id": some([UNPLACED, *STORIES.department_ids]),
        "responsible_id": some([UNPLACED, UNPLACED, *STORIES.staff_ids[:4]]),
        "category_id": some(STORIES.category_ids, 5),
        "project_id": some([UNPLACED, *STORIES.project_ids]),
        "group_id": some([UNPLACED, *STORIES.group_ids]),
        "attitude": some(Attitude, 2),
        "urgency": some(Urgency, 2),
        "channel": some(Channel, 2),
        "tag": some(["imap", "smtp", "IMAP "]),
        **{name: chance.random() < 0.5 for name in ("unread", "waiting", "blocked", "overdue")},
        "opened_since": START + timedelta(hours=chance.randrange(60)),
        "opened_before": START + timedelta(hours=chance.randrange(60)),
    }
    names = chance.sample(sorted(fields), chance.randint(0, 4))
    state = chance.choice(list(State))
    return Filters.model_validate({"state": state, **{name: fields[name] for name in names}})


@pytest.mark.parametrize("seed", range(4))
async def test_a_predicate_says_what_the_conditions_say(pool: asyncpg.Pool, seed: int) -> None:
    chance = random.Random(seed)
    rows = await pool.fetch(f"select {FACTS_COLUMNS} from tickets t where t.state is not null")  # noqa: S608 - columns
    facts = {row["id"]: Facts.of_row(row) for row in rows}
    deadlines = [row["deadline_at"] for row in rows if row["deadline_at"]]
    sizes = set()
    for _ in range(80):
        filters, sight = asked(chance), chance.choice(SIGHTS)
        at = chance.choice(deadlines) + timedelta(microseconds=chance.choice((-1, 0, 1)))
        matches = predicate(filters, sight)
        expected = {ticket for ticket, one in facts.items() if matches(one, to_micros(at))}
        found = await members(pool, filters, sight, at)
        assert set(found) == {facts[ticket].number for ticket in expected}, (filters, sight)
        few = chance.sample(sorted(facts), 30)
        assert await having(pool, filters, sight, few, at) == expected & set(few)
        sizes.add(len(found))
    assert len(sizes) > 20, "these are different lists"


async def test_facts_are_the_same_in_the_fold_in_a_row_and_in_a_change(pool: asyncpg.Pool) -> None:
    """The last change of each ticket tells how it was before: a fold of all but its last event tells the same."""
    rows = await pool.fetch(f"select {FACTS_COLUMNS} from tickets t where t.state is not null")  # noqa: S608 - columns
    assert all(Facts.of_json(Facts.of_row(row).json()) == Facts.of_row(row) for row in rows)
    chains = await pool.fetch("""
        select c.ticket_id, array_agg(c.before::text order by c.seq) as before
          from changes c where c.kind = 'ticket' group by c.ticket_id""")
    for chain in chains:
        told = [Facts.of_json(text) for text in chain["before"] if text]
        assert {one.number for one in told} <= {facts.number for facts in map(Facts.of_row, rows)} or not told
        assert all(UUID(one.account) in STORIES.account_ids for one in told)


async def test_nothing_that_was_written_about_a_deleted_ticket_stays_in_the_changes(pool: asyncpg.Pool) -> None:
    kept = await pool.fetch("""
        select c.before::text as before from changes c join tombstones d on d.id = c.ticket_id
         where c.before is not null""")
    assert kept
    assert all(Facts.of_json(row["before"]).tags is None for row in kept)
