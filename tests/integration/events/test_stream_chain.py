"""A chain of publishes, of which only the last is answered: it is stored whole, or up to the first that was refused."""

import pytest
from nats.js.errors import APIError

from libs.events.stream import BrokenChain
from libs.events.tail import Row, Tail
from tests.integration.events.scene import Origin, new_note


async def test_what_was_published_in_a_chain_is_stored_in_order(origin: Origin) -> None:
    rows = await written(origin, *map(str, range(200)))
    await (await origin.stream()).ensure()
    assert await published(origin, rows) == 200
    assert await origin.told_lines() == [*map(str, range(200))]


async def test_a_message_refused_in_the_middle_is_answered_for_by_the_last(origin: Origin) -> None:
    rows = await written(origin, "a", "b", "long " * 10_000, "d", "e")
    await take_no_longer(origin, 20_000)
    with pytest.raises(APIError, match="wrong last msg ID"):
        await published(origin, rows)
    assert await origin.told_lines() == ["a", "b"]


async def test_nothing_is_stored_of_a_chain_that_does_not_continue_the_stream(origin: Origin) -> None:
    first, *rest = await written(origin, "a", "b", "c")
    await (await origin.stream()).ensure()
    await published(origin, [first])
    stranger = str(rest[-1].id)
    with pytest.raises(APIError, match="wrong last msg ID"):
        await (await origin.stream()).publish_chain(rest, "epoch", stranger)
    assert await origin.told_lines() == ["a"]


async def test_a_chain_that_another_has_told_is_noticed(origin: Origin) -> None:
    first, *rest = await written(origin, "a", "b", "c")
    await (await origin.stream()).ensure()
    await published(origin, [first, *rest])
    with pytest.raises(BrokenChain, match="stored before"):
        await (await origin.stream()).publish_chain(rest, "epoch", str(first.id))
    assert await origin.told_lines() == ["a", "b", "c"]


async def written(origin: Origin, *lines: str) -> list[Row]:
    await origin.write(new_note(), *lines)
    return await Tail(origin.pool, 0).read()


async def take_no_longer(origin: Origin, size: int) -> None:
    """Let the stream refuse messages of more bytes than that."""
    stream = await origin.stream()
    await stream.ensure()
    config = (await stream.info()).config
    await (await origin.transport.client()).jetstream().update_stream(config, max_msg_size=size)


async def published(origin: Origin, rows: list[Row]) -> int:
    """Publish to an empty stream as a relay does; the last sequence."""
    stream = await origin.stream()
    ack = await stream.publish_first(rows[0], "epoch", 0)
    return await stream.publish_chain(rows[1:], "epoch", str(rows[0].id)) if rows[1:] else ack.seq
