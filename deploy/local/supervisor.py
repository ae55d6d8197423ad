"""Keeps the parts of a local helpdesk running: starts them in order, again when they die, stops them in reverse."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain, repeat
from typing import Protocol

_STEADY_SECONDS = 60.0


class Part(Protocol):
    @property
    def name(self) -> str: ...

    async def start(self) -> None: ...

    async def wait(self) -> int: ...

    async def stop(self) -> None: ...


def backoff() -> Iterable[float]:
    """Seconds to wait before the first, second, … restart."""
    return chain((0.1, 0.5, 1, 2, 5), repeat(10.0))


class Supervisor:
    def __init__(
        self, *, report: Callable[[str], None] = print, delays: Callable[[], Iterable[float]] = backoff
    ) -> None:
        self._report = report
        self._delays = delays
        self._watched: list[tuple[Part, asyncio.Task[None]]] = []

    async def start(self, part: Part) -> None:
        """Start the part and watch over it; one that does not even start the first time is an error."""
        try:
            await part.start()
        except BaseException:
            await part.stop()
            raise
        self._watched.append((part, asyncio.create_task(self._watch(part), name=f"watch {part.name}")))

    async def stop(self) -> None:
        """Stop all, the last one first."""
        while self._watched:
            part, watch = self._watched.pop()
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            try:
                await part.stop()
            except Exception as error:  # noqa: BLE001 - the parts under it are to end in order all the same
                self._report(f"· {part.name} does not stop: {error!r}")

    async def _watch(self, part: Part) -> None:
        delays = iter(self._delays())
        while True:
            began = asyncio.get_running_loop().time()
            code = await part.wait()
            if asyncio.get_running_loop().time() - began > _STEADY_SECONDS:
                delays = iter(self._delays())
            self._report(f"· {part.name} ended with code {code}, starting it again")
            await self._start_again(part, delays)

    async def _start_again(self, part: Part, delays: Iterable[float]) -> None:
        for delay in delays:
            await asyncio.sleep(delay)
            try:
                await part.start()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do better
                self._report(f"· {part.name} does not start: {error}")
                await part.stop()
            else:
                self._report(f"· {part.name} runs again")
                return
