"""A service whose process clock is wrong: `python -m tests.chaos.race.skewed SECONDS services.intake`.

Whatever is imported afterwards reads time through what is replaced here: Python's own clocks, and the one within uuid7.
"""

import datetime as dt
import runpy
import sys
import time
import uuid
from typing import Any, Self

import uuid_utils
import uuid_utils.compat

_RealDatetime = dt.datetime


class _Meta(type):
    """Real datetimes, such as a database driver makes, are to pass for instances of the replacement."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _RealDatetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _RealDatetime)


def shift(seconds: int) -> None:
    """Set this process's clocks ahead (or back, if negative)."""
    real_time, real_time_ns = time.time, time.time_ns

    class Shifted(_RealDatetime, metaclass=_Meta):
        def __new__(cls, *parts: Any, **named: Any) -> Self:
            return _RealDatetime(*parts, **named)  # type: ignore[return-value]  # whatever is made of it is a real one

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> _RealDatetime:  # type: ignore[override]
            return _RealDatetime.now(tz) + dt.timedelta(seconds=seconds)

        @classmethod
        def utcnow(cls) -> _RealDatetime:  # type: ignore[override]
            return cls.now(dt.UTC).replace(tzinfo=None)

    def uuid7() -> uuid.UUID:
        return uuid.UUID(bytes=uuid_utils.uuid7(nanoseconds=time.time_ns()).bytes)

    dt.datetime = Shifted  # type: ignore[misc]
    time.time = lambda: real_time() + seconds
    time.time_ns = lambda: real_time_ns() + seconds * 10**9
    uuid_utils.compat.uuid7 = uuid7  # type: ignore[assignment]  # nobody here names the instant


if __name__ == "__main__":
    shift(int(sys.argv[1]))
    runpy.run_module(sys.argv[2], run_name="__main__", alter_sys=True)
