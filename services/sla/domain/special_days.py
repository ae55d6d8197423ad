"""The dates to come on which a department does not work as in any week."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pydantic import BaseModel

from libs.worktime.calendar import Intervals
from services.sla.domain.hours import HoursChange


class Why(StrEnum):
    """What makes a date special; the first of them that holds wins."""

    EXCEPTION = "exception"
    HOLIDAY = "holiday"
    PUBLIC_HOLIDAY = "public_holiday"


class SpecialDay(BaseModel):
    """A date, and the intervals that start on it instead of those of the week; none means that it is closed."""

    date: date
    why: Why
    name: str | None
    """Of the public holiday, also where the department's own hours beat it."""
    hours: Intervals


def special_days(hours: HoursChange, first: date, last: date) -> list[SpecialDay]:
    """From the first date to the last, in order."""
    return sorted(_special_days(hours, first, last), key=lambda day: day.date)


def _special_days(hours: HoursChange, first: date, last: date) -> Iterator[SpecialDay]:
    calendar = hours.calendar
    exceptions = calendar.exceptions if calendar else {}
    own = set(calendar.holidays) if calendar else set()
    for day in {*exceptions, *own, *hours.holidays}:
        if first <= day <= last:
            why = Why.EXCEPTION if day in exceptions else Why.HOLIDAY if day in own else Why.PUBLIC_HOLIDAY
            yield SpecialDay(date=day, why=why, name=hours.holidays.get(day), hours=exceptions.get(day, ()))
