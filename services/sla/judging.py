"""Judging tickets: load what is known, let the domain decide, write down what is new. The same for every occasion."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from libs.events.envelope import Cause
from libs.events.log import Change, Executor, Key, Log
from libs.events.projection import Connection
from services.sla.domain.hours import Hours, hours_id
from services.sla.domain.plan import Plan, Plans
from services.sla.domain.target import Target, target_id
from services.sla.domain.target_list import LIST_ID, TargetList
from services.sla.domain.ticket import Judgement, Said, judge
from services.sla.domain.wait import Facts
from services.sla.store import entities, tickets


class PlanBook:
    """The plans of departments, read again only when they have changed."""

    def __init__(self) -> None:
        self._hours: dict[UUID, Hours] = {}
        self._targets: dict[UUID, Target] = {}
        self._versions: dict[UUID, int] = {}
        self._plans: dict[UUID, Plan] = {}
        self._list = TargetList()

    async def of(self, executor: Executor, departments: Collection[UUID]) -> Plans:
        owners = {hours_id(department): department for department in departments}
        owners |= {target_id(department): department for department in departments}
        known = {entity: self._versions.get(entity, 0) for entity in (*owners, LIST_ID)}
        for row in await tickets.newer_states(executor, known):
            if row["id"] == LIST_ID:
                self._take_list(row["version"], row["state"])
            else:
                self._take(owners[row["id"]], row["id"], row["version"], row["state"])
        return Plans.of({department: self._plan(department) for department in departments}, self._list)

    async def targets(self, executor: Executor) -> TargetList:
        """The list with its past."""
        await self.of(executor, ())
        return self._list

    def _take_list(self, version: int, state: str) -> None:
        if version > self._versions.get(LIST_ID, 0):
            self._versions[LIST_ID] = version
            self._list = TargetList.model_validate_json(state)

    def _take(self, department: UUID, entity: UUID, version: int, state: str) -> None:
        """Unless somebody else, who read later, was faster."""
        if version <= self._versions.get(entity, 0):
            return
        self._versions[entity] = version
        self._plans.pop(department, None)
        if entity == hours_id(department):
            self._hours[department] = Hours.model_validate_json(state)
        else:
            self._targets[department] = Target.model_validate_json(state)

    def _plan(self, department: UUID) -> Plan:
        if department not in self._plans:
            hours, target = self._hours.get(department), self._targets.get(department)
            self._plans[department] = Plan.of(department, hours, target)
        return self._plans[department]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a ticket is judged; with a key, once."""

    cause: Cause
    key: Key | None = None


class Judge:
    def __init__(self, log: Log) -> None:
        self.log = log
        self.plans = PlanBook()
        self.known_until: datetime | None = None
        """The instant up to which everything is known that could still prevent a warning or a breach."""

    async def judge(
        self, connection: Connection, occasions: Mapping[UUID, Occasion], known_until: datetime | None = None
    ) -> int | None:
        """Judge tickets in the caller's transaction; the position of the last event that was appended.

        Warnings and breaches up to `known_until` are said; without it they are only scheduled.
        """
        await tickets.hold_plans(connection)
        await tickets.lock_tickets(connection, list(occasions))
        facts = await tickets.facts(connection, list(occasions), self.known_until)
        plans = await self.plans.of(connection, departments_of(facts.values()))
        position = None
        for ticket, occasion in sorted(occasions.items(), key=lambda item: item[0]):
            judging = partial(judge, facts=facts[ticket], plans=plans, known_until=known_until)
            position = await self._say(connection, ticket, occasion, judging) or position
        return position

    async def _say(
        self, connection: Connection, ticket: UUID, occasion: Occasion, judging: Callable[[Said], Judgement]
    ) -> int | None:
        loaded = await self.log.load(ticket, occasion.key, connection)
        if loaded.used:
            return None
        judgement = judging(entities.said_of(loaded))
        if not judgement.events:
            await tickets.reschedule(connection, ticket, judgement.due_at)
            return None
        state = judgement.said.model_dump_json(exclude_defaults=True).encode()
        change = Change(ticket, entities.TICKET, loaded.version, judgement.events, state, judgement.due_at)
        return await self.log.append([change], occasion.cause, loaded.now, key=occasion.key, executor=connection)


def departments_of(facts: Collection[Facts]) -> set[UUID]:
    return {placement.department_id for each in facts for placement in each.placements}
