"""Whoever keeps a list from the stream has what the list says, whatever happens and whenever they look."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from bench.ticket_stories import START, Stories
from libs.events.catalogue.accounts import AdministratorCreated, Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.events.envelope import Event
from libs.service.rights import Role, Staff
from libs.worktime import to_micros
from services.query.domain.membership import Facts, predicate
from services.query.domain.orders import Filters, State
from services.query.domain.personal import ME
from services.query.domain.sight import UNPLACED
from services.query.domain.views import Sharing
from services.query.live import Wish
from services.query.live.wish import Chosen, chosen
from services.query.store.rows import FACTS_COLUMNS
from tests.infrastructure.fixtures import FreshDatabase
from tests.integration.query.live_stage import Stage, Watcher, staged
from tests.integration.query.query_builders import interleaved

STORIES = Stories(150, seed=11, customers=12, teams=4, days=2, active_share=0.5, deleted_share=0.1)
LOGS = STORIES.logs()
OF_TICKETS = {service: [event for event in log if event.type.startswith("ticket.")] for service, log in LOGS.items()}
OF_TICKETS["sla"] = LOGS["sla"]  # hours, too: all that the stage has not been told of
OWNER, AGENT, OTHER = STORIES.staff_ids[:3]
STAFF = {
    OWNER: Staff(OWNER, Role.OWNER),
    AGENT: Staff(AGENT, Role.AGENT, departments=frozenset(STORIES.department_ids[:2])),
    OTHER: Staff(OTHER, Role.AGENT, departments=frozenset(STORIES.department_ids[2:3])),
}
ASKED: list[Filters | None] = [
    None,
    Filters(),
    Filters(overdue=True),
    Filters(overdue=False, state=State.ALL),
    Filters(account_id=STORIES.account_ids[0], state=State.ALL),
    Filters(user_id=STORIES.user_ids[1]),
    Filters(department_id=(STORIES.department_ids[0], UNPLACED)),
    Filters(responsible_id=(ME,)),
    Filters(responsible_id=(UNPLACED,), waiting=True),
    Filters(urgency=(Urgency.HIGH, Urgency.LOW), channel=(Channel.EMAIL,)),
    Filters(attitude=(Attitude.BAD,), group_id=(UNPLACED, STORIES.group_ids[0])),
    Filters(unread=True, project_id=(STORIES.project_ids[0],)),
    Filters(tag=("imap",), state=State.ALL),
    Filters(blocked=True),
    Filters(state=State.CLOSED, category_id=tuple(STORIES.category_ids[:3])),
    Filters(opened_since=START + timedelta(days=1)),
    Filters(text="edited", state=State.ALL),
    Filters(text="User 3", waiting=True),
    Filters(text="arrive -edited", urgency=(Urgency.HIGH,)),
]


def employed(staff: dict[UUID, Staff]) -> list[Event]:
    """They are what the test takes them for."""
    created = [event for event in LOGS["accounts"] if event.type == AdministratorCreated.TYPE]
    told = [_changed(event, role=one.role.value) for event in created if (one := staff.get(UUID(event.entity)))]
    departments = [event for event in LOGS["routing"] if event.type == "department.created.v1"]
    for event in departments:
        members = [str(one.id) for one in staff.values() if UUID(event.entity) in one.departments]
        told.append(_changed(event, member_ids=members))
    return told


def _changed(event: Event, **facts: Any) -> Event:
    """It is told of once more, later in the log, as something of it is another now."""
    kept = event.type.replace("created", "changed")
    return replace(event, type=kept, data=event.data | facts, position=event.position + 1_000_000)


@pytest.fixture
async def stage(fresh_database: FreshDatabase) -> Any:
    async with staged(await fresh_database()) as ready:
        for service in ("accounts", "routing"):
            await ready.tell([e for e in LOGS[service] if not e.type.startswith("ticket.")])
        await ready.tell(employed(STAFF))
        yield ready


def batches(chance: random.Random, most: int) -> Sequence[list[Event]]:
    return list(interleaved(OF_TICKETS, chance, most))


def watchers(stage: Stage) -> list[Watcher]:
    return [Watcher(stage, Wish(None, one.id, None, asked), one) for one in STAFF.values() for asked in ASKED]


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_stream_keeps_every_list_true(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    watching = watchers(stage)
    for watcher in watching:
        await watcher.connect()
    for batch in batches(chance, most=30):
        await stage.tell(batch)
        stage.now = max(stage.now, *(event.time for event in batch)) + timedelta(minutes=chance.randrange(20))
        for watcher in chance.sample(watching, 2):
            await watcher.look()  # between a change and its reading, as anybody may
        if chance.random() < 0.4:
            await _some_go_and_come(watching, chance)
            continue
        await stage.read()
        for watcher in watching:
            await watcher.hear()
    stage.now += timedelta(days=3)
    await _all_come_back(watching)
    for watcher in watching:
        assert watcher.has == set(await stage.numbers(watcher.chosen)), watcher.wish
        assert not watcher.resets or (watcher.wish.asked and watcher.wish.asked.text), (
            "by a text, whoever was away while names changed"
        )
    assert len({len(watcher.has) for watcher in watching}) > 8, "the lists differ"
    assert any(said.get("out") for watcher in watching for said in watcher.said)


@pytest.mark.parametrize("seed", [3, 4])
async def test_counts_are_the_lengths_of_the_lists_at_every_place_and_instant(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    shared = Sharing(everybody=True)
    asked = [filters for filters in ASKED if filters is not None]
    views = [await stage.view(STAFF[OWNER], filters=filters, sharing=shared) for filters in asked]
    counting = [Watcher(stage, Wish(None, one.id, None, Filters(), counts=True), one) for one in STAFF.values()]
    for watcher in counting:
        await watcher.connect()
    for batch in batches(chance, most=40):
        await stage.tell(batch)
        stage.now = max(stage.now, *(event.time for event in batch)) + timedelta(minutes=chance.randrange(20))
        if chance.random() < 0.3:
            continue
        await stage.read()
        for watcher in counting:
            await watcher.hear()
            for view in chance.sample(views, 4):
                listed = await stage.numbers(chosen(view, None, watcher.reader))
                assert watcher.counts[str(view.id)] == len(listed), view.filters
    found = await stage.live.sizes({str(view.id): chosen(view, None, STAFF[AGENT]) for view in views})
    assert found.sizes == counting[1].counts
    assert len(set(found.sizes.values())) > 4


async def test_a_thousand_viewers_of_different_lists_are_told_what_they_must_and_nothing_else(stage: Stage) -> None:
    chance = random.Random(9)
    several: dict[str, list[Any]] = {
        "department_id": STORIES.department_ids,
        "category_id": STORIES.category_ids,
        "urgency": list(Urgency),
    }
    watching: list[Watcher] = []
    while len(watching) < 1000:
        asked: dict[str, Any] = {
            name: chance.sample(some, 2) for name, some in several.items() if chance.random() < 0.5
        }
        if chance.random() < 0.5:
            asked["account_id"] = chance.choice(STORIES.account_ids)
        asked["opened_before"] = START + timedelta(days=9, seconds=len(watching))  # no two are the same
        reader = STAFF[chance.choice([OWNER, AGENT, OTHER])]
        watching.append(Watcher(stage, Wish(None, reader.id, None, Filters(**asked)), reader))
    for watcher in watching:
        watcher.viewer = stage.live.viewer(watcher.wish)
        await stage.live._admit(watcher.viewer)
    assert len(stage.live._seats.lists) == len(watching)
    for batch in batches(chance, most=60)[:25]:
        rows = await _facts(stage)
        await stage.tell(batch)
        stage.now = max(stage.now, *(event.time for event in batch))
        await stage.read()
        after = await _facts(stage)
        touched = {event.entity for event in batch}
        for watcher in watching:
            watcher.said.clear()
            await watcher.hear()
            told = {said["id"] for said in watcher.said if said["event"] == "ticket"}
            assert told == _concerning(watcher, touched, rows, after)


async def test_thirty_agents_with_the_list_open_ask_the_database_no_more_than_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty who poll use a whole server elsewhere; here what is new is read once and handed to all."""
    asked, acquire = Counter[int](), asyncpg.Pool.acquire
    many = 0

    def counting(pool: asyncpg.Pool, **given: Any) -> Any:
        asked[many] += 1
        return acquire(pool, **given)

    told = iter(batches(random.Random(3), most=30))
    for many in (1, 30):
        watching = [Watcher(stage, Wish(None, AGENT, None, Filters()), STAFF[AGENT]) for _ in range(many)]
        for watcher in watching:
            await watcher.connect()
        await stage.read()
        for _ in range(6):
            await stage.tell(next(told))
            monkeypatch.setattr(asyncpg.Pool, "acquire", counting)
            await stage.read()
            monkeypatch.undo()
        for watcher in watching:
            await watcher.hear()
            assert watcher.has == set(await stage.numbers(watcher.chosen))
            watcher.disconnect()
    assert 0 < asked[30] <= asked[1]


