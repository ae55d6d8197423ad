"""What a runner killed with SIGKILL has left running, to be ended before the same is started anew.

On Linux the kernel has told it to stop and it may just be busy with that; elsewhere it goes on serving.
"""

import signal
from collections.abc import Callable
from contextlib import suppress

import psutil

from deploy.local.child import gone

Recognise = Callable[[psutil.Process], bool]


async def end(is_ours: Recognise, sign: signal.Signals, seconds: float = 60.0) -> None:
    """Ask them to stop in order (`sign`), then end whatever is left."""
    _send(_running(is_ours), sign)
    await gone(_running(is_ours), seconds)
    _send(_running(is_ours), signal.SIGKILL)
    await gone(_running(is_ours), seconds)


def _running(is_ours: Recognise) -> list[psutil.Process]:
    """Answer the processes that are ours; those we may not look at are not."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if is_ours(process):
                found.append(process)
    return found


def _send(processes: list[psutil.Process], sign: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sign)
