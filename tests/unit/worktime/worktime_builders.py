"""Small words for calendars and instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from libs.worktime import Calendar, WorkingTime

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WORKDAYS, "sat", "sun")
BERLIN = "Europe/Berlin"

Hours = list[list[str]]
NINE_TO_FIVE = [["09:00", "17:00"]]


def calendar(
    hours: Hours | None,
    days: tuple[str, ...] = WORKDAYS,
    *,
    zone: str = BERLIN,
    holidays: tuple[str, ...] = (),
    exceptions: dict[str, Hours] | None = None,
) -> Calendar:
    """The same hours on all `days`; hours None is 24/7."""
    weekly = None if hours is None else dict.fromkeys(days, hours)
    rules = {"time_zone": zone, "weekly": weekly, "holidays": holidays, "exceptions": exceptions or {}}
    return Calendar.model_validate(rules)


def working_time(
    hours: Hours | None,
    days: tuple[str, ...] = WORKDAYS,
    *,
    zone: str = BERLIN,
    holidays: tuple[str, ...] = (),
    exceptions: dict[str, Hours] | None = None,
) -> WorkingTime:
    rules = calendar(hours, days, zone=zone, holidays=holidays, exceptions=exceptions)
    return WorkingTime(rules, origin=datetime(2025, 1, 1, tzinfo=UTC))


def local(text: str, zone: str = BERLIN, *, fold: int = 0) -> datetime:
    """The instant at which clocks in `zone` show `text`; fold 1 is the second time they do."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
