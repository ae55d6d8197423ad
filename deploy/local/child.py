"""One child process: it dies with us, and Ctrl-C reaches it only through us, as it has its own session."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from deploy.local import launch
from deploy.local.account import Account, give

_PAUSE_SECONDS = 0.01


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    output: Path | None = None
    """Takes what it prints, from the beginning at each start; None prints to our own output."""
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 30.0


class Child:
    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: Process | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it, on the main thread: the kernel ties the child's life to the thread that made it."""
        output = self._open_output()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *_launcher(self.program),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.program.environment,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()

    async def wait(self) -> int:
        return await self._running().wait()

    async def stop(self) -> None:
        """Ask it to stop and wait; make it stop when it takes longer than its grace."""
        if not self.alive:
            return
        self.send(self.program.stop_signal)
        try:
            async with asyncio.timeout(self.program.grace_seconds):
                await self.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it and everything it has started at once, as a crash of the machine would."""
        if not self.alive:
            return
        descendants = _descendants(self.pid)
        self.send(signal.SIGKILL)
        for process in descendants:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        await self.wait()
        await gone(descendants)

    def send(self, sign: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._running().send_signal(sign)

    def _open_output(self) -> BinaryIO | None:
        if self.program.output is None:
            return None
        opened = self.program.output.open("wb")
        give(self.program.output, self.program.account)
        return opened

    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process


def _launcher(program: Program) -> list[str]:
    account = program.account or Account(-1, -1)
    before = (os.getpid(), account.uid, account.gid, int(program.stop_signal))
    return [sys.executable, "-I", "-S", launch.__file__, *map(str, before), *program.command]


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


async def gone(processes: Sequence[psutil.Process], seconds: float = 30.0) -> bool:
    """Wait until the processes, which need not be our children, have ended; answers whether they have."""
    for _ in range(round(seconds / _PAUSE_SECONDS)):
        if not any(map(_works, processes)):
            return True
        await asyncio.sleep(_PAUSE_SECONDS)
    return False


def _works(process: psutil.Process) -> bool:
    """Answer whether it still does something; one that merely was not reaped by its parent yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
