import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from libs.service.together import Together


class Door:
    """Takes what is brought to it, when it is opened."""

    def __init__(self) -> None:
        self.taken: list[list[Any]] = []
        self.open = asyncio.Event()
        self.arrived = asyncio.Event()

    async def take(self, asked: Sequence[Any]) -> list[str]:
        self.taken.append(list(asked))
        self.arrived.set()
        await self.open.wait()
        if "poison" in asked:
            raise ValueError(f"poison in {len(asked)}")
        return [f"took {one}" for one in asked]


async def first_and_others(door: Door, together: Together[Any, str], *others: Any) -> list[asyncio.Task[str]]:
    """The first is under way when the others come."""
    tasks = [asyncio.create_task(together("first"))]
    await door.arrived.wait()
    tasks += [asyncio.create_task(together(other)) for other in others]
    await asyncio.sleep(0)  # until they wait
    return tasks


async def test_who_comes_alone_is_served_at_once() -> None:
    door = Door()
    door.open.set()
    assert await Together(door.take)("one") == "took one"
    assert door.taken == [["one"]]


async def test_who_comes_meanwhile_is_served_together_and_each_gets_their_own_answer() -> None:
    door = Door()
    tasks = await first_and_others(door, Together(door.take, patience=60), "a", "b", "c")
    door.open.set()
    assert await asyncio.gather(*tasks) == ["took first", "took a", "took b", "took c"]
    assert door.taken == [["first"], ["a", "b", "c"]]


async def test_no_more_are_taken_at_once_than_allowed() -> None:
    door = Door()
    tasks = await first_and_others(door, Together(door.take, patience=60, most=2), "a", "b", "c")
    door.open.set()
    await asyncio.gather(*tasks)
    assert door.taken == [["first"], ["a", "b"], ["c"]]


async def test_a_slow_call_does_not_hold_up_the_others() -> None:
    door = Door()
    tasks = await first_and_others(door, Together(door.take, patience=0.001), "a")
    door.arrived.clear()
    await door.arrived.wait()
    assert door.taken == [["first"], ["a"]]
    door.open.set()
    await asyncio.gather(*tasks)


async def test_what_fails_together_is_tried_alone_so_that_only_the_guilty_fail() -> None:
    door = Door()
    tasks = await first_and_others(door, Together(door.take, patience=60), "a", "poison")
    door.open.set()
    first, a, poison = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, a) == ("took first", "took a")
    assert str(poison) == "poison in 1"


async def test_a_failure_alone_is_told_and_the_next_is_served() -> None:
    door = Door()
    door.open.set()
    together = Together(door.take)
    with pytest.raises(ValueError, match="poison in 1"):
        await together("poison")
    assert await together("next") == "took next"


async def test_who_goes_away_takes_nobody_along() -> None:
    door = Door()
    first, a, b = await first_and_others(door, Together(door.take, patience=60), "a", "b")
    first.cancel()
    a.cancel()
    door.open.set()
    assert await b == "took b"
