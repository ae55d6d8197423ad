"""Loading the demo data as `make run DEMO=1` does: by a process that has nothing but the HTTP API."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path

from deploy.local.stack import SERVICES
from tests.infrastructure.product import ADMINISTRATOR, SYSTEM_KEY, Product, Somebody

ROOT = Path(__file__).parents[3]


async def load(product: Product) -> str:
    """Run the program to its end; answers what it says."""
    demo = await _started(product)
    said = (await demo.communicate())[0].decode()
    assert demo.returncode == 0, said
    return said


async def load_half(product: Product, admin: Somebody, tickets: int) -> None:
    """Kill the program when so many tickets can be seen."""
    demo = await _started(product)
    seen = 0
    while seen < tickets:
        assert demo.returncode is None, (await demo.communicate())[0].decode()
        await asyncio.sleep(0.2)
        shown = await admin.get("/api/query/tickets", state="all", limit=200)
        seen = len(shown.json()["items"]) if shown.is_success else 0
    demo.kill()
    await demo.communicate()


async def _started(product: Product) -> Process:
    settings = {f"HELPDESK_{name.upper()}_URL": product.url for name in SERVICES}
    settings["HELPDESK_SYSTEM_KEY"] = SYSTEM_KEY
    settings |= {f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}": value for name, value in ADMINISTRATOR.items()}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.demo"), env={**os.environ, **settings}, cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
