"""Workers: started, started again, stopped, cancelled."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

from structlog.testing import capture_logs

from libs.service.context import current_service
from libs.service.metrics import REGISTRY
from libs.service.workers import Workers, backoff


@dataclass
class Steps:
    """A worker that fails as often as it is told, then works until it is stopped."""

    name: str = "steps"
    failures: int = 0
    runs: int = 0
    working: asyncio.Event = field(default_factory=asyncio.Event)
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: bool = False
    service: str | None = None

    async def run(self, stop: asyncio.Event) -> None:
        self.runs += 1
        self.service = current_service()
        if self.runs <= self.failures:
            self.failed.set()
            raise RuntimeError("out of order")
        self.working.set()
        await stop.wait()
        self.stopped = True


@dataclass
class Deaf:
    """A worker that does not hear."""

    name: str = "deaf"
    working: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        del stop
        self.working.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


def at_once() -> Iterable[float]:
    return repeat(0.0)


def never() -> Iterable[float]:
    return repeat(3600.0)


async def test_workers_run_until_they_are_stopped() -> None:
    one, two = Steps("one"), Steps("two")
    async with Workers("intake", [one, two]).running():
        await one.working.wait()
        await two.working.wait()
        assert one.service == "intake"
    assert one.stopped
    assert two.stopped


async def test_a_crashed_worker_is_started_again_counted_and_logged() -> None:
    before = REGISTRY.get_sample_value("helpdesk_worker_crashes_total", {"service": "sla", "worker": "steps"}) or 0
    worker = Steps(failures=3)
    with capture_logs() as logged:
        async with Workers("sla", [worker], delays=at_once).running():
            await worker.working.wait()
    assert worker.runs == 4
    after = REGISTRY.get_sample_value("helpdesk_worker_crashes_total", {"service": "sla", "worker": "steps"})
    assert after == before + 3
    assert [line["event"] for line in logged] == ["worker_crashed"] * 3


async def test_a_crashed_worker_is_named_until_it_has_run_steadily() -> None:
    worker, steady = Steps(failures=1), asyncio.Event()
    workers = Workers("sla", [worker], delays=at_once, steady=steady.wait)
    assert workers.failing() == {}
    async with workers.running():
        await worker.working.wait()
        assert workers.failing() == {"steps": "RuntimeError"}
        steady.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert workers.failing() == {}


async def test_others_go_on_while_one_waits_to_be_started_again() -> None:
    broken, sound = Steps("broken", failures=1), Steps("sound")
    workers = Workers("sla", [broken, sound], delays=never)
    async with workers.running():
        await broken.failed.wait()
        await sound.working.wait()
        assert list(workers.failing()) == ["broken"]
    assert (broken.runs, sound.stopped) == (1, True)


async def test_a_worker_that_returns_is_done() -> None:
    class Once:
        name = "once"
        runs = 0

        async def run(self, stop: asyncio.Event) -> None:
            del stop
            self.runs += 1

    once, other = Once(), Steps()
    async with Workers("sla", [once, other], delays=at_once).running():
        await other.working.wait()
    assert once.runs == 1


async def test_a_worker_that_does_not_stop_is_cancelled() -> None:
    deaf = Deaf()
    workers = Workers("sla", [deaf], drain_seconds=0)
    await workers.start()
    await deaf.working.wait()
    with capture_logs() as logged:
        await workers.stop()
    assert deaf.cancelled
    assert [line["event"] for line in logged] == ["worker_cancelled"]


async def test_starting_and_stopping_twice_is_starting_and_stopping_once() -> None:
    worker = Steps()
    workers = Workers("sla", [worker])
    await workers.stop()
    await workers.start()
    await workers.start()
    await worker.working.wait()
    await workers.stop()
    await workers.stop()
    assert worker.runs == 1
    worker.working.clear()
    await workers.start()
    await worker.working.wait()
    await workers.stop()
    assert worker.runs == 2


def test_waiting_grows_and_stays_bounded() -> None:
    delays = [delay for delay, _ in zip(backoff(), range(20), strict=False)]
    assert delays == sorted(delays)
    assert max(delays) <= 10
