"""What falls due is recorded once, stamped with its instant; and no marker is ahead of it."""

import asyncio
from datetime import UTC, datetime, timedelta

import orjson

from libs.events.due import Due, DueFacts
from libs.events.log import Change, Log
from libs.events.progress import Promise, promise
from libs.events.tail import Tail
from tests.faults.markers import Markers
from tests.faults.pair import scribe
from tests.integration.events.scene import Origin, new_note, running, still, until

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def expirations(origin: Origin) -> list[datetime]:
    rows = await origin.pool.fetch("select time from log where type = 'note.expired.v1' order by position")
    return [row["time"] for row in rows]


async def test_a_due_fact_is_recorded_once_however_late_and_by_however_many(origin: Origin) -> None:
    early = Origin(Log(scribe.NAME, origin.pool, now=still(START)), origin.transport, origin.limits)
    await early.write(new_note(), "a")
    workers = [DueFacts(origin.log, scribe.expire, poll_seconds=0.02) for _ in range(3)]
    async with running(*workers):
        await until(lambda: expirations(origin), bool)
    assert await expirations(origin) == [START + scribe.EXPIRES]


async def test_nothing_is_recorded_before_it_is_due(origin: Origin) -> None:
    log = Log(scribe.NAME, origin.pool, now=still(START))
    early = Origin(log, origin.transport, origin.limits)
    note = new_note()
    await early.write(note, "a")
    assert await DueFacts(log, scribe.expire).record_due() == 0
    on_time = Log(scribe.NAME, origin.pool, now=still(START + scribe.EXPIRES))
    assert await DueFacts(on_time, scribe.expire).record_due() == 1
    loaded = await log.load(note)
    assert orjson.loads(loaded.state or b"")["expired"]


async def test_what_is_not_due_after_all_is_put_off_unless_somebody_was_faster(origin: Origin) -> None:
    note = new_note()
    early = Origin(Log(scribe.NAME, origin.pool, now=still(START)), origin.transport, origin.limits)
    await early.write(note, "a")
    later = START + 2 * scribe.EXPIRES

    def not_yet(due: Due) -> Change:
        return Change(due.entity, due.kind, due.version, [], due.state, later)

    assert await DueFacts(origin.log, not_yet).record_due() == 1
    await origin.log.put_off(note, 99, None)
    loaded = await origin.log.load(note)
    assert (loaded.version, loaded.due_at) == (1, later)


async def look(promised: Promise, tail: Tail, origin: Origin) -> list[int]:
    rows = await tail.read()
    await promised.look(tail.seen, origin.pool)
    return [row.position for row in rows]


async def test_a_promise_stops_before_a_due_fact_that_is_outstanding(origin: Origin) -> None:
    early = Origin(Log(scribe.NAME, origin.pool, now=still(START)), origin.transport, origin.limits)
    await early.write(new_note(), "a")
    promised, tail = await promise(origin.pool, None, 0), Tail(origin.pool, 0)
    await look(promised, tail, origin)
    await look(promised, tail, origin)
    assert promised.position == 1
    assert promised.instant == START + scribe.EXPIRES - timedelta(microseconds=1)


async def test_a_due_fact_recorded_while_a_promise_is_being_kept_is_within_its_position(origin: Origin) -> None:
    early = Origin(Log(scribe.NAME, origin.pool, now=still(START)), origin.transport, origin.limits)
    await early.write(new_note(), "a")
    promised, tail = await promise(origin.pool, None, 0), Tail(origin.pool, 0)
    await tail.read()  # a snapshot past the fence, without the due fact
    await DueFacts(origin.log, scribe.expire).record_due()
    await promised.look(tail.seen, origin.pool)
    await look(promised, tail, origin)
    assert (promised.position or 0) >= 2 or promised.instant < START + scribe.EXPIRES


async def test_markers_are_true_while_facts_fall_due(origin: Origin, nats_url: str) -> None:
    expiring, markers = DueFacts(origin.log, scribe.expire, poll_seconds=0.005), Markers(nats_url)
    async with markers.recorded(), running(origin.relay(), expiring):
        await asyncio.gather(*(origin.write(new_note(), "a") for _ in range(20)))
        await until(lambda: expirations(origin), lambda times: len(times) == 20)
        told = await until(origin.told, lambda told: len(told) == 40)
    assert markers.seen
    for marker in markers.seen:
        assert not [event for event in told if event.position > marker.position and event.time <= marker.instant]