async def _facts(stage: Stage) -> dict[str, Facts]:
    columns = f"select {FACTS_COLUMNS} from tickets t where t.state is not null"  # noqa: S608 - columns
    return {row["id"]: Facts.of_row(row) for row in await stage.pool.fetch(columns)}


def _concerning(watcher: Watcher, touched: set[str], before: dict[str, Facts], after: dict[str, Facts]) -> set[str]:
    """The tickets in question that were in the list or are: with one batch at a time there is nothing between."""
    matches, at = predicate(watcher.chosen.filters, watcher.chosen.sight), to_micros(watcher.stage.now)
    return {
        ticket for ticket in touched if any(ticket in rows and matches(rows[ticket], at) for rows in (before, after))
    }


async def _some_go_and_come(watching: Sequence[Watcher], chance: random.Random) -> None:
    for watcher in chance.sample(list(watching), 6):
        if watcher.viewer is None:
            await watcher.connect()
        else:
            watcher.disconnect()


async def _all_come_back(watching: Sequence[Watcher]) -> None:
    for watcher in watching:
        if watcher.viewer is None:
            await watcher.connect()
    await watching[0].stage.read()
    for watcher in watching:
        await watcher.hear()


async def test_only_what_is_of_the_list_is_told_and_in_and_out_are_marked(stage: Stage) -> None:
    ids = {asked: Watcher(stage, Wish(None, OWNER, None, asked), STAFF[OWNER]) for asked in ASKED if asked is not None}
    for watcher in ids.values():
        await watcher.connect()
    had: dict[Filters, set[int]] = {asked: set() for asked in ids}
    for batch in batches(random.Random(5), most=40):
        await stage.tell(batch)
        stage.now = max(stage.now, *(event.time for event in batch))
        await stage.read()
        for asked, watcher in ids.items():
            watcher.said.clear()
            await watcher.hear()
            now = set(await stage.numbers(Chosen(watcher.chosen.filters, watcher.chosen.sight)))
            came = {said["number"] for said in watcher.said if said.get("in")}
            told = {said["number"] for said in watcher.said if "number" in said}
            assert now - had[asked] <= came, "what comes in is marked so"
            assert told <= now, "of what is not in the list there is no row"
            had[asked] = now


