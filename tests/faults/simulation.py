"""One run: a world, clients, the plan's faults, then peace, and the oracle's judgement."""

import asyncio
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx

from tests.faults.clients import Clients, Command, Journal
from tests.faults.faults import Faults
from tests.faults.markers import Markers
from tests.faults.oracle import judge
from tests.faults.plan import Plan, Step
from tests.faults.quiet import became_quiet, rebuilt
from tests.faults.snapshot import take_snapshot
from tests.faults.world import SYSTEM_KEY, World, running_world


async def simulate(plan: Plan, folder: Path, broken: str | None = None) -> list[str]:
    """Run the plan; what the oracle has to say against the outcome, nothing if all is well."""
    try:
        async with running_world(plan, folder, broken) as world:
            return await _live_through(world, plan)
    except ExceptionGroup as failures:
        return [f"{type(error).__name__}: {error}" for error in _leaves(failures)]
    except (TimeoutError, AssertionError) as failure:
        return [f"{type(failure).__name__}: {failure}"]


async def _live_through(world: World, plan: Plan) -> list[str]:
    journal, markers = Journal(), Markers(world.nats.url)
    async with markers.recorded():
        await _trouble(world, plan, journal)
        await _epilogue(world, plan, journal)
        await became_quiet(world, plan.patience)
        live = await take_snapshot(world)
        await rebuilt(world, plan.patience)
        again = await take_snapshot(world)
    return judge(world, plan, journal, markers.seen, live, again)


async def _trouble(world: World, plan: Plan, journal: Journal) -> None:
    faults = Faults(world, plan, journal)
    async with asyncio.TaskGroup() as group:
        group.create_task(Clients(world, plan, journal).work(plan.seconds))
        for step in plan.steps:
            group.create_task(_later(faults, step))


async def _later(faults: Faults, step: Step) -> None:
    await asyncio.sleep(step.at)
    await faults.do(step)


async def _epilogue(world: World, plan: Plan, journal: Journal) -> None:
    """With all up and the antidote taken, one more command: when its effects are everywhere, all has been told."""
    world.antidote.touch()
    await world.all_ready()
    command = Command(str(uuid4()), "epilogue", "the last line")
    async with httpx.AsyncClient(timeout=5, headers={"Authorization": f"Bearer {SYSTEM_KEY}"}) as http:
        await Clients(world, plan, journal).send(http, command, Random(plan.seed))


def _leaves(group: BaseExceptionGroup[Exception]) -> list[Exception]:
    """The errors themselves, out of all nested groups."""
    return [
        leaf
        for error in group.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]
