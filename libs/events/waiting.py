"""Waiting for signals, and for the end of tasks."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any


class Interval:
    """For what is to be done at most so often, however often one comes by."""

    def __init__(self, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._next = -inf

    def is_over(self) -> bool:
        """Whether it is time again; if so, the next interval begins."""
        now = self._now()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


async def wait_any(seconds: float, *signals: asyncio.Event) -> bool:
    """Wait until one of the signals is set, at most so long; whether one is."""
    if any(signal.is_set() for signal in signals):
        return True
    waits = [asyncio.ensure_future(signal.wait()) for signal in signals]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
            with suppress(asyncio.CancelledError):
                await wait
    return any(signal.is_set() for signal in signals)


async def cancelled(task: "asyncio.Task[Any]") -> None:
    """Cancel a task until it has ended: libraries under it may swallow a cancellation (`asyncio.wait_for` does)."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.5)
    if not task.cancelled():
        task.exception()  # seen, so that asyncio does not complain
