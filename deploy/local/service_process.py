"""One service in a process of its own."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from deploy.local import leftovers
from deploy.local.child import Child, Program
from deploy.local.http_ready import answers
from deploy.local.readiness import until_ready

_READY_SECONDS = 60.0
_MARK = "HELPDESK_LOCAL_DATA"


class ServiceProcess:
    def __init__(self, service: str, *, url: str, data: Path, environment: Mapping[str, str]) -> None:
        self.name = service
        self.url = url
        self._mark = f"{data}:{service}"
        self._child = Child(
            Program(
                service,
                [sys.executable, "-m", f"services.{service}"],
                environment={**os.environ, **environment, _MARK: self._mark},
            )
        )

    async def start(self) -> None:
        """Start and wait until it answers; one that a dead runner left is stopped first."""
        await leftovers.end(self._is_ours, signal.SIGTERM)
        await self._child.start()
        await until_ready(self._child, lambda: answers(f"{self.url}/healthz"), _READY_SECONDS)

    async def wait(self) -> int:
        return await self._child.wait()

    async def stop(self) -> None:
        await self._child.stop()

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.environ().get(_MARK) == self._mark
