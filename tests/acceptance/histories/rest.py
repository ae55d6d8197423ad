"""Waiting until nothing follows any more from what was done."""

import asyncio

from tests.acceptance.histories.folded import PROJECTIONS, WRITERS
from tests.acceptance.stories.stage import Stage
from tests.infrastructure.databases import connected
from tests.infrastructure.servers import PostgresServer

PATIENCE_SECONDS = 120
LOOKS = 4
"""Times in a row that there is nothing more, a second after each other: by then sla has looked at what is due."""
_PENDING = {
    "sla": "select exists (select from rejudgements)",
    "routing": "select exists (select from rejudgements where state = 'running')",
    "intake": "select exists (select from erasures where done_at is null)",
}


async def at_rest(stage: Stage, server: PostgresServer) -> None:
    """Everybody has read all that there is, judged it, and adopted what was decided. The clock has to stand still."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        before, same = await _ends(server), 0
        while same < LOOKS:
            await asyncio.sleep(1)
            ends = await _ends(server)
            is_quiet = ends == before and _have_all_read(stage, ends) and not await _is_pending(server)
            before, same = ends, same + 1 if is_quiet else 0


async def _ends(server: PostgresServer) -> dict[str, int]:
    """Where each log ends."""
    ends = {}
    for service in WRITERS:
        async with connected(server.dsn(f"helpdesk_{service}")) as database:
            ends[service] = await database.fetchval("select coalesce(max(position), 0) from log")
    return ends


def _have_all_read(stage: Stage, ends: dict[str, int]) -> bool:
    for service in PROJECTIONS:
        cursors = stage.product.apps[service].state.backbone.own_consumer.applied.cursors
        if any(cursor.position < ends[source] for source, cursor in cursors.items()):
            return False
    return True


async def _is_pending(server: PostgresServer) -> bool:
    for service, question in _PENDING.items():
        async with connected(server.dsn(f"helpdesk_{service}")) as database:
            if await database.fetchval(question):
                return True
    return False
