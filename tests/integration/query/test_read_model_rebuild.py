"""A rebuild from the logs comes to the rows that were there live."""

import asyncio

from bench.ticket_stories import Stories
from libs.events.projection import LIVE, generation
from libs.events.rebuild import request_rebuild
from tests.integration.query.query_builders import contents
from tests.integration.query.query_world import PATIENCE_SECONDS, World


async def rebuilt(world: World) -> None:
    wanted = await request_rebuild(world.pool, "test")
    applied = world.app.state.backbone.consumer.applied
    async with asyncio.timeout(PATIENCE_SECONDS):
        while applied.generation != wanted:
            await applied.changed.wait()
    async with world.pool.acquire() as connection:
        found = await generation(connection, LIVE)
    assert found is not None
    assert found.id == wanted


async def test_rebuild_equals_live(world: World) -> None:
    await world.retell(Stories(tickets=40, customers=5, seed=11, deleted_share=0.2).logs())
    await world.caught_up()
    live = await contents(world.pool)
    assert all(live.values())
    listed = await world.found("tickets", state="all", sort="id")

    await rebuilt(world)
    assert await contents(world.pool) == live
    again = await world.found("tickets", state="all", sort="id")
    assert [row["id"] for row in again["items"]] == [row["id"] for row in listed["items"]]
