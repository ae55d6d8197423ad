"""Points between any two statements at which a process of the pair can be killed or stopped.

A statement is one that goes to PostgreSQL or one message to NATS (its text: the subject). The simulator writes the point
into a file at any time; the process looks at the file's time before and after each statement, which costs a microsecond.
"""

import json
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import asyncpg
from nats.aio.client import Client

from tests.faults.broken import put

When = Literal["before", "after"]
_STATEMENTS = ("execute", "executemany", "fetch", "fetchrow", "fetchval")
_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


@dataclass(frozen=True)
class Point:
    """The `nth` statement from now on that contains `pattern`; there the process kills or stops itself."""

    pattern: str
    nth: int
    when: When
    do: Literal["kill", "stop"]

    def write(self, path: Path) -> None:
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)))
        draft.rename(path)


class Points:
    """Watches for the point in the file; each is reached once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = self._time()
        self._point: Point | None = None
        self._left = 0

    def pass_by(self, when: When, statement: str) -> None:
        self._look()
        point = self._point
        if point is None or when != point.when or point.pattern not in statement:
            return
        self._left -= 1
        if self._left == 0:
            self._point = None
            os.kill(os.getpid(), _SIGNALS[point.do])

    def _look(self) -> None:
        written = self._time()
        if written != self._written:
            self._written = written
            self._point = Point(**json.loads(self._path.read_text()))
            self._left = self._point.nth

    def _time(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def install(path: Path) -> None:
    """Watch every statement of this process from now on."""
    points = Points(path)
    for name in _STATEMENTS:
        put(asyncpg.Connection, name, _watched(points, getattr(asyncpg.Connection, name)))
    put(Client, "publish", _watched(points, Client.publish))


def _watched(points: Points, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def statement(self: Any, text: str, *args: Any, **options: Any) -> Any:
        points.pass_by("before", text)
        result = await original(self, text, *args, **options)
        points.pass_by("after", text)
        return result

    return statement
