"""After an upgrade nothing is read from the tables of another version: it says so until the new ones are there."""

import asyncio

import pytest

from libs.events.rebuild import request_rebuild
from services.query.consumers import ReadModel
from tests.integration.query.query_world import PATIENCE_SECONDS, World, replica


@pytest.mark.parametrize(("by", "why"), [(-1, "rebuilt"), (1, "newer")])
async def test_tables_of_another_version_are_not_read_until_a_rebuild(world: World, by: int, why: str) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    # As another version has left them: a column that today's statements name is not there.
    await world.pool.execute("alter table tickets rename column tags to labels")
    await world.pool.execute("update generation set version = $1", ReadModel.version + by)
    await until_status(world, 503)
    for path in ("tickets", f"tickets/{ticket}", f"tickets/{ticket}/history", "live"):
        answer = await world.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert answer.json()["type"] == "urn:helpdesk:problem:unavailable"
    ready = await world.get("readyz")
    assert ready.status_code == 503
    assert why in ready.json()["checks"]["projection"]["reason"]
    assert (await world.get("parked")).status_code == 200, "operators are let in"

    async with replica(world) as other:
        assert (await other.get("/api/query/tickets", headers=world.staff())).status_code == 503
        await request_rebuild(world.pool, "as a consumer of this version does when it starts")
        await until_status(world, 200)
        assert (await world.get("readyz")).status_code == 200
    (row,) = (await world.found("tickets"))["items"]
    assert row["id"] == str(ticket)


async def until_status(world: World, status: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await world.get("readyz")).status_code != status:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)
