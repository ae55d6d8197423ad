"""Working time against three libraries, in one run: businesstimedelta, business-duration, opening-hours-py.

Run as `python -m bench.worktime_peers` where `requirements/bench.txt` is installed; what is missing is left out. Each is
asked the same question, the working time used over a span, in the best way it has for that: business-duration knows no
lunch break and no zone, so it has an easier calendar. Medians of several rounds; ratios travel, figures do not.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.worktime_bench import CALENDAR, SPANS
from libs.worktime import WorkingTime

ROUNDS = 5
SECONDS_A_ROUND = 0.2
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2025, 1, 7, 9, 30, tzinfo=UTC)

Ask = Callable[[datetime, datetime], timedelta]
"""The working time from one instant to another."""


def ours() -> Ask:
    return WorkingTime(CALENDAR, START).used


def businesstimedelta() -> Ask:
    library = import_module("businesstimedelta")
    zone, days = import_module("pytz").timezone(BERLIN.key), [0, 1, 2, 3, 4]
    workday = library.WorkDayRule(start_time=time(8), end_time=time(18), working_days=days, tz=zone)
    lunch = library.LunchTimeRule(start_time=time(13), end_time=time(14), working_days=days, tz=zone)
    holidays = library.HolidayRule(dict.fromkeys(CALENDAR.holidays, "closed"), tz=zone)
    rules = library.Rules([workday, lunch, holidays])

    def used(start: datetime, end: datetime) -> timedelta:
        found = rules.difference(start, end)
        return timedelta(hours=found.hours, seconds=found.seconds)

    return used


def business_duration() -> Ask:
    duration = import_module("business_duration").businessDuration
    holidays: list[date] = list(CALENDAR.holidays)

    def used(start: datetime, end: datetime) -> timedelta:
        begin, stop = (at.astimezone(BERLIN).replace(tzinfo=None) for at in (start, end))
        hours = duration(
            startdate=begin, enddate=stop, starttime=time(8), endtime=time(17), holidaylist=holidays, unit="hour"
        )
        return timedelta(hours=hours)

    return used


def opening_hours() -> Ask:
    closed = " ".join(f"; {day:%Y %b %d} off" for day in CALENDAR.holidays)
    hours = import_module("opening_hours").OpeningHours(f"Mo-Fr 08:00-13:00,14:00-18:00{closed}", timezone=BERLIN)

    def used(start: datetime, end: datetime) -> timedelta:
        """Its intervals are those of the text, so only what lies within the span counts."""
        begin, stop = start.astimezone(BERLIN), end.astimezone(BERLIN)
        pieces = hours.intervals(begin, stop)
        is_open = import_module("opening_hours").State.OPEN
        return sum(
            (min(to, stop) - max(since, begin) for since, to, state, _ in pieces if state == is_open), timedelta()
        )

    return used


PEERS: dict[str, Callable[[], Ask]] = {
    "this": ours,
    "businesstimedelta": businesstimedelta,
    "business-duration": business_duration,
    "opening-hours-py": opening_hours,
}


def rate(ask: Ask, start: datetime, end: datetime) -> float:
    """Questions a second; of those that take longer than a round, one is enough."""
    began = perf_counter()
    ask(start, end)
    if (once := perf_counter() - began) > SECONDS_A_ROUND:
        return 1 / once
    rounds = []
    for _ in range(ROUNDS):
        asked, began = 0, perf_counter()
        while (passed := perf_counter() - began) < SECONDS_A_ROUND:
            ask(start, end)
            asked += 1
        rounds.append(asked / passed)
    return median(rounds)


def main() -> None:
    print(f"{'used, questions/s':20}" + "".join(f"{name:>16}" for name in SPANS))
    right = ours()
    for name, make in PEERS.items():
        try:
            ask = make()
        except ModuleNotFoundError as missing:
            print(f"{name:20}  is not installed ({missing.name})")
            continue
        cells = []
        for days in SPANS.values():
            end = START + timedelta(days=days)
            agrees = abs(ask(START, end) - right(START, end)) < timedelta(minutes=1)
            cells.append(f"{rate(ask, START, end):,.1f}{'' if agrees else ' *'}")
        print(f"{name:20}" + "".join(f"{cell:>16}" for cell in cells))
    print("* another answer than ours; business-duration has 8 to 17 without a break")


if __name__ == "__main__":
    main()
