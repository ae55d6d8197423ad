"""Judging tickets: load what is known, let the domain decide, write down what is new. The same for every occasion."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.envelope import Cause
from libs.events.log import Change, Key, Log
from libs.events.projection import Connection
from services.sla import store
from services.sla.domain.hours import Hours, hours_id
from services.sla.domain.plan import Plan
from services.sla.domain.target import Target, target_id
from services.sla.domain.ticket import judge
from services.sla.domain.wait import Facts, Plans


class PlanBook:
    """The plans of departments, read again only when they have changed."""

    def __init__(self) -> None:
        self._hours: dict[UUID, tuple[int, Hours]] = {}
        self._targets: dict[UUID, tuple[int, Target]] = {}
        self._plans: dict[UUID, Plan] = {}

    async def of(self, executor: store.Executor, departments: Collection[UUID]) -> Plans:
        entities = {hours_id(department): department for department in departments}
        entities |= {target_id(department): department for department in departments}
        known = {**self._hours, **self._targets}
        versions = {entity: known[entity][0] if entity in known else 0 for entity in entities}
        for row in await store.newer_states(executor, versions):
            self._take(entities[row["id"]], row["id"], row["version"], row["state"])
        return {department: self._plan(department) for department in departments}

    def _take(self, department: UUID, entity: UUID, version: int, state: str) -> None:
        self._plans.pop(department, None)
        if entity == hours_id(department):
            self._hours[entity] = version, Hours.model_validate_json(state)
        else:
            self._targets[entity] = version, Target.model_validate_json(state)

    def _plan(self, department: UUID) -> Plan:
        if department not in self._plans:
            _, hours = self._hours.get(hours_id(department), (0, None))
            _, target = self._targets.get(target_id(department), (0, None))
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

    async def judge(self, connection: Connection, occasions: Mapping[UUID, Occasion]) -> int | None:
        """Judge tickets in the caller's transaction; the position of the last event that was appended."""
        await store.hold_plans(connection)
        await store.lock_tickets(connection, list(occasions))
        facts = await store.facts(connection, list(occasions), self.known_until)
        plans = await self.plans.of(connection, departments_of(facts.values()))
        position = None
        for ticket, occasion in sorted(occasions.items(), key=lambda item: item[0]):
            position = await self._say(connection, ticket, occasion, facts[ticket], plans) or position
        return position

    async def _say(
        self, connection: Connection, ticket: UUID, occasion: Occasion, facts: Facts, plans: Plans
    ) -> int | None:
        loaded = await self.log.load(ticket, occasion.key, connection)
        if loaded.used:
            return None
        judgement = judge(store.said_of(loaded), facts, plans, self.known_until)
        if not judgement.events:
            await store.reschedule(connection, ticket, judgement.due_at)
            return None
        state = judgement.said.model_dump_json(exclude_defaults=True).encode()
        change = Change(ticket, store.TICKET, loaded.version, judgement.events, state, judgement.due_at)
        return await self.log.append([change], occasion.cause, loaded.now, key=occasion.key, executor=connection)


def departments_of(facts: Collection[Facts]) -> set[UUID]:
    return {placement.department_id for each in facts for placement in each.placements}
