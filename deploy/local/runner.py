"""Runs the helpdesk on this machine until told to stop."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.child import Child, Program
from deploy.local.ports import LOOPBACK, is_free
from deploy.local.readiness import StartError
from deploy.local.service_process import ServiceProcess
from deploy.local.stack import SERVICES, Stack, stack_in
from deploy.local.supervisor import Part, Supervisor

_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@dataclass(frozen=True)
class Options:
    data: Path
    host: str = LOOPBACK
    port: int = 8080
    processes: bool = False
    servers_only: bool = False
    demo: bool = False

    def urls(self) -> dict[str, str]:
        """Answer service -> base URL. In processes of their own, the one with the console has the port asked for."""
        host = LOOPBACK if self.host in _ANY_ADDRESS else self.host
        in_order = reversed(SERVICES)
        return {
            name: f"http://{host}:{self.port + (index if self.processes else 0)}"
            for index, name in enumerate(in_order)
        }


async def run(options: Options) -> None:
    _cancel_on_signals()
    with stack_in(options.data.resolve()) as stack:
        async with _supervised() as supervisor:
            await _bring_up(options, stack, supervisor)
            await asyncio.Event().wait()


def _cancel_on_signals() -> None:
    """Make Ctrl-C and SIGTERM end the run in order; a second one changes nothing."""
    task = asyncio.current_task()
    assert task  # noqa: S101 - we are in a coroutine

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()

    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, cancel)


@asynccontextmanager
async def _supervised() -> AsyncIterator[Supervisor]:
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        print("\n· stopping")
        await supervisor.stop()


async def _bring_up(options: Options, stack: Stack, supervisor: Supervisor) -> None:
    for server in (stack.postgres, stack.nats):
        await _start(supervisor, server)
    await stack.create_databases()
    environment = stack.environment() | _service_environment(options)
    if options.servers_only:
        return _print_environment(environment)
    for part in _service_parts(options, environment):
        await _start(supervisor, part)
    _print_urls(options)
    if options.demo:
        await _seed(options, environment)
    return None


async def _start(supervisor: Supervisor, part: Part) -> None:
    print(f"· starting {part.name} … ", end="", flush=True)
    began = time.perf_counter()
    await supervisor.start(part)
    print(f"{time.perf_counter() - began:.1f} s")