async def test_a_ticket_becomes_overdue_by_time_alone_at_the_instant_at_which_the_list_says_so(stage: Stage) -> None:
    for service in ("sla", "routing", "intake"):
        await stage.tell(OF_TICKETS[service])
    due = await stage.pool.fetchval("select min(deadline_at) from tickets where state = 'active'")
    stage.now = due - timedelta(seconds=1)
    late, fine = [Watcher(stage, Wish(None, OWNER, None, Filters(overdue=o)), STAFF[OWNER]) for o in (True, False)]
    plain = Watcher(stage, Wish(None, OWNER, None, Filters()), STAFF[OWNER])
    for watcher in (late, fine, plain):
        await watcher.connect()
        watcher.said.clear()
    stage.now = due
    await stage.read()
    assert late.viewer is not None
    assert not late.viewer.pending, "at the deadline itself it is not overdue yet"
    stage.now = due + timedelta(microseconds=1)
    await stage.read()
    for watcher in (late, fine, plain):
        await watcher.hear()
    ((row,), (out,)) = late.said, fine.said
    assert (row["in"], row["overdue"], out) == (True, True, {"event": "ticket", "id": row["id"], "out": True})
    assert not plain.said, "nothing has changed that its list depends on"
    late.disconnect()
    stage.now += timedelta(days=9)
    await late.connect()
    assert late.has == set(await stage.numbers(late.chosen))
    assert len(late.has) > 1
    assert not late.resets
