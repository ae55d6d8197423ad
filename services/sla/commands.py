"""Setting a department's hours and target."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from libs.events.catalogue.sla import ListedTarget, PublicHolidays
from libs.events.commands import Decision, Outcome, asked_by, execute, in_transaction
from libs.events.log import Executor, Loaded, Log, NewEvent
from libs.events.projection import Connection
from libs.service.caller import Caller
from libs.service.problems import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from libs.worktime import Calendar
from services.sla.domain import hours as hours_domain
from services.sla.domain import target as target_domain
from services.sla.domain import target_list as list_domain
from services.sla.domain.hours import Hours, change_hours, hours_id
from services.sla.domain.target import Target, change_target, target_id
from services.sla.domain.target_list import LIST_ID, TargetList, change_list
from services.sla.store import entities, register, rejudgements, tickets

_NAMED: Mapping[str, Literal["departments", "named"]] = {
    "department_ids": "departments",
    "group_ids": "named",
    "project_ids": "named",
}


@dataclass(frozen=True, slots=True)
class Precondition:
    """What the caller believes to change: a version, any (None), or nothing said at all."""

    stated: bool
    version: int | None = None

    def check(self, version: int) -> None:
        """Only what nobody has set before may be set without saying what it replaces."""
        if not self.stated and version:
            raise PreconditionRequired
        if self.stated and self.version not in {None, version}:
            raise PreconditionFailed


@dataclass(frozen=True)
class Commands:
    """Answers the state after the command; raises a Problem when it is refused."""

    log: Log
    changed: asyncio.Event

    async def hours(self, department: UUID) -> Hours:
        return entities.hours_of(await self._known(department, hours_id(department)), department)

    async def target(self, department: UUID) -> Target:
        return entities.target_of(await self._known(department, target_id(department)), department)

    async def set_hours(
        self,
        department: UUID,
        calendar: Calendar | None,
        region: PublicHolidays | None,
        precondition: Precondition,
        caller: Caller,
    ) -> Outcome:
        def decide(loaded: Loaded) -> Decision:
            hours = entities.hours_of(loaded, department)
            events = change_hours(hours, calendar, region, loaded.now)
            if events:
                precondition.check(hours.version)
            for event in events:
                hours = hours_domain.evolve(hours, event, loaded.now)
            return entities.written_hours(hours, [NewEvent(event) for event in events], loaded.now)

        return await self._change(department, hours_id(department), entities.HOURS, decide, caller)

    async def set_target(
        self,
        department: UUID,
        response_seconds: int | None,
        warning_share: float,
        precondition: Precondition,
        caller: Caller,
    ) -> Outcome:
        def decide(loaded: Loaded) -> Decision:
            target = entities.target_of(loaded, department)
            events = change_target(target, response_seconds, warning_share)
            if events:
                precondition.check(target.version)
            for event in events:
                target = target_domain.evolve(target, event, loaded.now)
            return Decision([NewEvent(event) for event in events], target.model_dump_json().encode())

        return await self._change(department, target_id(department), entities.TARGET, decide, caller)

    async def targets(self) -> TargetList:
        return entities.target_list_of(await self.log.load(LIST_ID))

    async def set_targets(self, wanted: Sequence[ListedTarget], precondition: Precondition, caller: Caller) -> Outcome:
        """The list as it is to be; all tickets that wait are judged again."""
        await self._check_conditions(wanted)

        def decide(loaded: Loaded) -> Decision:
            targets = entities.target_list_of(loaded)
            events = change_list(targets, wanted)
            if events:
                precondition.check(targets.version)
            for event in events:
                targets = list_domain.evolve(targets, event, loaded.now)
            return Decision([NewEvent(event) for event in events], targets.model_dump_json().encode())

        async def work(executor: Executor) -> Outcome:
            assert isinstance(executor, Connection)
            await tickets.hold_plans(executor, to_change=True)
            outcome = await execute(
                self.log, LIST_ID, entities.TARGET_LIST, decide, asked_by(caller), executor=executor
            )
            if outcome.is_new:
                await rejudgements.request_all(executor, outcome.position)
            return outcome

        outcome = await in_transaction(self.log, work)
        self.changed.set()
        return outcome

    async def _check_conditions(self, wanted: Sequence[ListedTarget]) -> None:
        """A target for what does not exist would never match, and nobody would know why."""
        for number, target in enumerate(wanted):
            for field, table in _NAMED.items():
                ids: Sequence[UUID] = getattr(target, field) or ()
                if ids and (unknown := await register.unknown(self.log.pool, table, ids)):
                    raise Invalid.at(f"/targets/{number}/{field}", f"Not known here: {', '.join(map(str, unknown))}")

    async def _change(
        self, department: UUID, entity: UUID, kind: str, decide: Callable[[Loaded], Decision], caller: Caller
    ) -> Outcome:
        """The change, and with it the wish to judge the department's waiting tickets again."""

        async def work(executor: Executor) -> Outcome:
            assert isinstance(executor, Connection)
            await tickets.hold_plans(executor, to_change=True)
            await self.require(department, executor)
            outcome = await execute(self.log, entity, kind, decide, asked_by(caller), executor=executor)
            if outcome.is_new:
                await rejudgements.request(executor, department, outcome.position)
            return outcome

        outcome = await in_transaction(self.log, work)
        self.changed.set()
        return outcome

    async def _known(self, department: UUID, entity: UUID) -> Loaded:
        await self.require(department)
        return await self.log.load(entity)

    async def require(self, department: UUID, executor: Executor | None = None) -> None:
        """Raise NotFound for a department that is not known here."""
        if not await register.has_department(executor or self.log.pool, department):
            raise NotFound("No such department is known here")
