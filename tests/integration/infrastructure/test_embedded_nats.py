"""NATS in hard times."""

import stat

import pytest
from nats.js.errors import NotFoundError

from tests.infrastructure.embedded import OwnNats, running
from tests.infrastructure.messaging import nats_client


async def publish(server: OwnNats, text: str) -> None:
    async with nats_client(server.url) as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(name="kept", subjects=["kept"])
        await jetstream.publish("kept", text.encode())


async def read(server: OwnNats) -> list[str]:
    async with nats_client(server.url) as client:
        jetstream = client.jetstream()
        last = (await jetstream.stream_info("kept")).state.last_seq
        messages = [await jetstream.get_msg("kept", seq=sequence) for sequence in range(1, last + 1)]
        return [message.data.decode() for message in messages if message.data]


async def test_what_was_stored_survives_sigkill_and_the_port_stays(own_nats: OwnNats) -> None:
    port = own_nats.port
    for text in ("first", "second", "third"):
        await publish(own_nats, text)
        await own_nats.kill()
        await own_nats.start()
    assert await read(own_nats) == ["first", "second", "third"]
    assert own_nats.port == port


async def test_a_client_that_stays_gets_through_again_after_a_restart(own_nats: OwnNats) -> None:
    async with nats_client(own_nats.url) as client:
        await own_nats.kill()
        await own_nats.start()
        await client.jetstream().account_info()


async def test_a_server_still_on_the_store_is_stopped_in_order_first(own_nats: OwnNats) -> None:
    await publish(own_nats, "kept")
    async with running(OwnNats(own_nats.folder)) as another:
        assert await own_nats.wait() == 0
        assert await read(another) == ["kept"]


async def test_a_wiped_server_starts_empty(own_nats: OwnNats) -> None:
    await publish(own_nats, "lost")
    await own_nats.wipe()
    await own_nats.start()
    with pytest.raises(NotFoundError):
        await read(own_nats)


async def test_passwords_are_for_the_owner_alone(own_nats: OwnNats) -> None:
    for name in ("system.password", "events.password", "nats.conf"):
        assert stat.S_IMODE((own_nats.folder / name).stat().st_mode) == 0o600
