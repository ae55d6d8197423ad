"""Late, repeated and rebuilt: what routing decides stays the same, and is decided once."""

import asyncio
from uuid import UUID, uuid4

import asyncpg

from libs.events.catalogue.accounts import AccountChanged, AccountCreated, Attitude
from libs.events.catalogue.intake import TicketAnswered, TicketDeleted
from libs.events.log import Change, Log, NewEvent
from tests.infrastructure.players import CAUSE
from tests.integration.routing.conftest import PATIENCE_SECONDS, Stage, World

ANSWERED = TicketAnswered(message_id=uuid4(), author_id=uuid4(), text="done")
BAD = AccountChanged(name="Acme", attitude=Attitude.BAD)


async def work(world: World) -> list[UUID]:
    """An ordinary day: rules, an account that turns bad, tickets that wait, are answered, and are deleted."""
    await world.rule("Always", 1)
    await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
    category = await world.category()
    await world.register()
    tickets = [await world.open_ticket(category) for _ in range(4)]
    await world.intake.tell(tickets[1], ANSWERED)
    await world.consumed()
    await world.accounts.tell(world.account, BAD)
    await world.intake.tell(tickets[2], ANSWERED)
    await world.intake.tell(tickets[3], TicketDeleted(number=1))
    await world.consumed()
    return tickets


async def own_log(world: World) -> list[asyncpg.Record]:
    return await world.pool.fetch("select id, entity, type from log order by position")


async def projection(world: World) -> list[list[asyncpg.Record]]:
    tables = ("tickets", "ticket_words", "account_versions", "named", "hours", "calendars")
    return [await world.pool.fetch(f"select * from {table} t order by t::text") for table in tables]  # noqa: S608 - our own


async def test_tickets_are_weighed_again_when_the_news_of_their_account_come_late(stage: Stage) -> None:
    async with stage.routing() as world:
        await world.populate()
        await world.rule("Good customers", 3, {"attitudes": ["good"]})
        await world.rule("Bad customers", -5, {"attitudes": ["bad"]})
        category = await world.category()
        await stage.cast.stop("accounts")
        pool = await asyncpg.create_pool(stage.settings.database_dsn("accounts"), min_size=1, max_size=1)
        async with pool:
            accounts = Log("accounts", pool)
            good = AccountCreated(name="Acme", attitude=Attitude.GOOD)
            created = Change(world.account, "account", 0, [NewEvent(good)], b"{}")
            await accounts.append([created], CAUSE, await accounts.now())
            answered, waiting = await world.open_ticket(category), await world.open_ticket(category)
            await world.intake.tell(answered, ANSWERED)
            changed = Change(world.account, "account", 1, [NewEvent(BAD)], b"{}")
            position = await accounts.append([changed], CAUSE, await accounts.now())
        await world.has_read("intake", await world.intake.log.pool.fetchval("select max(position) from log"))
        assert await world.pool.fetchval("select count(*) from log where type = 'ticket.weighed.v1'") == 2
        await stage.cast.start("accounts")
        await world.has_read("accounts", position)
        assert await world.points(answered) == [0, 3]
        assert (await world.points(waiting))[-1] == -5


async def test_a_restart_decides_nothing_again_and_goes_on(stage: Stage) -> None:
    async with stage.routing() as world:
        await world.populate()
        tickets = await work(world)
        before = await own_log(world)
        categories = await world.pool.fetch("select id from entities where kind = 'category'")
    async with stage.routing() as again:
        again.account = world.account
        await again.consumed()
        assert await own_log(again) == before
        late = await again.open_ticket(categories[0]["id"])
        assert await again.points(late) == [-4]
        assert [await again.points(ticket) for ticket in tickets[:3]] == [[1, -4], [1], [1, -4]]


async def test_events_delivered_once_more_decide_nothing(stage: Stage) -> None:
    async with stage.routing() as world:
        await world.populate()
        await work(world)
        before, told = await projection(world), await own_log(world)
    connection = await asyncpg.connect(stage.settings.database_dsn("routing"))
    await connection.execute("update live.checkpoints set epoch = '', position = 0, event_id = null, sequence = 0")
    await connection.close()
    async with stage.routing() as again:
        await again.consumed()
        assert await projection(again) == before
        assert await own_log(again) == told


async def test_a_rebuilt_projection_is_the_same_and_decides_nothing(world: World) -> None:
    await work(world)
    before, told = await projection(world), await own_log(world)
    answer = await world.http.post("projection/rebuild", headers=world.staff())
    applied = world.app.state.backbone.consumer.applied
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (changed := applied.changed) and applied.generation < answer.json()["generation"]:
            await changed.wait()
    assert await projection(world) == before
    assert await own_log(world) == told


async def test_two_routings_at_once_decide_once(stage: Stage) -> None:
    async with stage.routing() as world, stage.routing():
        await world.populate()
        tickets = await work(world)
        assert [await world.points(ticket) for ticket in tickets[:3]] == [[1, -4], [1], [1, -4]]
