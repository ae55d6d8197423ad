"""A helpdesk of its own with the demo data, as `make run DEMO=1` starts it, and gone afterwards."""

import asyncio
import os
import re
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.infrastructure.ports import free_port

OWNER = "sam.carter@provider.example"
_SIGN_IN = re.compile(r"sign in with the password (\S+) as")
_CLIENT = re.compile(r"^\s+(\S+@\S+)\s.*, a client \(")


@dataclass(frozen=True)
class Demonstration:
    """Its address, everybody's password, a client who has written much, and where it takes mail in by LMTP."""

    url: str
    password: str
    client: str
    mail_port: int
    owner: str = OWNER


@asynccontextmanager
async def demonstration() -> AsyncIterator[Demonstration]:
    port, mail_port = free_port(), free_port()
    environment = os.environ | {"HELPDESK_MAIL_LISTEN_PORT": str(mail_port)}
    with tempfile.TemporaryDirectory() as data:
        command = ("-m", "deploy.local", "--demo", "--data", data, "--port", str(port))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE, env=environment)
        try:
            password, client = await _loaded(process)
            yield Demonstration(f"http://127.0.0.1:{port}", password, client, mail_port)
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
