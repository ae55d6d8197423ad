"""Ends a test that waits for ever by its own event loop, a moment before pytest-timeout would.

That one raises wherever the program happens to be: in a callback of the loop, or in another task, asyncio takes the
exception for that one's own, and the test goes on waiting.
"""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

_SOONER_SECONDS = 5.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.obj = limited(item.obj, _seconds_of(item))
    return (yield)


def _seconds_of(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0] if marker else item.config.getini("timeout")) - _SOONER_SECONDS


def limited(test: Callable[..., Awaitable[None]], seconds: float) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def within(*arguments: Any, **given: Any) -> None:
        async with asyncio.timeout(seconds):
            await test(*arguments, **given)

    return within
