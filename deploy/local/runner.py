"""Runs the helpdesk on this machine until told to stop."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from deploy.local.administrator import FirstAdministrator
from deploy.local.child import Child, Program
from deploy.local.front import front
from deploy.local.options import Options
from deploy.local.ports import is_free
from deploy.local.readiness import StartError
from deploy.local.service_process import ServiceProcess
from deploy.local.stack import Stack, stack_in
from deploy.local.supervisor import Part, Supervisor


async def run(options: Options) -> None:
    _cancel_on_signals()
    _check_ports(options)
    with stack_in(options.data.resolve()) as stack:
        async with _supervisor() as supervisor:
            await _bring_up(options, stack, supervisor)
            await asyncio.Event().wait()


def _check_ports(options: Options) -> None:
    """Look before anything is started."""
    for port in sorted({options.port, *options.ports().values()}):
        if not (options.servers_only or is_free(port, options.host)):
            raise StartError(f"port {port} of {options.host} is taken; choose another one with --port")


def _cancel_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end the run in order; a second one does not cut the ending short."""
    task = asyncio.current_task()

    def cancel() -> None:
        if task and not task.cancelling():
            task.cancel()

    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, cancel)


@asynccontextmanager
async def _supervisor() -> AsyncIterator[Supervisor]:
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        print("\n· stopping")
        await supervisor.stop()


async def _bring_up(options: Options, stack: Stack, supervisor: Supervisor) -> None:
    for server in (stack.postgres, stack.nats):
        await _start([server], supervisor)
    await stack.create_databases()
    administrator = FirstAdministrator.of(options.data)
    environment = stack.environment() | _addresses(options) | administrator.environment()
    if options.servers_only:
        _print_exports(environment)
        return
    os.environ.update(environment)
    if options.processes:
        # Before the services, and so to the end: streams through it end when those end that tell them.
        await _start([front(options.url, options.urls())], supervisor)
    await _start(_parts(options, environment), supervisor)
    administrator.introduce()
    _print_urls(options)
    if options.demo:
        await _fill_with_demo_data(environment)


async def _start(parts: Sequence[Part], supervisor: Supervisor) -> None:
    """Start them side by side."""
    print(f"· starting {', '.join(part.name for part in parts)} … ", end="", flush=True)
    began = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as starting:
            for part in parts:
                starting.create_task(supervisor.start(part))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    print(f"{time.perf_counter() - began:.1f} s", flush=True)


def _addresses(options: Options) -> dict[str, str]:
    urls = {f"HELPDESK_{name.upper()}_URL": url for name, url in options.urls().items()}
    log_format = "console" if sys.stderr.isatty() else "json"
    return {
        "HELPDESK_HOST": options.host,
        "HELPDESK_PORT": str(options.port),
        "HELPDESK_LOG_FORMAT": os.environ.get("HELPDESK_LOG_FORMAT", log_format),
        # On a terminal, what goes well is said by the runner.
        "HELPDESK_LOG_LEVEL": os.environ.get("HELPDESK_LOG_LEVEL", "warning"),
        # What is served here is plain HTTP; behind a proxy that encrypts, say true.
        "HELPDESK_SECURE_COOKIES": os.environ.get("HELPDESK_SECURE_COOKIES", "false"),
        **urls,
    }


def _parts(options: Options, environment: Mapping[str, str]) -> Sequence[Part]:
    if not options.processes:
        from deploy.local.all_in_one import all_in_one  # noqa: PLC0415 - the other modes load no service

        return [all_in_one(options.url)]
    ports = options.ports()
    return [
        ServiceProcess(name, url=url, data=options.data, environment={**environment, "HELPDESK_PORT": str(ports[name])})
        for name, url in options.urls().items()
    ]


def _print_exports(environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        print(f"export {name}='{value}'")
    print("· ready", flush=True)


def _print_urls(options: Options) -> None:
    print(f"· ready: {options.url} is where people work")
    for name, url in options.urls().items():
        print(f"  {name:9} {url}/api/{name}/docs")
    print(f"  Other systems read events from NATS, see {options.data}/nats/. Ctrl-C stops everything.", flush=True)


async def _fill_with_demo_data(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "deploy.demo"]
    demo = Child(Program("demo data", command, environment={**os.environ, **environment}))
    await demo.start()
    if await demo.wait():
        print("· the demo data could not be loaded, see above", flush=True)
