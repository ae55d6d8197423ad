"""Doing together what is asked for at the same time: a round trip, or a commit, is shared by all who wait for one.

Whoever comes when nothing is under way is served at once; nobody waits for company.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class _Apart(Exception):
    """What was done together failed; everybody is to try alone, so that each fails by their own fault only."""


class Together(Generic[Q, A]):
    """Calls `run` with the questions that have come in since its last call began; it answers them in their order.

    What waits is begun after `patience` seconds at the latest, so that one slow call does not hold up all others.
    `run` must do all of it or nothing.
    """

    def __init__(
        self, run: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], *, most: int = 100, patience: float = 0.01
    ) -> None:
        self._run = run
        self._most = most
        self._patience = patience
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._running = 0
        self._begins: asyncio.Handle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, question: Q) -> A:
        if not self._running and not self._waiting:
            return await self._alone(question)
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._begins is None:
            self._begin_soon()
        try:
            return await answer
        except _Apart:
            return (await self._run([question]))[0]

    async def _alone(self, question: Q) -> A:
        self._running += 1
        try:
            return (await self._run([question]))[0]
        finally:
            self._end()

    def _begin_soon(self) -> None:
        loop = asyncio.get_running_loop()
        self._begins = loop.call_later(self._patience, self._begin) if self._running else loop.call_soon(self._begin)

    def _begin(self) -> None:
        """Take what waits into a call; a task of its own, because whoever asked may go away."""
        taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._begins = None
        self._running += 1
        if self._waiting:
            self._begin_soon()
        task = asyncio.get_running_loop().create_task(self._all(taken))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _all(self, taken: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers = await self._run([question for question, _ in taken])
            for (_, waiter), answer in zip(taken, answers, strict=True):
                if not waiter.done():
                    waiter.set_result(answer)
        except Exception as error:  # noqa: BLE001 - each finds out alone what of it is theirs
            for _, waiter in taken:
                if not waiter.done():
                    waiter.set_exception(error if len(taken) == 1 else _Apart())
        finally:
            self._end()

    def _end(self) -> None:
        self._running -= 1
        if self._begins is not None:
            self._begins.cancel()
            self._begin()
