"""The README's first five minutes work as printed."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from tests.infrastructure.product import ADMINISTRATOR, Product

README = Path("README.md").read_text()


@pytest.mark.timeout(600)
async def test_the_first_five_minutes_work_as_printed(product: Product) -> None:
    printed = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert printed is not None
    environment = {**os.environ, "HELPDESK": product.url, "PASSWORD": ADMINISTRATOR["password"]}
    process = await asyncio.create_subprocess_exec(
        "bash",
        *("-eu", "-o", "pipefail", "-c", printed[1]),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert '"weight": 10' in said.decode()
    assert "X-Queue-Delay: 7982" in said.decode()
    assert "Dear Jane, we" in said.decode()
    assert "Fixed, please try." in said.decode()
    assert '"on_behalf_of": "user:' in said.decode()
    assert "urn:helpdesk:problem" not in said.decode()
