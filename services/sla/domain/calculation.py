"""Single questions about working time, as anybody may put them; answered by what deadlines are made with."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.service.bodies import Instant, Number
from libs.worktime import OutsideTableError, WorkingTime

_TWO_CENTURIES = 200 * 366 * 86_400


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Due(_Question):
    """The earliest instant by which so much working time has passed since the start."""

    op: Literal["due"]
    start: Instant
    seconds: Annotated[Number, Field(ge=0, le=_TWO_CENTURIES, allow_inf_nan=False)]


class Used(_Question):
    """The working time from start to end."""

    op: Literal["used"]
    start: Instant
    end: Instant


class Open(_Question):
    """Whether it is open."""

    op: Literal["open"]
    at: Instant


class NextChange(_Question):
    """The first opening or closing after an instant."""

    op: Literal["next_change"]
    at: Instant


Question = Annotated[Due | Used | Open | NextChange, Field(discriminator="op")]


class DueAnswer(BaseModel):
    """Null if the hours never get that far."""

    due_at: datetime | None


class UsedAnswer(BaseModel):
    """0 for a reversed range."""

    seconds: float


class OpenAnswer(BaseModel):
    open: bool


class NextChangeAnswer(BaseModel):
    """Both null if nothing changes any more; else when, and whether it opens then."""

    at: datetime | None
    opens: bool | None


class NoAnswer(BaseModel):
    """This one could not be answered; the others are."""

    error: str


Answer = DueAnswer | UsedAnswer | OpenAnswer | NextChangeAnswer | NoAnswer


def answer(question: Due | Used | Open | NextChange, working: WorkingTime) -> Answer:
    try:
        return _answer(question, working)
    except (OutsideTableError, OverflowError):
        return NoAnswer(error="Working time is known from 1900 to 2100 only")


def _answer(question: Due | Used | Open | NextChange, working: WorkingTime) -> Answer:
    match question:
        case Due(start=start, seconds=seconds):
            return DueAnswer(due_at=working.due(start, timedelta(seconds=seconds)))
        case Used(start=start, end=end):
            return UsedAnswer(seconds=working.used(start, end).total_seconds())
        case Open(at=at):
            return OpenAnswer(open=working.is_open(at))
        case NextChange(at=at):
            change = working.next_change(at)
            return NextChangeAnswer(at=change, opens=None if change is None else working.is_open(change))
