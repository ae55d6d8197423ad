"""The provider of the demo: its people, teams, subjects and rules."""

from dataclasses import dataclass, field
from typing import Any

Week = dict[str, list[list[str]]]

_WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
_ALL_DAYS = (*_WORKING_DAYS, "sat", "sun")


def _week(days: tuple[str, ...], *intervals: str) -> Week:
    return {day: [interval.split("-") for interval in intervals] for day in days}


@dataclass(frozen=True)
class Department:
    """`response` is the time in hours that a client waits for an answer at most. The first of its members is its head."""

    name: str
    members: tuple[str, ...]
    response: float
    warning: float
    calendar: dict[str, Any]

    @property
    def hours(self) -> dict[str, Any]:
        return {"calendar": self.calendar}

    @property
    def target(self) -> dict[str, Any]:
        return {"response_seconds": round(self.response * 3600), "warning_share": self.warning}


@dataclass(frozen=True)
class Category:
    name: str
    department: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class WeightRule:
    name: str
    points: int
    conditions: dict[str, Any] = field(default_factory=dict)
    count: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {"name": self.name, "points": self.points, "conditions": self.conditions, **self.count}


ADMINISTRATORS = (
    "Sam Carter",
    "Ingrid Holm",
    "Mateo Ruiz",
    "Aiko Tanaka",
    "Priya Nair",
    "Jonas Weber",
    "Chloe Martin",
    "David Okafor",
    "Wei Ling Tan",
    "Lukas Novak",
    "Hannah Fischer",
    "Omar Haddad",
)

GROUPS = ("Key accounts", "Resellers", "Agencies", "Non-profits")
PROJECTS = ("Nordhost", "CloudPier", "MailHarbor")

DEPARTMENTS = (
    Department(
        "Customer care",
        ("Ingrid Holm", "Sam Carter", "Hannah Fischer", "Jonas Weber"),
        response=4,
        warning=0.8,
        calendar={
            "time_zone": "Europe/Berlin",
            "weekly": _week(_WORKING_DAYS, "08:00-12:30", "13:30-18:00"),
            "holidays": ["2026-12-25", "2027-01-01"],
            "exceptions": {"2026-12-24": [["09:00", "12:00"]]},
        },
    ),
    Department(
        "Infrastructure",
        ("Mateo Ruiz", "David Okafor", "Lukas Novak", "Wei Ling Tan"),
        response=0.5,
        warning=0.7,
        calendar={"time_zone": "Europe/Berlin"},  # no weekly hours: day and night
    ),
    Department(
        "Night shift Asia",
        ("Wei Ling Tan", "Aiko Tanaka", "Priya Nair"),
        response=2,
        warning=0.8,
        calendar={"time_zone": "Asia/Singapore", "weekly": _week(_ALL_DAYS, "20:00-04:00")},
    ),
    Department(
        "Billing",
        ("Chloe Martin", "Hannah Fischer"),
        response=8,
        warning=0.75,
        calendar={
            "time_zone": "America/New_York",
            "weekly": _week(_WORKING_DAYS, "09:00-17:00"),
            "holidays": ["2026-11-26", "2026-12-25"],
        },
    ),
    Department(
        "Domains",
        ("Jonas Weber", "Priya Nair", "Lukas Novak"),
        response=3,
        warning=0.8,
        calendar={"time_zone": "Europe/Berlin", "weekly": _week(_ALL_DAYS, "08:00-20:00")},
    ),
    Department(
        "Abuse desk",
        ("Omar Haddad", "David Okafor"),
        response=6,
        warning=0.8,
        calendar={"time_zone": "America/New_York", "weekly": _week(_WORKING_DAYS, "07:00-15:00", "16:00-20:00")},
    ),
)

CATEGORIES = (
    Category("Server down", "Infrastructure", ("vps", "dedicated")),
    Category("Website or hosting", "Customer care", ("hosting",)),
    Category("E-mail", "Customer care"),
    Category("Domains and DNS", "Domains"),
    Category("Certificates", "Domains"),
    Category("Backups and restore", "Night shift Asia", ("vps", "dedicated")),
    Category("Network and DDoS", "Infrastructure", ("vps", "dedicated")),
    Category("Migration", "Night shift Asia"),
    Category("Invoices and payments", "Billing"),
    Category("Orders and sales", "Billing"),
    Category("Panel and access", "Customer care"),
    Category("Abuse report", "Abuse desk"),
    Category("Another question", "Customer care"),
)

WEIGHT_RULES = (
    WeightRule("Crucial processes are down", 90, {"urgencies": ["high"]}),
    WeightRule("No hurry", -20, {"urgencies": ["low"]}),
    WeightRule("Good customer", 20, {"attitudes": ["good"]}),
    WeightRule("Bad customer", -15, {"attitudes": ["bad"]}),
    WeightRule("Services", 2, count={"per": "service", "cap": 30}),
    WeightRule("Expenses", 5, {"min_expenses": "100"}, {"per": "expenses", "unit": "100", "cap": 60}),
)


def email_of(administrator: str) -> str:
    return f"{administrator.lower().replace(' ', '.')}@provider.example"


def department(name: str) -> Department:
    return next(each for each in DEPARTMENTS if each.name == name)
