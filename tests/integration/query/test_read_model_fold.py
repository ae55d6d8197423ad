"""The read model is a function of the logs, not of when and in which order they were read."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from bench.ticket_stories import Stories, redacted
from libs.events.catalogue.accounts import AccountCreated, AccountDeleted, Attitude
from libs.events.catalogue.intake import TicketDeleted, TicketRouted, TicketTransferred
from libs.events.envelope import Event
from services.query.domain.past import ENDING
from tests.infrastructure.fixtures import FreshDatabase
from tests.integration.query.query_builders import begin, contents, fold, interleaved, read_model

STORIES = Stories(tickets=120, customers=10, seed=7)
LOGS = STORIES.logs()
MOVING = {TicketRouted.TYPE, TicketTransferred.TYPE}
IN_TURN = [LOGS[service] for service in ("accounts", "routing", "sla", "intake")]


@pytest.mark.parametrize("seed", range(4))
async def test_any_interleaving_of_sources_gives_the_same_rows(fresh_database: FreshDatabase, seed: int) -> None:
    async with read_model(await fresh_database(), *IN_TURN) as pool:
        expected = await contents(pool)
        await begin(pool)
        for batch in interleaved(LOGS, random.Random(seed)):
            await fold(pool, batch)
        assert await contents(pool) == expected


async def test_one_by_one_gives_the_same_rows_as_in_bulk(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN, batch=5000) as pool:
        expected = await contents(pool)
        assert all(expected.values())
        await begin(pool)
        for batch in interleaved(LOGS, random.Random(0), most=1):
            await fold(pool, batch)
        assert await contents(pool) == expected


async def test_what_was_erased_folds_to_the_same_rows(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN) as pool:
        expected = await contents(pool)
        await begin(pool)
        for log in (*IN_TURN[:-1], redacted(LOGS["intake"])):
            await fold(pool, log)
        assert await contents(pool) == expected


async def test_of_a_deleted_ticket_only_the_tombstone_stays(fresh_database: FreshDatabase) -> None:
    deletions = [event for event in LOGS["intake"] if event.type == TicketDeleted.TYPE]
    async with read_model(await fresh_database(), *IN_TURN) as pool:
        rows = await contents(pool)
    assert deletions
    assert len(rows["tombstones"]) == len(deletions)
    for deletion in deletions:
        assert [table for table, found in rows.items() if any(deletion.entity in row for row in found)] == [
            "tombstones"
        ]


@pytest.mark.parametrize("batch", [1, 100])
async def test_what_was_over_before_its_ticket_had_a_department_counts_under_the_first(
    fresh_database: FreshDatabase, batch: int
) -> None:
    places = "select ticket_id, department_id from {} order by ticket_id, position"
    late = _routed_late(LOGS["intake"])
    assert sum(one.type != other.type for one, other in zip(late, LOGS["intake"], strict=True)) > 20
    async with read_model(await fresh_database(), LOGS["intake"]) as pool:
        expected = [await pool.fetch(places.format(table)) for table in ("waits", "periods")]
    async with read_model(await fresh_database(), late, batch=batch) as pool:
        assert [await pool.fetch(places.format(table)) for table in ("waits", "periods")] == expected


def _routed_late(log: Sequence[Event]) -> list[Event]:
    """The log, had tickets got their department only after the first answer or closing, and nobody moved them before."""
    places = defaultdict(list)
    for place, event in enumerate(log):
        places[event.entity].append(place)
    told = list(log)
    for of_ticket in places.values():
        types = [log[place].type for place in of_ticket]
        routed = types.index(TicketRouted.TYPE) if TicketRouted.TYPE in types else len(types)
        ended = next((place for place in range(routed, len(types)) if types[place] in ENDING), routed)
        if MOVING.isdisjoint(types[routed + 1 : ended]):
            slots = of_ticket[routed : ended + 1]
            for slot, content in zip(slots, [*slots[1:], *slots[:1]], strict=True):
                at = log[slot]
                told[slot] = replace(
                    log[content], version=at.version, time=at.time, position=at.position, predecessor=at.predecessor
                )
    return told


async def test_a_ticket_is_seen_once_its_opening_is_known(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN[:-1]) as pool:
        assert not await pool.fetchval("select exists (select from tickets where state is not null)")
        await fold(pool, LOGS["intake"])
        assert not await pool.fetchval("select exists (select from tickets where state is null)")


async def test_tickets_have_what_their_account_is_now_however_late_that_is_told(fresh_database: FreshDatabase) -> None:
    async with read_model(await fresh_database(), *IN_TURN) as pool:
        assert await pool.fetchval("select count(distinct attitude) from tickets") == len(Attitude)
        assert not await pool.fetch(
            "select from tickets t join accounts a on a.id = t.account_id"
            " where (t.attitude, t.group_id) is distinct from (a.attitude, a.group_id)"
        )


@pytest.mark.parametrize("is_first", [True, False])
async def test_tickets_of_an_erased_account_have_nothing_of_it(
    fresh_database: FreshDatabase, *, is_first: bool
) -> None:
    created = next(event for event in LOGS["accounts"] if event.type == AccountCreated.TYPE)
    erased = replace(created, type=AccountDeleted.TYPE, data={})
    logs = [*IN_TURN[:-1], [erased], IN_TURN[-1]] if is_first else [*IN_TURN, [erased]]
    async with read_model(await fresh_database(), *logs) as pool:
        found = await pool.fetch("select attitude, group_id from tickets where account_id = $1", UUID(created.entity))
    assert {(row["attitude"], row["group_id"]) for row in found} == {(None, None)}
