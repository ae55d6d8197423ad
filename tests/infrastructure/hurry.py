"""uvicorn looks ten times a second whether it should end, and then lets a tenth go by before it does.

A test starts and stops up to seven servers; those tenths were a third of the time that a test of a service took.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn.server

TICK_SECONDS = 0.005


class _HurriedAsyncio:
    """What uvicorn's server takes for asyncio."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, TICK_SECONDS))


@pytest.fixture(scope="session", autouse=True)
def hurried_uvicorn() -> Iterator[None]:
    """Servers within the test's own process end at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.server, "asyncio", _HurriedAsyncio())
        yield
