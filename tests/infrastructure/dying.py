"""A process that kills itself before or after one of its steps."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import asyncpg

PassBy = Callable[[str, str], None]
"""Told `before` or `after`, and what is done; does not return where it ends."""


async def killed(module: str, errand: object) -> bool:
    """Whether a process of this module, sent on this errand (its fields as JSON), has killed itself."""
    command = [sys.executable, "-m", module, json.dumps(errand.__dict__)]
    child = await asyncio.create_subprocess_exec(*command, env={**os.environ, "PYTHONPATH": "."})
    return await child.wait() == -signal.SIGKILL


def die_at(step: str, when: str) -> PassBy:
    def pass_by(moment: str, done: str) -> None:
        if moment == when and step in done:
            os.kill(os.getpid(), signal.SIGKILL)

    return pass_by


def watch_statements(pass_by: PassBy) -> None:
    for name in ("execute", "fetch", "fetchrow", "fetchval"):
        setattr(asyncpg.Connection, name, _watched(getattr(asyncpg.Connection, name), pass_by))


def _watched(original: Callable[..., Awaitable[Any]], pass_by: PassBy) -> Callable[..., Any]:
    @wraps(original)
    async def statement(self: Any, text: str, *args: Any, **options: Any) -> Any:
        pass_by("before", text)
        result = await original(self, text, *args, **options)
        pass_by("after", text)
        return result

    return statement


def watch_steps(kind: type, names: tuple[str, ...], pass_by: PassBy) -> None:
    """These coroutine methods, as `Class.method`."""
    for name in names:
        setattr(kind, name, _step(f"{kind.__name__}.{name}", getattr(kind, name), pass_by))


def _step(name: str, original: Callable[..., Awaitable[Any]], pass_by: PassBy) -> Callable[..., Any]:
    @wraps(original)
    async def step(self: Any, *args: Any, **options: Any) -> Any:
        pass_by("before", name)
        result = await original(self, *args, **options)
        pass_by("after", name)
        return result

    return step
