"""Query's read model as a whole, to be compared with what a rebuild makes of the logs."""

import asyncio
import re

import asyncpg

from services.query.consumers import ReadModel
from tests.infrastructure.product import Somebody

# What viewers were told is of a build, and what is complete is heard; all else is folded from the logs.
TABLES = sorted(
    set(re.findall(r"^create table (\w+)", ReadModel.tables.read_text(), re.MULTILINE)) - {"changes", "completeness"}
)


async def dump(database: asyncpg.Connection) -> dict[str, str]:
    """Table of the read model -> a hash of its rows."""
    return {
        table: await database.fetchval(
            f"select coalesce(md5(string_agg(row::text, E'\\n' order by row::text)), '') from live.{table} as row"  # noqa: S608
        )
        for table in TABLES
    }


async def rebuild(database: asyncpg.Connection, admin: Somebody, service: str = "query") -> None:
    """Have it, or what another service keeps in its database, folded anew, and wait until that is what is read."""
    generation = (await admin.made(f"/api/{service}/projection/rebuild"))["generation"]
    while await database.fetchval("select id from live.generation") != generation:  # noqa: ASYNC110 - in another process
        await asyncio.sleep(0.1)
