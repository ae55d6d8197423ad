"""Working time: how much of it passes between two instants, and when a given amount of it is used up.

Pure arithmetic over a `Calendar`: no input, no output, no clock.

    Calendar --compile--> CompiledCalendar     local wall-clock rules, as UTC segments and prefix sums: what is published
    WorkingTime                                the same at any instant, over datetimes, at the cost of two bisections
    Timeline                                   one wait through changes of department, hours and target
"""

from libs.worktime.calendar import Calendar, Week
from libs.worktime.compile import compile_calendar
from libs.worktime.instants import BEGINNING, FOREVER, to_instant, to_micros
from libs.worktime.public_holidays import Region, holidays_of, regions
from libs.worktime.table import CompiledCalendar, OutsideTableError
from libs.worktime.timeline import Deadline, Hours, Regime, Stretch, Timeline
from libs.worktime.working_time import WorkingTime
from libs.worktime.zones import zone_names

__all__ = [
    "BEGINNING",
    "FOREVER",
    "Calendar",
    "CompiledCalendar",
    "Deadline",
    "Hours",
    "OutsideTableError",
    "Regime",
    "Region",
    "Stretch",
    "Timeline",
    "Week",
    "WorkingTime",
    "compile_calendar",
    "holidays_of",
    "regions",
    "to_instant",
    "to_micros",
    "zone_names",
]
