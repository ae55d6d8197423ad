"""From what the clocks on a wall show to instants, in any time zone and across its changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from importlib.resources import files
from struct import Struct, unpack_from
from typing import NamedTuple
from zoneinfo import ZoneInfo

from libs.worktime.instants import BEGINNING, DAY, EPOCH, FOREVER, SECOND

_SECOND = timedelta(seconds=1)
_EPOCH_ON_THE_WALL = EPOCH.replace(tzinfo=None)
_WEEK = 7 * 86_400
_MARGIN = 10 * DAY
_HEADER = Struct(">4s 16x 6l")
"""Of TZif (RFC 9636, 3.1): the magic number, then six counts."""


class ClockChange(NamedTuple):
    """The clocks are set at an instant; offsets are those from UTC, before and from then on. Microseconds all."""

    at: int
    before: int
    after: int


@dataclass(frozen=True)
class ZoneClock:
    """All the times that the clocks of a zone are set, in order. Microseconds all."""

    at_first: int
    changes: tuple[ClockChange, ...]

    def offset(self, at: int) -> int:
        """How far the clocks are ahead of UTC."""
        passed = bisect_right(self._instants, at)
        return self.changes[passed - 1].after if passed else self.at_first

    def between(self, since: int, until: int) -> Sequence[ClockChange]:
        return self.changes[bisect_left(self._instants, since) : bisect_left(self._instants, until)]

    @cached_property
    def _instants(self) -> list[int]:
        return [change.at for change in self.changes]


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


@cache
def zone_clock(name: str) -> "ZoneClock":
    """The changes of a zone's clocks between 1900 and 2100, and some days around that."""
    zone = load_zone(name)
    changes = (
        ClockChange(second * SECOND, _offset_at(second - 1, zone) * SECOND, _offset_at(second, zone) * SECOND)
        for second in _changing_seconds(name, zone)
        if BEGINNING - _MARGIN < second * SECOND < FOREVER + _MARGIN
    )
    at_first = _offset_at((BEGINNING - _MARGIN) // SECOND, zone) * SECOND
    return ZoneClock(at_first, tuple(change for change in changes if change.before != change.after))


def _changing_seconds(name: str, zone: ZoneInfo) -> Iterator[int]:
    """Those that the zone's file lists, and then those of its rule for all later years, never two in a week."""
    listed = _listed(files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes())
    yield from listed
    last = listed[-1] if listed else 0
    for week in range(max(last, 0) + 1, (FOREVER + _MARGIN) // SECOND, _WEEK):
        if _offset_at(week, zone) != _offset_at(week + _WEEK, zone):
            yield _change_between(week, week + _WEEK, zone)


def _listed(rules: bytes) -> tuple[int, ...]:
    """The transition times in the second, 64-bit part of a TZif file, in seconds."""
    _, ut, std, leaps, times, types, characters = _HEADER.unpack_from(rules)
    second_part = _HEADER.size + times * 5 + types * 6 + characters + leaps * 8 + std + ut
    times = _HEADER.unpack_from(rules, second_part)[4]
    return unpack_from(f">{times}q", rules, second_part + _HEADER.size)


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
    before = _offset_at(low, zone)
    return low + bisect_left(range(low, high), True, key=lambda second: _offset_at(second, zone) != before)


def _offset_at(second: int, zone: ZoneInfo) -> int:
    return _offset(datetime.fromtimestamp(second, zone), zone)


def _offset(wall: datetime, zone: ZoneInfo) -> int:
    """Seconds that `wall` is ahead of UTC."""
    ahead = zone.utcoffset(wall)
    return ahead // _SECOND if ahead else 0
