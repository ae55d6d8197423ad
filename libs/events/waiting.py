"""Waiting for signals."""

import asyncio
from contextlib import suppress


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
