"""A poisonous event is set aside with those of its note that follow; the others go on; a retry keeps the order."""

from pathlib import Path

import pytest

from libs.events.applier import Applier
from libs.events.parking import request_retry
from libs.events.projection import Fenced
from libs.events.rebuild import request_rebuild
from tests.faults.pair.mirror import Counter, Mirror
from tests.integration.events.scene import Copy, Origin, new_note, running, until


class Antidote:
    def __init__(self, file: Path) -> None:
        self.file = file

    def take(self) -> None:
        self.file.touch()


@pytest.fixture
def antidote(tmp_path: Path) -> Antidote:
    return Antidote(tmp_path / "antidote")


async def test_a_poisonous_event_stops_its_own_note_only(origin: Origin, copy: Copy, antidote: Antidote) -> None:
    sick, well = new_note(), new_note()
    await origin.write(sick, "a", "poison", "b")
    await origin.write(well, "c")
    async with running(origin.relay(), copy.consumer(Mirror(antidote.file))):
        await copy.has_text(well, "c")
        await copy.has_text(sick, "a")
        await until(copy.parked, lambda parked: parked == 2)


async def test_a_retry_after_the_fix_takes_them_in_in_order_with_those_that_come_meanwhile(
    origin: Origin, copy: Copy, antidote: Antidote
) -> None:
    note = new_note()
    await origin.write(note, "a", "poison", "b")
    async with running(origin.relay(), copy.consumer(Mirror(antidote.file))):
        await until(copy.parked, lambda parked: parked == 2)
        antidote.take()
        await request_retry(copy.pool)
        await origin.write(note, "c", "d")
        await copy.has_text(note, "a", "poison", "b", "c", "d")
        await until(copy.parked, lambda parked: parked == 0)
    written = [event.id for event in await origin.told()]
    assert await copy.causes() == written


async def test_a_retry_that_fails_again_waits_for_the_next(origin: Origin, copy: Copy, antidote: Antidote) -> None:
    note = new_note()
    await origin.write(note, "poison", "b")
    async with running(origin.relay(), copy.consumer(Mirror(antidote.file))):
        await until(copy.parked, lambda parked: parked == 2)
        await copy.pool.execute("update live.parked set error = 'an older error' where error is not null")
        await request_retry(copy.pool)
        errors = "select error from live.parked where error is not null"
        await until(lambda: copy.pool.fetchval(errors), lambda error: error != "an older error")
        antidote.take()
        await request_retry(copy.pool)
        await copy.has_text(note, "poison", "b")


async def test_what_was_parked_stays_so_in_a_rebuild_and_is_decided_afterwards(
    origin: Origin, copy: Copy, antidote: Antidote
) -> None:
    note = new_note()
    await origin.write(note, "a", "poison", "b")
    async with running(origin.relay(), copy.consumer(Mirror(antidote.file))):
        await until(copy.parked, lambda parked: parked == 2)
        antidote.take()
        wished = await request_rebuild(copy.pool, "test")
        await until(copy.generation, lambda generation: generation == wished)
        await copy.has_text(note, "a", "poison", "b")
        await until(copy.parked, lambda parked: parked == 0)
    assert await copy.causes() == [event.id for event in await origin.told()]


async def test_two_consumers_cannot_both_take_a_parked_event_in(origin: Origin, copy: Copy, antidote: Antidote) -> None:
    await origin.write(new_note(), "poison")
    async with running(origin.relay(), copy.consumer(Mirror(antidote.file))):
        await until(copy.parked, lambda parked: parked == 1)
    antidote.take()
    event = (await origin.told())[0]
    applier = Applier("routing", copy.pool, "live", Mirror(antidote.file), Counter(copy.log))
    await applier.retry(origin.name, event)
    with pytest.raises(Fenced):
        await applier.retry(origin.name, event)
