"""Waiting for something that has just been started."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

_PAUSE_SECONDS = 0.01


class StartError(Exception):
    """It ended, or took too long, before it was ready."""


class Started(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def alive(self) -> bool: ...

    async def wait(self) -> int: ...


async def until_ready(started: Started, ready: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Ask `ready` again and again until it says yes, what was started is dead, or the time is up."""
    try:
        async with asyncio.timeout(seconds):
            while not await ready():
                if not started.alive:
                    raise StartError(f"{started.name} ended with code {await started.wait()}")
                await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError as error:
        raise StartError(f"{started.name} was not ready after {seconds:.0f} s") from error
