"""Children of the local runner: restarted when they die, stopped in order, never orphaned."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local.child import Child, Program, gone
from deploy.local.supervisor import Supervisor

ROOT = Path(__file__).parents[3]

PARENT = """
import asyncio
from deploy.local.child import Child, Program

async def main():
    child = Child(Program("sleeper", ["/bin/sleep", "1000"]))
    await child.start()
    print(child.pid, flush=True)
    await child.wait()

asyncio.run(main())
"""

STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
signal.pause()
"""


class Reports:
    """What a supervisor says, to be waited for."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[str] = asyncio.Queue()

    def __call__(self, line: str) -> None:
        self._said.put_nowait(line)

    async def until(self, words: str) -> None:
        async with asyncio.timeout(20):
            while words not in await self._said.get():
                pass


class Part:
    """A part that fails to start as often as it is told to, and notes what is done to it."""

    def __init__(self, name: str, notes: list[str], failures: int = 0) -> None:
        self.name = name
        self.died = asyncio.Event()
        self._notes = notes
        self._failures = failures

    async def start(self) -> None:
        self.died.clear()
        self._notes.append(f"start {self.name}")
        if len(self._notes) > 1 and self._failures:
            self._failures -= 1
            raise OSError("not yet")

    async def wait(self) -> int:
        await self.died.wait()
        return 1

    async def stop(self) -> None:
        self._notes.append(f"stop {self.name}")


class Stuck(Part):
    async def stop(self) -> None:
        raise RuntimeError("stuck")


def sleeper() -> Child:
    return Child(Program("sleeper", ["/bin/sleep", "1000"]))


async def test_a_dead_child_is_started_again() -> None:
    reports, child = Reports(), sleeper()
    supervisor = Supervisor(report=reports, delays=lambda: [0.0])
    await supervisor.start(child)
    first = child.pid
    os.kill(first, signal.SIGKILL)
    await reports.until("sleeper ended with code -9")
    await reports.until("sleeper runs again")
    assert child.pid != first
    await supervisor.stop()
    assert not psutil.pid_exists(child.pid)


async def test_a_part_that_does_not_start_again_is_tried_again() -> None:
    reports, notes = Reports(), list[str]()
    part = Part("part", notes, failures=2)
    supervisor = Supervisor(report=reports, delays=lambda: [0.0] * 3)
    await supervisor.start(part)
    part.died.set()
    await reports.until("part runs again")
    assert notes.count("start part") == 4
    await supervisor.stop()


async def test_parts_stop_in_the_reverse_of_the_order_they_started_in() -> None:
    notes = list[str]()
    supervisor = Supervisor(report=Reports())
    for name in ("database", "transport", "services"):
        await supervisor.start(Part(name, notes))
    await supervisor.stop()
    assert notes[3:] == ["stop services", "stop transport", "stop database"]


async def test_a_part_that_does_not_stop_does_not_keep_the_others_from_it() -> None:
    notes, reports = list[str](), Reports()
    supervisor = Supervisor(report=reports)
    await supervisor.start(Part("database", notes))
    await supervisor.start(Stuck("services", notes))
    await supervisor.stop()
    await reports.until("services does not stop")
    assert notes[-1] == "stop database"


async def test_a_part_that_does_not_start_at_first_is_an_error_and_leaves_nothing() -> None:
    notes = ["something before"]
    with pytest.raises(OSError, match="not yet"):
        await Supervisor(report=Reports()).start(Part("part", notes, failures=1))
    assert notes[-1] == "stop part"


async def test_a_child_deaf_to_its_stop_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    output = tmp_path / "output"
    child = Child(Program("deaf", [sys.executable, "-c", STUBBORN], output=output, grace_seconds=0.1))
    await child.start()
    async with asyncio.timeout(20):
        while "deaf" not in output.read_text():  # noqa: ASYNC110 - it has no other way to tell us
            await asyncio.sleep(0.01)
    await child.stop()
    assert await child.wait() == -signal.SIGKILL


async def test_ctrl_c_in_the_terminal_does_not_reach_children_by_itself() -> None:
    child = sleeper()
    await child.start()
    assert os.getpgid(child.pid) != os.getpgid(0)
    await child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere left-overs are ended at the next start")
async def test_sigkill_of_the_parent_leaves_no_orphan() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.communicate()
    assert await gone([child])
