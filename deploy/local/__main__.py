import asyncio
import sys
from contextlib import suppress

import uvloop

from deploy.local.options import parse
from deploy.local.readiness import StartError
from deploy.local.runner import run
from deploy.local.stack import AlreadyRunningError

if __name__ == "__main__":
    try:
        with suppress(asyncio.CancelledError):
            uvloop.run(run(parse()))
    except (StartError, AlreadyRunningError, OSError, RuntimeError) as error:
        sys.exit(f"· {error}")
