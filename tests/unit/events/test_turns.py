"""Turns on an entity are taken in the order in which they were asked for, and nothing is left of them."""

import asyncio
from uuid import UUID, uuid4

from libs.events.turns import Turns

ENTITY = UUID(int=1)


class Crowd:
    """Several who want a turn; each has it until it is told to go on."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self.goes_on: dict[str, asyncio.Event] = {}

    async def come(self, *names: str, entity: UUID = ENTITY) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self._take(name, entity)) for name in names]
        await self.settle()
        return tasks

    async def _take(self, name: str, entity: UUID) -> None:
        self.goes_on[name] = asyncio.Event()
        async with self.turns.turn(entity):
            self.order.append(name)
            await self.goes_on[name].wait()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


async def test_turns_are_taken_one_by_one_in_order() -> None:
    crowd = Crowd()
    tasks = await crowd.come("a", "b", "c")
    for name in ("a", "b", "c"):
        assert crowd.order[-1] == name
        crowd.goes_on[name].set()
        await crowd.settle()
    await asyncio.gather(*tasks)
    assert not crowd.turns.are_taken(ENTITY)


async def test_an_entity_is_taken_as_long_as_anybody_has_or_wants_a_turn() -> None:
    crowd = Crowd()
    assert not crowd.turns.are_taken(ENTITY)
    first, second = await crowd.come("a", "b")
    crowd.goes_on["a"].set()
    await first
    assert crowd.turns.are_taken(ENTITY)
    crowd.goes_on["b"].set()
    await second
    assert not crowd.turns.are_taken(ENTITY)


async def test_whoever_gives_up_waiting_holds_up_nobody() -> None:
    crowd = Crowd()
    first, second, third = await crowd.come("a", "b", "c")
    second.cancel()
    crowd.goes_on["a"].set()
    await crowd.settle()
    assert crowd.order == ["a", "c"]
    crowd.goes_on["c"].set()
    await asyncio.gather(first, third)
    assert not crowd.turns.are_taken(ENTITY)


async def test_other_entities_know_nothing_of_it() -> None:
    crowd, other = Crowd(), uuid4()
    tasks = [*await crowd.come("a"), *await crowd.come("b", entity=other)]
    assert crowd.order == ["a", "b"]
    for waits in crowd.goes_on.values():
        waits.set()
    await asyncio.gather(*tasks)
