"""What was deleted is found nowhere: not in the log, not in the stream, not on the server's disk."""

from pathlib import Path
from uuid import UUID

from libs.events.commands import execute
from libs.events.erasure import Eraser, redact
from libs.events.relay import Relay
from tests.faults.pair import scribe
from tests.faults.pair.events import CATALOGUE
from tests.infrastructure.embedded import OwnNats
from tests.integration.events.conftest import NewPool
from tests.integration.events.scene import CAUSE, Copy, Origin, new_note, running, until
from tests.integration.events.test_relay_resumes import own_origin

SECRET = "the client's own words"


async def delete(origin: Origin, note: UUID) -> None:
    async with origin.pool.acquire() as connection, connection.transaction():
        outcome = await execute(origin.log, note, "note", scribe.delete, CAUSE, executor=connection)
        await redact(connection, CATALOGUE, note, "note", outcome.position)


def eraser(origin: Origin, relay: Relay) -> Eraser:
    return Eraser(origin.log, relay, origin.transport, origin.limits, poll_seconds=0.05)


async def is_erased(origin: Origin) -> bool:
    return not await origin.pool.fetchval("select exists (select from erasures where done_at is null)")


async def test_a_deleted_note_leaves_log_stream_and_disk(new_pool: NewPool, own_nats: OwnNats) -> None:
    async with own_origin(new_pool, own_nats) as origin:
        note, other, relay = new_note(), new_note(), origin.relay()
        async with running(relay, eraser(origin, relay)):
            await origin.write(note, SECRET, SECRET)
            await origin.write(other, "stays")
            await origin.has_told(SECRET, SECRET, "stays")
            await delete(origin, note)
            await until(lambda: is_erased(origin), bool)
            assert await origin.told_lines() == ["stays", "note.deleted.v1"]
        assert await origin.pool.fetchval("select count(*) from log where envelope::text like $1", f"%{SECRET}%") == 0
        await own_nats.stop()
        assert not contains(own_nats.store, SECRET)


def contains(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_redacted_events_keep_their_place_and_are_valid(origin: Origin) -> None:
    note = new_note()
    await origin.write(note, SECRET, old_version=True)
    await origin.write(note, SECRET)
    await delete(origin, note)
    async with running(origin.relay()):
        told = await until(origin.told, lambda told: len(told) == 3)
    assert [event.position for event in told] == [1, 2, 3]
    assert [event.redacted for event in told[:2]] == [True, True]
    assert [CATALOGUE.read(event).model_dump().get("line") for event in told] == ["", "", None]


async def test_a_reader_that_comes_later_ends_as_one_that_was_there(origin: Origin, copy: Copy) -> None:
    note, other, relay = new_note(), new_note(), origin.relay()
    async with running(relay, eraser(origin, relay)):
        await origin.write(note, SECRET)
        await origin.write(other, "stays")
        await delete(origin, note)
        await until(lambda: is_erased(origin), bool)
        async with running(copy.consumer()):
            await copy.has_text(other, "stays")
            await until(lambda: copy.text(note), lambda text: text == "")
            await until(copy.seen, lambda seen: seen == [1, 2, 3])


async def test_nothing_is_erased_in_the_stream_before_the_deletion_is_told(origin: Origin) -> None:
    note, relay = new_note(), origin.relay()
    await origin.write(note, SECRET)
    await delete(origin, note)
    async with running(eraser(origin, relay)):
        assert not await is_erased(origin)
    async with running(relay, eraser(origin, relay)):
        await until(lambda: is_erased(origin), bool)
    assert await origin.told_lines() == ["note.deleted.v1"]
