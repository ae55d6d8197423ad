"""Departments' zones and working hours, as sla tells them: every version, so that any instant can be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from libs.worktime import CompiledCalendar, to_micros


@dataclass(frozen=True, slots=True)
class HoursVersion:
    """Hours in force from `since` on. The tables of one version follow each other, each reaching further."""

    since: datetime
    zone: tzinfo
    tables: Sequence[CompiledCalendar]


@dataclass(frozen=True, slots=True)
class DepartmentHours:
    """All versions of a department's hours, oldest first; before the first it is always open, and its zone is UTC."""

    versions: Sequence[HoursVersion] = ()

    def wall_clock(self, at: datetime) -> time:
        version = self._in_force(at)
        return at.astimezone(version.zone if version else UTC).time()

    def is_open(self, at: datetime) -> bool | None:
        """None when no table reaches there."""
        version, instant = self._in_force(at), to_micros(at)
        if version is None:
            return True
        table = next((table for table in version.tables if table.since <= instant < table.until), None)
        return table.is_open(instant) if table else None

    def _in_force(self, at: datetime) -> HoursVersion | None:
        return next((version for version in reversed(self.versions) if version.since <= at), None)


NEVER_SET = DepartmentHours()
