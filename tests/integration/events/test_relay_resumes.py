"""After any doubt the relay goes on where the stream ends, whatever has happened to the stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from libs.events.leadership import Leadership
from libs.events.log import Log
from libs.events.relay import Relay
from libs.events.stream import Limits
from libs.events.transport import Transport
from tests.infrastructure.embedded import OwnNats
from tests.integration.events.conftest import NewPool
from tests.integration.events.scene import Origin, new_note, running, until


async def test_what_is_committed_is_told_in_order(origin: Origin) -> None:
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, "a", "b", "c")
        await origin.has_told("a", "b", "c")
    told = await origin.told()
    assert [event.position for event in told] == await origin.positions()
    assert [event.predecessor for event in told] == [0, *(event.position for event in told[:-1])]
    assert {event.epoch for event in told} == {await origin.log.epoch()}


async def test_all_that_is_committed_is_told_before_a_graceful_end(origin: Origin) -> None:
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, *map(str, range(200)))
    assert len(await origin.told()) == 200


async def test_a_graceful_end_waits_for_an_open_transaction_that_others_have_overtaken(origin: Origin) -> None:
    async with origin.pool.acquire() as connection:
        slow = connection.transaction()
        await slow.start()
        await connection.execute("select pg_current_xact_id(), nextval('log_position')")
        ending = asyncio.create_task(_run_and_end(origin.relay(), await_told=origin, line="overtakes"))
        await until(lambda: _is_waiting(origin), bool)
        await slow.rollback()
    await ending
    assert await origin.told_lines() == ["overtakes"]


async def _run_and_end(relay: Relay, await_told: Origin, line: str) -> None:
    async with running(relay):
        await await_told.write(new_note(), line)


async def _is_waiting(origin: Origin) -> bool:
    return bool(await origin.positions())


async def test_the_last_message_deleted_within_the_duplicate_window_does_not_stop_the_relay(origin: Origin) -> None:
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, "a", "b")
        await origin.has_told("a", "b")
    await delete_last(origin)
    await origin.write(note, "c", "d")
    async with running(origin.relay()):
        await origin.has_told("a", "c", "d")


async def test_the_last_message_deleted_is_told_again_past_the_duplicate_window(origin: Origin) -> None:
    origin = replace(origin, limits=Limits(duplicate_window_seconds=0.2))
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, "a", "b")
        await origin.has_told("a", "b")
    await delete_last(origin)
    await asyncio.sleep(0.5)  # the window is what passes here
    await origin.write(note, "c")
    async with running(origin.relay()):
        await origin.has_told("a", "b", "c")


@pytest.mark.parametrize("is_running", [True, False])
async def test_the_last_message_deleted_before_the_server_restarts(
    new_pool: NewPool, own_nats: OwnNats, *, is_running: bool
) -> None:
    async with own_origin(new_pool, own_nats) as origin:
        note = new_note()
        async with running(origin.relay()):
            await origin.write(note, "a", "b")
            await origin.has_told("a", "b")
            if is_running:
                await delete_last_and_restart(origin, own_nats)
                await origin.write(note, "c")
                await until(origin.told_lines, lambda told: told in (["a", "c"], ["a", "b", "c"]))
        if not is_running:
            await delete_last_and_restart(origin, own_nats)
            await origin.write(note, "c")
            async with running(origin.relay()):
                await until(origin.told_lines, lambda told: told in (["a", "c"], ["a", "b", "c"]))


async def test_a_lost_data_directory_is_filled_again(new_pool: NewPool, own_nats: OwnNats) -> None:
    async with own_origin(new_pool, own_nats) as origin:
        note = new_note()
        async with running(origin.relay()):
            await origin.write(note, "a", "b")
            await origin.has_told("a", "b")
            await own_nats.wipe()
            await origin.write(note, "c")
            await own_nats.start()
            await origin.has_told("a", "b", "c")


async def test_a_deleted_stream_is_made_and_filled_again(origin: Origin) -> None:
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, "a", "b")
        await origin.has_told("a", "b")
        js = (await origin.transport.client()).jetstream()
        await js.delete_stream(origin.transport.names.stream(origin.name))
        await origin.write(note, "c")
        await until(lambda: _told_if_any(origin), lambda told: told == ["a", "b", "c"])


async def test_a_stream_emptied_by_age_goes_on_and_is_not_filled_again(origin: Origin) -> None:
    origin = replace(origin, limits=Limits(max_age_seconds=1))
    note = new_note()
    async with running(origin.relay()):
        await origin.write(note, "a", "b")
        await origin.has_told("a", "b")
    await origin.has_told()
    await origin.write(note, "c")
    async with running(origin.relay()):
        await until(origin.told_lines, lambda told: told == ["c"])
    assert (await (await origin.stream()).end()).sequence == 3


async def test_two_relays_at_once_tell_each_event_once_and_in_order(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Leadership, "held", _always_held)
    note = new_note()
    async with running(origin.relay(), origin.relay()):
        await origin.write(note, *map(str, range(100)))
        await until(origin.told_lines, lambda told: len(told) >= 100)
    assert await origin.told_lines() == [*map(str, range(100))]


async def test_a_stream_ahead_of_a_restored_log_is_made_again_in_a_new_epoch(origin: Origin) -> None:
    note, before = new_note(), await origin.log.epoch()
    async with running(origin.relay()):
        await origin.write(note, "a", "b", "lost")
        await origin.has_told("a", "b", "lost")
    await origin.forget_after(2)
    await origin.write(note, "instead")
    async with running(origin.relay()):
        await until(lambda: _told_if_any(origin), lambda told: told == ["a", "b", "instead"])
    epoch = await origin.log.epoch()
    assert epoch != before
    assert {event.epoch for event in await origin.told()} == {epoch}


async def test_another_epoch_begun_by_the_operator_is_told_from_the_beginning(origin: Origin) -> None:
    async with running(origin.relay()):
        await origin.write(new_note(), "a")
        await origin.has_told("a")
        epoch = await origin.log.begin_epoch("restored")
        await until(lambda: _epochs_told(origin), lambda epochs: epochs == {epoch})
        await origin.has_told("a")


async def delete_last(origin: Origin) -> None:
    stream = await origin.stream()
    js = (await origin.transport.client()).jetstream()
    await js.delete_msg(stream.name, (await stream.end()).sequence)


async def delete_last_and_restart(origin: Origin, nats: OwnNats) -> None:
    await delete_last(origin)
    await nats.kill()
    await nats.start()


async def _told_if_any(origin: Origin) -> list[str]:
    try:
        return await origin.told_lines()
    except Exception as error:  # noqa: BLE001 - the stream is being made again
        return [repr(error)]


async def _epochs_told(origin: Origin) -> set[str]:
    await _told_if_any(origin)
    return {event.epoch for event in await origin.told()}


@asynccontextmanager
async def own_origin(new_pool: NewPool, nats: OwnNats) -> AsyncIterator[Origin]:
    transport = Transport(nats.url)
    try:
        yield Origin(Log("intake", await new_pool()), transport, Limits())
    finally:
        await transport.close()


@asynccontextmanager
async def _always_held(*_: object) -> AsyncIterator[bool]:
    yield True
