"""From what the clocks on a wall show to instants, in any time zone and across its changes."""

from bisect import bisect_left
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from libs.worktime.instants import EPOCH, SECOND

_SECOND = timedelta(seconds=1)
_EPOCH_ON_THE_WALL = EPOCH.replace(tzinfo=None)


@cache
def zone_names() -> frozenset[str]:
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def load_zone(name: str) -> ZoneInfo:
    """The zone by the locked tzdata package: the machine's own files would let two machines disagree."""
    if name not in zone_names():
        raise ValueError(f"{name!r} is no IANA time zone; write one such as 'Europe/Berlin'")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def readings(wall: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The first and the last instant, in microseconds, at which the clocks of `zone` show naive `wall`.

    They differ where the clocks are set back over `wall`. Where they are set forward over it, both are
    the instant of that change: there, and only there, PEP 495 puts fold 1 before fold 0.
    """
    since_epoch = (wall - _EPOCH_ON_THE_WALL) // _SECOND
    first = since_epoch - _offset(wall, zone)
    last = since_epoch - _offset(wall.replace(fold=1), zone)
    if first > last:
        first = last = _change_between(last, first, zone)
    return first * SECOND, last * SECOND


def _change_between(low: int, high: int, zone: ZoneInfo) -> int:
    """The first second after `low`, at most `high`, at which another offset from UTC is in force."""

    def offset_at(second: int) -> int:
        return _offset(datetime.fromtimestamp(second, zone), zone)

    return low + bisect_left(range(low, high), True, key=lambda second: offset_at(second) != offset_at(low))


def _offset(wall: datetime, zone: ZoneInfo) -> int:
    """Seconds that `wall` is ahead of UTC."""
    ahead = zone.utcoffset(wall)
    return ahead // _SECOND if ahead else 0
