"""`python -m services.query tombstones`: the tickets known to be deleted, as lines of JSON, for a restore of intake."""

import argparse
import asyncio
from collections.abc import Sequence

import asyncpg

from services.query.settings import Settings
from services.query.store.tickets import all_tombstones


def main(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser("python -m services.query tombstones", description=__doc__).parse_args(arguments)
    return asyncio.run(_show(Settings()))


async def _show(settings: Settings) -> int:
    async with asyncpg.create_pool(settings.database_dsn("query"), min_size=1, max_size=1) as pool:
        for line in await all_tombstones(pool):
            print(line)  # noqa: T201 - a command's answer
    return 0
