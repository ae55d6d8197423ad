"""What the embedded servers have in common: one process on one folder, on the same port if it can be had."""

from abc import ABC, abstractmethod
from pathlib import Path

import psutil

from deploy.local import leftovers
from deploy.local.account import server_account
from deploy.local.child import Child, Program
from deploy.local.ports import is_free, remembered_port
from deploy.local.readiness import StartError, until_ready

_TRIES = 3


class Server(ABC):
    """Runs on `folder`, which holds all there is; start it again on the same folder after any kind of end.

    Without a `port` it takes a free one, and comes back to that one as long as it is free.
    """

    name: str
    ready_seconds: float

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder.resolve()
        self.account = server_account(self.folder)
        self._fixed_port = port
        self._port = port
        self._child = Child(self._program())

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def port(self) -> int:
        if self._port is None:
            raise RuntimeError(f"{self.name} has no port before it is started")
        return self._port

    async def start(self) -> None:
        """Start and wait until it is ready for work; one that is still on our folder is stopped first."""
        await self._prepare()
        await leftovers.end(self._is_ours, self._child.program.stop_signal)
        for tries_left in reversed(range(_TRIES)):
            try:
                await self._start_once()
            except StartError as error:
                await self._child.kill()
                # Whoever writes its log ends after it, and has the reason of the failure still to write.
                await leftovers.end(self._is_ours, self._child.program.stop_signal)
                if not tries_left or self._fixed_port or is_free(self.port):
                    raise StartError(f"{error}\n{self._last_words()}") from error
            else:
                return

    async def wait(self) -> int:
        """Wait for its end; answers the exit code, negative for a signal."""
        return await self._child.wait()

    async def stop(self) -> None:
        await self._child.stop()

    async def kill(self) -> None:
        """SIGKILL all of its processes: what a crash leaves, save that what was written reaches the disk."""
        await self._child.kill()

    async def _start_once(self) -> None:
        self._port = self._fixed_port or remembered_port(self.folder / "port", self.account)
        self._configure()
        await self._child.start()
        await until_ready(self._child, self._is_ready, self.ready_seconds)

    @abstractmethod
    def _program(self) -> Program: ...

    @abstractmethod
    async def _prepare(self) -> None:
        """Make what is missing in the folder."""

    @abstractmethod
    def _configure(self) -> None:
        """Write the configuration; no other process is on the folder now."""

    @abstractmethod
    async def _is_ready(self) -> bool: ...

    @abstractmethod
    def _is_ours(self, process: psutil.Process) -> bool:
        """Answer whether this process is our program at work on our folder."""

    @abstractmethod
    def _last_words(self) -> str:
        """Answer the ends of its logs, for people."""
