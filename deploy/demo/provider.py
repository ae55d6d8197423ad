"""The provider of the demo, as its script has it: its people, teams, subjects and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from deploy.demo import script
from libs.service.rights import Right, Role, Staff, Where

_SCRIPT = script.read("provider")
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Administrator:
    """`rights` are those beyond the role's."""

    name: str
    role: Role = Role.AGENT
    rights: Sequence[Right] = ()
    enabled: bool = True
    signs_in: ClassVar[bool] = True

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@provider.example"

    @property
    def is_worker(self) -> bool:
        """Whether they may take and answer their own departments' tickets."""
        staff = Staff(_NOBODY, Role(self.role), frozenset(map(Right, self.rights)))
        return self.enabled and staff.in_place(Where.OWN) >= {Right.ANSWER, Right.ASSIGN}


@dataclass(frozen=True)
class Department:
    """`response` is how long a client waits for an answer at most, in working time. The first member is the head.

    `passes_to` are the departments that get its tickets if it is not the right one.
    """

    name: str
    members: Sequence[str]
    passes_to: Sequence[str]
    response: Mapping[str, int]
    warning_share: float
    time_zone: str
    language: str = "en"
    weekly: Mapping[str, Sequence[str]] = field(default_factory=dict)
    holidays: Sequence[str] = ()
    exceptions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def head(self) -> Administrator:
        return administrator(self.members[0])

    @property
    def workers(self) -> list[Administrator]:
        return [one for one in map(administrator, self.members) if one.is_worker]

    @property
    def hours(self) -> dict[str, Any]:
        """As the API takes them; without a weekly schedule it is open day and night."""
        weekly = {day: _intervals(open_) for days, open_ in self.weekly.items() for day in days.split()}
        exceptions = {day: _intervals(open_) for day, open_ in self.exceptions.items()}
        calendar = {"time_zone": self.time_zone, "holidays": self.holidays, "exceptions": exceptions}
        return {"calendar": {**calendar, "weekly": weekly or None}}

    @property
    def target(self) -> dict[str, Any]:
        seconds = int(timedelta(**self.response).total_seconds())
        return {"response_seconds": seconds, "warning_share": self.warning_share}


@dataclass(frozen=True)
class Category:
    """Open to accounts that have ordered one of `products`, or of a `project`; without either, to all."""

    name: str
    department: str
    products: Sequence[str] = ()
    project: str | None = None

    def is_open_to(self, ordered: set[str], project: str) -> bool:
        is_ordered = not self.products or not ordered.isdisjoint(self.products)
        return is_ordered and self.project in {None, project}


@dataclass(frozen=True)
class Gateway:
    """Mail that comes in by this address is about a category, and of customers of a project."""

    address: str
    category: str
    project: str | None = None


def _intervals(texts: Sequence[str]) -> list[list[str]]:
    return [text.split("-") for text in texts]


GROUPS: Sequence[str] = _SCRIPT["groups"]
PROJECTS: Sequence[str] = _SCRIPT["projects"]
SUBMISSION_RULES: Sequence[dict[str, Any]] = _SCRIPT["submission_rules"]
WEIGHT_RULES: Sequence[dict[str, Any]] = _SCRIPT["weight_rules"]
ADMINISTRATORS = [Administrator(**one) for one in _SCRIPT["administrators"]]
DEPARTMENTS = [Department(**one) for one in _SCRIPT["departments"]]
CATEGORIES = [Category(**one) for one in _SCRIPT["categories"]]
GATEWAYS = [Gateway(**one) for one in _SCRIPT["gateways"]]
OWNER = next(one for one in ADMINISTRATORS if one.role == Role.OWNER)


def administrator(name: str) -> Administrator:
    return next(one for one in ADMINISTRATORS if one.name == name)


def department(name: str) -> Department:
    return next(one for one in DEPARTMENTS if one.name == name)


def category(name: str) -> Category:
    return next(one for one in CATEGORIES if one.name == name)


def routed(about: Category, language: str) -> Department:
    """Where such a ticket goes: by a rule on its language, the only ones of the demo that give a department, or as usual."""
    for rule in SUBMISSION_RULES:
        if "department_id" in rule["then"] and language in rule["conditions"]["values"]:
            return department(rule["then"]["department_id"])
    return department(about.department)
