import asyncio

import pytest

from tests.infrastructure.time_limits import limited


async def test_a_test_that_waits_for_ever_is_ended() -> None:
    async def waiting() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await limited(waiting, 0.01)()


async def test_one_that_ends_in_time_is_left_alone() -> None:
    asked = []

    async def quick(what: str) -> None:
        asked.append(what)

    await limited(quick, 60)("this")
    assert asked == ["this"]
