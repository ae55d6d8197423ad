import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from libs.events.envelope import Cause
from libs.events.log import Change, Key, KeyUsed, NewEvent, TimePassed, VersionConflict
from libs.events.progress import promise
from tests.faults.pair.events import NoteExpired, NoteWritten
from tests.integration.events.scene import CAUSE, Origin, new_note, until

STATE = b'{"lines": 1}'


def one_line(note: UUID, expected: int = 0) -> Change:
    return Change(note, "note", expected, [NewEvent(NoteWritten(line="x"))], STATE)


async def test_a_change_on_an_old_version_is_refused_and_burns_no_position(origin: Origin) -> None:
    note, now = new_note(), await origin.log.now()
    first = await origin.log.append([one_line(note)], CAUSE, now)
    with pytest.raises(VersionConflict):
        await origin.log.append([one_line(note)], CAUSE, now)
    assert await origin.log.append([one_line(note, 1)], CAUSE, now) == first + 1


async def test_changes_of_several_entities_are_written_all_or_none(origin: Origin) -> None:
    known, other, now = new_note(), new_note(), await origin.log.now()
    await origin.log.append([one_line(known)], CAUSE, now)
    with pytest.raises(VersionConflict):
        await origin.log.append([one_line(other), one_line(known)], CAUSE, now)
    assert (await origin.log.load(other)).version == 0
    await origin.log.append([one_line(other), one_line(known, 1)], CAUSE, now)
    assert len(await origin.positions()) == 3


async def test_a_key_lets_one_of_many_through_and_tells_the_others_what_it_did(origin: Origin) -> None:
    note, key, now = new_note(), Key("key", "fingerprint"), await origin.log.now()
    tries = [origin.log.append([one_line(note)], CAUSE, now, key=key) for note in (new_note(), new_note(), note)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    positions = [answer for answer in answers if isinstance(answer, int)]
    assert len(positions) == 1
    assert all(isinstance(answer, int | KeyUsed) for answer in answers)
    used = (await origin.log.load(note, key)).used
    assert used is not None
    assert (used.fingerprint, used.position) == ("fingerprint", positions[0])
    assert await origin.positions() == positions


async def test_entities_that_begin_at_the_same_time_share_a_commit_but_not_each_others_fate(origin: Origin) -> None:
    known, now = new_note(), await origin.log.now()
    await origin.log.append([one_line(known)], CAUSE, now)
    notes = [new_note() for _ in range(6)]
    await asyncio.gather(*(origin.log.append([one_line(note)], CAUSE, now) for note in notes))
    commits = await origin.log.pool.fetchval("select count(distinct xmin::text) from log where entity = any($1)", notes)
    assert commits < len(notes)
    others = [new_note(), new_note(), known, new_note()]
    tries = (origin.log.append([one_line(note)], CAUSE, now) for note in others)
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, int, VersionConflict, int]
    assert await origin.log.pool.fetchval("select count(*) from log where entity = any($1)", others[:2]) == 2


async def test_nothing_is_stamped_before_what_the_log_has_promised_to_be_complete(origin: Origin) -> None:
    before = await origin.log.now()
    kept = await promise(origin.pool, None, 0)
    with pytest.raises(TimePassed):
        await origin.log.append([one_line(new_note())], CAUSE, before)
    now = await origin.log.now()
    assert now > kept.instant
    await origin.log.append([one_line(new_note())], CAUSE, now)


async def test_what_fell_due_may_be_stamped_with_the_past(origin: Origin) -> None:
    due = await origin.log.now() - timedelta(hours=1)
    await promise(origin.pool, None, 0)
    change = Change(new_note(), "note", 0, [NewEvent(NoteWritten(line="x"), due)], STATE)
    await origin.log.append([change], CAUSE, due)
    assert len(await origin.positions()) == 1


async def test_what_fell_due_is_nobody_s_doing_whoever_noticed(origin: Origin) -> None:
    now = await origin.log.now()
    fell_due, written = NewEvent(NoteExpired(), now - timedelta(hours=1)), NewEvent(NoteWritten(line="x"))
    noticed_by = Cause(actor="user:ann", on_behalf_of="user:jane", correlation="c", causation="e")
    await origin.log.append([Change(new_note(), "note", 0, [fell_due, written], STATE)], noticed_by, now)
    rows = await origin.pool.fetch("select envelope from log order by position")
    by_time, asked_for = [orjson.loads(row["envelope"]) for row in rows]
    assert (by_time["actor"], by_time["correlationid"]) == (f"service:{origin.name}", "c")
    assert by_time.keys().isdisjoint({"onbehalfof", "causationid"})
    assert (asked_for["actor"], asked_for["onbehalfof"], asked_for["causationid"]) == ("user:ann", "user:jane", "e")


async def test_who_begins_an_epoch_while_another_does_takes_the_others(origin: Origin) -> None:
    before, other = await origin.log.epoch(), uuid4()
    async with origin.pool.acquire() as connection, connection.transaction():
        await connection.execute("insert into epochs (epoch, reason) values ($1, 'restored')", other)
        beginning = asyncio.create_task(origin.log.begin_epoch("restored", instead_of=before))
        await until(lambda: _waits_or_is_done(origin, beginning), bool)
    assert await beginning == str(other)


async def _waits_or_is_done(origin: Origin, task: "asyncio.Task[str]") -> bool:
    return task.done() or await origin.pool.fetchval("select exists (select from pg_locks where not granted)")
