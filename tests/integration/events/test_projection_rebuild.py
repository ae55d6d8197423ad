"""A projection is made anew beside the one that is read, and switched in without a pause; decisions are not made again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from libs.events.leadership import Leadership
from libs.events.log import Log
from libs.events.rebuild import request_rebuild
from tests.faults.pair.mirror import Mirror
from tests.integration.events.conftest import NewPool
from tests.integration.events.scene import Copy, Origin, feed_of, new_note, running, until


class OfTwo(Mirror):
    """The mirror's next version, which follows a second source."""

    sources = ("intake", "sla")
    version = 2


async def test_a_rebuild_gives_the_same_while_commands_keep_coming(origin: Origin, copy: Copy) -> None:
    note, lines = new_note(), [str(number) for number in range(60)]
    async with running(origin.relay(), copy.consumer()):
        writing = asyncio.create_task(origin.write(note, *lines))
        await until(copy.generation, bool)
        for _ in range(3):
            wished = await request_rebuild(copy.pool, "test")
            await until(copy.generation, wished.__eq__)
        await writing
        await copy.has_text(note, *lines)
    assert await copy.seen() == await origin.positions()
    assert await copy.causes() == [event.id for event in await origin.told()]


async def test_a_source_without_events_does_not_keep_a_rebuild_from_ending(origin: Origin, copy: Copy) -> None:
    async with running(origin.relay(), copy.consumer()):
        await until(lambda: copy.pool.fetchval("select count(*) from pg_namespace where nspname = 'live'"), bool)
        await until(lambda: copy.pool.fetchval("select epoch from live.checkpoints"), bool)
        wished = await request_rebuild(copy.pool, "test")
        await until(copy.generation, lambda generation: generation == wished)


async def test_a_source_that_is_new_in_the_next_version_is_judged_from_its_beginning(
    origin: Origin, copy: Copy, new_pool: NewPool
) -> None:
    other = replace(origin, log=Log("sla", await new_pool()), name="sla")
    old, new = new_note(), new_note()
    async with running(origin.relay(), other.relay()), feed_of(origin, other) as feed:
        await origin.write(old, "a")
        await other.write(new, "b")
        async with running(copy.consumer()):
            await copy.has_text(old, "a")
        async with running(replace(copy, feed=feed).consumer(OfTwo())):
            await copy.has_text(new, "b")
            await copy.has_text(old, "a")
    assert len(await copy.causes()) == 2


async def test_two_sources_restored_at_once_are_both_read_anew(origin: Origin, copy: Copy, new_pool: NewPool) -> None:
    other = replace(origin, log=Log("sla", await new_pool()), name="sla")
    note, others = new_note(), new_note()
    async with feed_of(origin, other) as feed:
        copy = replace(copy, feed=feed)
        async with running(origin.relay(), other.relay(), copy.consumer(OfTwo())):
            await origin.write(note, "a", "lost")
            await other.write(others, "b", "lost too")
            await copy.has_text(note, "a", "lost")
            await copy.has_text(others, "b", "lost too")
        await origin.forget_after(1)
        await other.forget_after(1)
        async with running(origin.relay(), other.relay(), copy.consumer(OfTwo())):
            await copy.has_text(note, "a")
            await copy.has_text(others, "b")
            await origin.write(note, "c")
            await copy.has_text(note, "a", "c")


async def test_two_consumers_at_once_take_each_event_in_once(
    origin: Origin, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, lines = new_note(), [str(number) for number in range(60)]
    async with running(origin.relay(), copy.consumer()):
        await until(copy.generation, bool)
        monkeypatch.setattr(Leadership, "held", _always_held)
        async with running(copy.consumer()):
            await origin.write(note, *lines)
            await copy.has_text(note, *lines)
    assert await copy.seen() == await origin.positions()
    assert len(await copy.causes()) == len(lines)


async def test_events_of_an_older_version_are_read_as_the_newest(origin: Origin, copy: Copy) -> None:
    note = new_note()
    await origin.write(note, "old", old_version=True)
    await origin.write(note, "new")
    async with running(origin.relay(), copy.consumer()):
        await copy.has_text(note, "old", "new")
    assert [event.type for event in await origin.told()] == ["note.written.v1", "note.written.v2"]


@asynccontextmanager
async def _always_held(*_: object) -> AsyncIterator[bool]:
    yield True
