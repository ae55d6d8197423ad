"""A helpdesk of its own with the demo data, as `make run DEMO=1` starts it, and gone afterwards."""

import asyncio
import re
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.ports import free_port

OWNER = "sam.carter@provider.example"
_SIGN_IN = re.compile(r"sign in with the password (\S+) as")
_CLIENT = re.compile(r"^\s+(\S+@\S+)\s.*, a client \(")


@dataclass(frozen=True)
class Demonstration:
    """Its address, everybody's password, and a client who has written much."""

    url: str
    password: str
    client: str
    owner: str = OWNER


@asynccontextmanager
async def demonstration() -> AsyncIterator[Demonstration]:
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        command = ("-m", "deploy.local", "--demo", "--data", data, "--port", str(port))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE)
        try:
            password, client = await _loaded(process)
            yield Demonstration(f"http://127.0.0.1:{port}", password, client)
        finally:
            process.terminate()
            await process.wait()


async def _loaded(process: Process) -> tuple[str, str]:
    password = ""
    assert process.stdout is not None
    async for line in process.stdout:
        said = line.decode().rstrip()
        sys.stdout.write(f"{said}\n")
        if found := _SIGN_IN.search(said):
            password = found[1]
        if password and (found := _CLIENT.search(said)):
            return password, found[1]
    sys.exit("· it has not come up")
