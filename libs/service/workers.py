"""Background workers of a service: started together, started again when one crashes, stopped together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import chain, repeat
from typing import Protocol

import structlog

from libs.service.context import use_context
from libs.service.metrics import WORKER_CRASHES

log = structlog.get_logger()


class Worker(Protocol):
    """Work that goes on until `stop` is set; returning earlier means it is done for good."""

    @property
    def name(self) -> str: ...

    async def run(self, stop: asyncio.Event) -> None: ...


def backoff() -> Iterable[float]:
    """Seconds to wait before the first, second, … restart."""
    return chain((0.1, 0.5, 1, 2, 5), repeat(10.0))


async def a_minute() -> None:
    await asyncio.sleep(60)


class Workers:
    def __init__(
        self,
        service: str,
        workers: Iterable[Worker],
        *,
        drain_seconds: float = 10,
        delays: Callable[[], Iterable[float]] = backoff,
        steady: Callable[[], Awaitable[object]] = a_minute,
    ) -> None:
        """`delays`: seconds before each restart; `steady`: returns when a restarted worker counts as sound."""
        self._service = service
        self._workers = tuple(workers)
        self._drain_seconds = drain_seconds
        self._delays = delays
        self._steady = steady
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._failing: dict[str, str] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Workers"]:
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def start(self) -> None:
        if not self._tasks:
            self._stop = asyncio.Event()
            self._tasks = [
                asyncio.create_task(self._keep_running(one), name=f"{self._service}:{one.name}")
                for one in self._workers
            ]

    async def stop(self) -> None:
        """Ask all to stop, wait `drain_seconds`, then cancel what is left."""
        tasks, self._tasks = self._tasks, []
        if not tasks:
            return
        self._stop.set()
        _, late = await asyncio.wait(tasks, timeout=self._drain_seconds)
        for task in late:
            log.warning("worker_cancelled", service=self._service, worker=task.get_name())
            task.cancel()
        if late:  # with a limit, as a cancellation may be swallowed by what it interrupts
            await asyncio.wait(late, timeout=self._drain_seconds)

    def failing(self) -> dict[str, str]:
        """Answer the workers that crashed and have not run steadily since, with their last error's kind."""
        return dict(self._failing)

    async def _keep_running(self, worker: Worker) -> None:
        with use_context(service=self._service):
            delays = iter(self._delays())
            while not self._stop.is_set():
                steady = asyncio.create_task(self._forgive(worker.name))
                done = await self._run_once(worker)
                if steady.done():
                    delays = iter(self._delays())
                steady.cancel()
                if done:
                    return
                await self._pause(next(delays))

    async def _run_once(self, worker: Worker) -> bool:
        """Answer whether the worker ended by itself rather than by an error."""
        try:
            await worker.run(self._stop)
        except Exception as error:
            self._failing[worker.name] = type(error).__name__
            WORKER_CRASHES.labels(self._service, worker.name).inc()
            log.exception("worker_crashed", worker=worker.name)
            return False
        self._failing.pop(worker.name, None)
        return True

    async def _forgive(self, name: str) -> None:
        await self._steady()
        self._failing.pop(name, None)

    async def _pause(self, seconds: float) -> None:
        """Wait, or until stop is set."""
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return
