"""Working time: questions a second on one core, over spans from a day to twenty years.

Run as `python -m bench.worktime_bench`. The figures of interest are the ratios down a column: the
cost of a question must not depend on the span it covers. Medians of several rounds.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from libs.worktime import (
    Calendar,
    CompiledCalendar,
    Regime,
    Timeline,
    WorkingTime,
    compile_calendar,
    to_instant,
    to_micros,
)

ROUNDS = 7
QUESTIONS = 20_000
SPANS = {"a day": 1, "a month": 30, "a year": 365, "ten years": 3652, "twenty years": 7304}
START = datetime(2025, 1, 1, tzinfo=UTC)

WORKDAY = [["08:00", "13:00"], ["14:00", "18:00"]]
CALENDAR = Calendar.model_validate(
    {
        "time_zone": "Europe/Berlin",
        "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), WORKDAY),
        "holidays": [f"{year}-12-25" for year in range(2025, 2050)],
    }
)

Question = tuple[Any, Any]


def rate(ask: Callable[[Any, Any], object], questions: list[Question]) -> float:
    """Questions a second."""
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for first, second in questions:
            ask(first, second)
        rounds.append(len(questions) / (perf_counter() - began))
    return median(rounds)


def starts(chance: random.Random) -> list[int]:
    return [to_micros(START) + chance.randrange(365 * 86_400_000_000) for _ in range(QUESTIONS)]


def spans_report(table: CompiledCalendar, hours: WorkingTime) -> None:
    print(f"{'span':14}{'used':>12}{'due':>12}{'… datetimes: used':>22}{'due':>12}   questions/s")
    for name, days in SPANS.items():
        begin, span = starts(random.Random(days)), timedelta(days=days) // timedelta(microseconds=1)
        ranges = [(start, start + span) for start in begin]
        targets = [(start, table.used(start, start + span) + 1) for start in begin]
        figures = [rate(table.used, ranges), rate(table.due, targets)]
        ranges_at = [(to_instant(start), to_instant(end)) for start, end in ranges]
        targets_at = [(to_instant(start), timedelta(microseconds=amount)) for start, amount in targets]
        figures += [rate(hours.used, ranges_at), rate(hours.due, targets_at)]
        print(f"{name:14}{figures[0]:12,.0f}{figures[1]:12,.0f}{figures[2]:22,.0f}{figures[3]:12,.0f}")


def timeline_report(hours: WorkingTime) -> None:
    def deadline(start: datetime, target: timedelta) -> object:
        changes = [start - timedelta(days=9), start + timedelta(hours=2), start + timedelta(hours=9)]
        regimes = [Regime(since=since, hours=hours, target=target) for since in changes]
        return Timeline.of(start, regimes).deadline()

    waits = [(to_instant(start), timedelta(hours=40)) for start in starts(random.Random(1))[:2000]]
    print(f"\na wait's deadline through two changes of regime: {rate(deadline, waits):,.0f}/s")


def compile_report() -> None:
    print()
    for days in (400, 3652, 27000):
        until = to_micros(START + timedelta(days=days))
        per_second = rate(lambda since, until: compile_calendar(CALENDAR, since, until), [(to_micros(START), until)])
        size = len(compile_calendar(CALENDAR, to_micros(START), until).model_dump_json())
        print(f"compiling {days:6,} days: {1000 / per_second:8.1f} ms, {size:10,} bytes of JSON")


def closed_days_report() -> None:
    """With 24 closed days a year: questions on hours that are kept, and the first one on hours that come along."""
    closed = [f"{year}-{month:02}-{day}" for year in range(2025, 2050) for month in range(1, 13) for day in (11, 22)]
    calendar = CALENDAR.model_copy(update={"holidays": tuple(map(date.fromisoformat, closed))})
    kept = WorkingTime(calendar, START)
    print(f"\n{'24 closed days a year':24}{'used':>12}{'due':>12}{'first used':>14}   questions/s")
    for name, days in SPANS.items():
        ranges = [
            (to_instant(start), to_instant(start) + timedelta(days=days)) for start in starts(random.Random(days))
        ]
        targets = [(start, kept.used(start, end)) for start, end in ranges]
        first = rate(lambda start, end: WorkingTime(calendar, start).used(start, end), ranges[:200])
        print(f"{name:24}{rate(kept.used, ranges):12,.0f}{rate(kept.due, targets):12,.0f}{first:14,.0f}")


def main() -> None:
    until = START + timedelta(days=25 * 365)
    hours = WorkingTime(CALENDAR, START)
    table = hours.table(START, until)
    spans_report(table, hours)
    timeline_report(hours)
    compile_report()
    closed_days_report()


if __name__ == "__main__":
    main()
