"""A department's working hours, as people write them down."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from libs.worktime.zones import load_zone

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"


def _start(clock: str) -> str:
    if not re.fullmatch(_CLOCK, clock):
        raise ValueError(f"{clock!r} is no time of day; write HH:MM, from 00:00 to 23:59")
    return clock


def _end(clock: str) -> str:
    if clock != "24:00" and not re.fullmatch(_CLOCK, clock):
        raise ValueError(f"{clock!r} is no end of working hours; write HH:MM, from 00:00 to 24:00")
    return clock


def _written(day: Any) -> Any:
    if isinstance(day, int | float):
        raise ValueError("a date is written as text")  # noqa: TRY004 - pydantic takes no TypeError
    return day


def _zone_name(name: str) -> str:
    load_zone(name)
    return name


Start = Annotated[str, AfterValidator(_start), WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$"})]
End = Annotated[str, AfterValidator(_end), WithJsonSchema({"type": "string", "pattern": f"^({_CLOCK}|24:00)$"})]
Intervals = tuple[tuple[Start, End], ...]
Day = Annotated[
    date,
    Field(ge=date(1900, 1, 1), lt=date(2100, 1, 1), json_schema_extra={"pattern": "^(19|20)"}),
    BeforeValidator(_written),
]


class Week(BaseModel):
    """The regular hours; a day that is left out is closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mon: Intervals = ()
    tue: Intervals = ()
    wed: Intervals = ()
    thu: Intervals = ()
    fri: Intervals = ()
    sat: Intervals = ()
    sun: Intervals = ()

    def days(self) -> tuple[Intervals, ...]:
        """Seven days, Monday first, as `date.weekday` counts."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)


class Calendar(BaseModel):
    """Open intervals of local wall-clock time, each belonging to the date on which it starts.

    An interval `["08:00", "18:00"]` includes its start and not its end. One whose end is not after its
    start runs into the next date, so `["09:00", "09:00"]` lasts 24 hours. Without a weekly schedule
    every date is open from 00:00 to 24:00. A holiday drops the intervals that start on it, an
    exception replaces them, even on a holiday.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: Annotated[str, AfterValidator(_zone_name)]
    weekly: Week | None = None
    holidays: tuple[Day, ...] = ()
    exceptions: dict[Day, Intervals] = Field(default_factory=dict, json_schema_extra={"additionalProperties": False})
