"""The processes of the pair, forked from a warm one, so that a new one is there at once after a kill."""

import asyncio
import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import psutil

from tests.faults.faultpoints import Point
from tests.faults.pair.child import run_forked
from tests.infrastructure.ports import free_port

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.pair.child"])


@dataclass
class Replica:
    """One of possibly several processes of a role: `scribe-a`, `scribe-b`, `mirror-a`, …"""

    name: str
    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    paused: bool = False
    """Stopped by the simulator rather than at a point of its own."""
    resting: bool = False
    """Not to be started again for now."""
    process: ForkServerProcess | None = None

    @property
    def role(self) -> str:
        return self.name.split("-")[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _points(self) -> Path:
        return self.folder / f"{self.name}.point"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    @property
    def stands_at_point(self) -> bool:
        """Whether it has stopped itself."""
        if self.paused or not self.alive:
            return False
        with suppress(psutil.NoSuchProcess):
            return bool(psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)
        return False

    @property
    def pid(self) -> int:
        assert self.process is not None
        assert self.process.pid is not None
        return self.process.pid

    def start(self) -> None:
        arguments = (self.role, {**self.environment, "HELPDESK_PORT": str(self.port)}, self.output, self._points)
        self._points.unlink(missing_ok=True)
        self.paused = False
        self.process = _forks.Process(target=run_forked, args=arguments, name=self.name)
        self.process.start()

    def arm(self, point: Point) -> None:
        point.write(self._points)

    def send(self, sign: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, sign)

    def pause(self) -> None:
        self.paused = True
        self.send(signal.SIGSTOP)

    def go_on(self) -> None:
        self.send(signal.SIGCONT)
        self.paused = False

    async def end(self, sign: signal.Signals = signal.SIGKILL, seconds: float = 20) -> int | None:
        """Send the signal and wait for the end; the exit code."""
        if self.process is None:
            return None
        self.send(sign)
        self.send(signal.SIGCONT)
        await asyncio.to_thread(self.process.join, seconds)
        if self.process.is_alive():
            self.process.kill()
            await asyncio.to_thread(self.process.join)
        return self.process.exitcode

    async def ready(self) -> bool:
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                return (await client.get(f"{self.url}/readyz")).is_success
        except httpx.HTTPError:
            return False
