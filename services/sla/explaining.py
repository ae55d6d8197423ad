"""A ticket's deadline, explained: which hours and targets the wait went through, and what was used on each."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from libs.events.log import Log
from libs.service.problems import NotFound
from libs.worktime import Stretch
from services.sla.domain.plan import DepartmentRegime, Plans
from services.sla.domain.ticket import Said
from services.sla.domain.wait import Facts, Wait, deadline_of, timeline
from services.sla.judging import PlanBook, departments_of
from services.sla.store import entities, tickets


class RegimeExplained(BaseModel):
    """Part of a wait, under the hours and target of one department. Version 0 of a calendar is 24/7."""

    since: AwareDatetime
    until: AwareDatetime | None
    department_id: UUID
    calendar_version: int
    target_seconds: float | None
    target_id: UUID | None
    target_name: str | None
    """Of the listed target that matched first; null for the department's own, or none."""
    used_before_seconds: float
    """Working time used on the regimes before this one."""


class Explanation(BaseModel):
    """Why a ticket's answer is due when it is: its present wait, or the last one."""

    ticket_id: UUID
    waiting_since: AwareDatetime | None
    waited_until: AwareDatetime | None
    due_at: AwareDatetime | None
    used_seconds: float
    remaining_seconds: float | None
    """Up to now, or to the end of the wait; below zero when overdue."""
    warned: bool
    breached: bool
    regimes: list[RegimeExplained]


async def explain(log: Log, plans: PlanBook, ticket: UUID) -> Explanation:
    """Raises NotFound for a ticket of which nothing is known here."""
    loaded, known = await log.load(ticket), await tickets.facts(log.pool, [ticket], None)
    facts = known[ticket]
    if not facts.waits and not facts.placements:
        raise NotFound
    return explained(
        ticket, entities.said_of(loaded), facts, await plans.of(log.pool, departments_of([facts])), loaded.now
    )


def explained(ticket: UUID, said: Said, facts: Facts, plans: Plans, now: datetime) -> Explanation:
    waits = facts.answers
    wait = waits[-1] if waits else Wait(now, now)
    over = timeline(wait, facts, plans)
    at, remaining = wait.until or now, over.remaining(wait.until or now)
    deadline = deadline_of(wait, over)
    return Explanation(
        ticket_id=ticket,
        waiting_since=wait.since if waits else None,
        waited_until=wait.until if waits else None,
        due_at=deadline.due_at if deadline else None,
        used_seconds=over.used(at).total_seconds(),
        remaining_seconds=None if remaining is None else remaining.total_seconds(),
        warned=wait.since in said.warned,
        breached=wait.since in said.breached,
        regimes=[_regime(stretch) for stretch in over.stretches],
    )


def _regime(stretch: Stretch[DepartmentRegime]) -> RegimeExplained:
    regime = stretch.regime
    return RegimeExplained(
        since=stretch.since,
        until=stretch.until,
        department_id=regime.department_id,
        calendar_version=regime.calendar_version,
        target_seconds=None if regime.target is None else regime.target.total_seconds(),
        target_id=regime.aim.id,
        target_name=regime.aim.name,
        used_before_seconds=stretch.used_before.total_seconds(),
    )
