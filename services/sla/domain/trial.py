"""What other hours or targets would have made of the waits there were."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from libs.events.catalogue.sla import ListedTarget
from libs.worktime import WorkingTime
from services.sla.domain.plan import EVER, HoursInForce, ListInForce, Plans
from services.sla.domain.wait import Facts, Wait, breached_at, timeline


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried, as if it had always been so; None stays as it was."""

    department: UUID | None = None
    hours: WorkingTime | None = None
    targets: Sequence[ListedTarget] | None = None

    def instead_of(self, plans: Plans) -> Plans:
        departments, lists = dict(plans.departments), plans.lists
        if self.department in departments and self.hours is not None:
            in_force = HoursInForce(EVER, 0, self.hours)
            departments[self.department] = replace(departments[self.department], hours=(in_force,))
        if self.targets is not None:
            lists = (ListInForce(EVER, self.targets),)
        return Plans(departments, lists)


@dataclass(frozen=True, slots=True)
class Outcome:
    """When a wait was breached, and when it would have been; None is not, so far."""

    was: datetime | None
    would_be: datetime | None


def tried(wait: Wait, facts: Facts, plans: Plans, trial: Trial, now: datetime) -> Outcome:
    return Outcome(_breach(wait, facts, plans, now), _breach(wait, facts, trial.instead_of(plans), now))


def _breach(wait: Wait, facts: Facts, plans: Plans, now: datetime) -> datetime | None:
    at = breached_at(wait, timeline(wait, facts, plans))
    return at if at and at <= now else None
