"""Ends what waits for ever: a test by its own event loop, and a process that cannot be ended so.

pytest-timeout raises wherever the program happens to be: in a callback of the loop, or in another task, asyncio takes
the exception for that one's own, and the test goes on waiting. So a test is ended by its loop a moment before. Where
a fixture waits, or a test without a loop, nothing is left but to say in what, and to end the process.
"""

import asyncio
import faulthandler
import functools
import gc
import inspect
import os
from collections.abc import Awaitable, Callable, Iterator
from threading import Timer
from typing import Any, TextIO

import pytest

_SOONER_SECONDS = 5.0
_LATER_SECONDS = 60.0
_STDERR = pytest.StashKey[TextIO]()


def pytest_configure(config: pytest.Config) -> None:
    # While tests run, pytest keeps what is written to stderr, and a process that is ended never shows it.
    config.stash[_STDERR] = os.fdopen(os.dup(2), "w")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    watchdog = Timer(_seconds_of(item) + _LATER_SECONDS, _end_process, [item.nodeid, item.config.stash[_STDERR]])
    watchdog.daemon = True
    watchdog.start()
    try:
        return (yield)
    finally:
        watchdog.cancel()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.obj = limited(item.obj, _seconds_of(item) - _SOONER_SECONDS)
    return (yield)


def _seconds_of(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0] if marker else item.config.getini("timeout"))


def limited(test: Callable[..., Awaitable[None]], seconds: float) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def within(*arguments: Any, **given: Any) -> None:
        async with asyncio.timeout(seconds):
            await test(*arguments, **given)

    return within


def _end_process(what: str, out: TextIO) -> None:
    print(f"{what} waits for ever, in:", file=out, flush=True)
    faulthandler.dump_traceback(out)
    for task in gc.get_objects():
        if isinstance(task, asyncio.Task) and not task.done():
            task.print_stack(file=out)
    out.flush()
    os._exit(1)
